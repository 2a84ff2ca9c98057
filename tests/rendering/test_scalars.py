from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from chores_infra.rendering.scalars import is_plain, literal_block, one_line, quoted


def test_a_string_that_looks_like_something_else_is_quoted(lookalikes: Sequence[str]) -> None:
    assert [text for text in lookalikes if is_plain(text)] == []
    assert len(set(lookalikes)) == len(lookalikes) > 71


@pytest.mark.parametrize("text", ["yes", "0o17", "1e3", ".INF", "~", "<<", "2001-01-01", "1_0"])
def test_case_does_not_matter_for_looking_like_something_else(text: str) -> None:
    assert not is_plain(text.upper())
    assert not is_plain(text.title())


@pytest.mark.parametrize(
    "text",
    [
        "chores-tracker",
        "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0",
        "https://github.com/arigsela/kubernetes",
        "Host(`chores.arigsela.com`)",
        "/api/v1/healthcheck",
        "CreateNamespace=true",
        "mysql.sql.crossplane.io/v1alpha1",
        "app.kubernetes.io/name",
        "v3.1.0",
        "3.1.0",
        "10.0.0.1",
        "256Mi",
        "200m",
        "1h",
        "-v",
        "--verbose",
        "a#b",
        "a:b",
        "$(VAR)",
        "$HOME",
        "\\d+",
        "^[a-z]$",
        "~/.ssh",
        "=x",
        "<none>",
        ";",
        "(a)",
        "yesterday",
        "nullable",
        "0.0.0.0/0",
        'it\'s "quoted" inside',
        "naïve",
        "ärger",
        "日本語",
        "a 🎉 party",
    ],
)
def test_what_can_only_be_itself_stays_plain(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("no", '"no"'),
        ('say "hi"', 'say "hi"'),
        ('"hi"', '"\\"hi\\""'),
        ("a\\b: c", '"a\\\\b: c"'),
        ("a\tb", '"a\\tb"'),
        ("a\nb", '"a\\nb"'),
        ("\x00\x1b\x7f\x85\xa0", '"\\u0000\\u001b\\u007f\\u0085\\u00a0"'),
        ("\u2028\ufeff\ufffe", '"\\u2028\\ufeff\\ufffe"'),
        ("\U000e0041", '"\\U000e0041"'),
        ("🎉", '"🎉"'),
        ("½", '"½"'),
    ],
)
def test_one_line(text: str, written: str) -> None:
    assert one_line(text) == written


def test_no_character_is_written_raw_that_a_person_cannot_see_or_a_parser_refuses() -> None:
    invisible = [
        *range(0x20),
        *range(0x7F, 0xA1),
        *(
            0xAD,
            0x61C,
            0x180E,
            *range(0x2000, 0x2010),
            *range(0x2028, 0x2030),
            0x205F,
            *range(0x2060, 0x2070),
        ),
        *(0x3000, 0xFEFF, 0xFFFE, 0xFFFF, 0xE0001, 0xE007F),
    ]
    for code in invisible:
        assert chr(code) not in one_line(f"a{chr(code)}b")


def test_a_first_character_beyond_ascii_is_plain_only_if_it_is_a_letter() -> None:
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        if not 0xD800 <= code <= 0xDFFF and is_plain(character):
            assert character.isalpha()
            assert character.isprintable()


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+D800"):
        quoted("a\ud800")
    with pytest.raises(ValueError, match=r"U\+DFFF"):
        one_line("\udfff")


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a\nb\n", "|\n  a\n  b"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\n", "|+\n  a\n"),
        ("a\n\n\nb\n", "|\n  a\n\n\n  b"),
        (" a\nb\n", "|2\n   a\n  b"),
        ("\na\n", "|2\n\n  a"),
        ("a\n  \nb", "|-\n  a\n    \n  b"),
        ("# no comment\n---\n", "|\n  # no comment\n  ---"),
    ],
)
def test_a_text_of_several_lines_is_a_block(text: str, block: str) -> None:
    assert literal_block(text, "  ") == block


@pytest.mark.parametrize("text", ["\n", "\n\n", " \n ", "a\tb\nc\n", "a\r\nb\n", "a\u2028b\n", "a\n\ufeff"])
def test_a_text_that_a_block_would_not_carry_is_none(text: str) -> None:
    assert literal_block(text, "  ") is None


@pytest.mark.parametrize("end", ["", "z", ".", " ", ":", "\u2028"])
@pytest.mark.parametrize(
    "piece", ["a", "f", "1_", "0", ".", "1:30:", "1e", "-", "a: ", " #", "2001-01-01 ", "\\"]
)
def test_a_megabyte_is_no_trap(piece: str, end: str) -> None:
    text = "0" + piece * (1_000_000 // len(piece)) + end
    assert len(one_line(text)) >= len(text)
