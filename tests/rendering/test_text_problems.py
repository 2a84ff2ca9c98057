from __future__ import annotations

import pytest

from chores_infra.rendering.reader import read_source


@pytest.mark.parametrize(
    ("data", "rule", "line", "column", "breaks"),
    [
        (b"a: 1\n---\nb: [1\n", "syntax", 3, 5, True),
        (b"a:\n\tb: 1\n", "tab", 2, 1, True),
        (b"a:\n  - x\n\t- y\n", "tab", 3, 1, True),
        (b"a: {b: [1]: 2}\n", "syntax", 1, 11, True),
        (b"a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> theirs\n", "conflict-marker", 2, 1, True),
        (b"--- {a: 1}\n", "document-separator", 1, 5, True),
        (b"a: 1\n---#x\nb: 2\n", "document-separator", 2, 4, True),
        (b"%YAML 1.2\n---\na: 1\n", "directive", 1, 1, True),
        (b"a: 1\n...\nb: 2\n", "unread-document", 3, 1, True),
        (b"[a]\nb: 2\n", "unread-document", 2, 1, True),
        (b"\xef\xbb\xbfa: 1\n", "byte-order-mark", 1, 1, False),
        ("\ufeffa: é\n".encode("utf-16-le"), "encoding", 1, 1, False),
        ("\ufeffa: é\n".encode("utf-16-be"), "encoding", 1, 1, False),
        (b"a: 1\nb: \xff\n", "encoding", 2, 4, True),
        (b"a: 1\nb: \x00\n", "encoding", 2, 4, True),
        ("a: é\nb: é\x01\n".encode(), "encoding", 2, 5, True),
        (b"a: 1\r\nb: 2\r\n", "line-ends", 1, 5, False),
        (b"a: 1\nb: 2", "final-newline", 2, 4, False),
        (b"a: [.nan]\n", "value", 1, 5, True),
        (b"? [a]\n: b\n", "value", 1, 3, True),
    ],
)
def test_a_problem_stands_where_it_is(data: bytes, rule: str, line: int, column: int, breaks: bool) -> None:
    (problem,) = read_source(data, "x.yaml").problems
    assert (problem.rule, problem.line, problem.column, problem.breaks) == (rule, line, column, breaks)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing\n",
        "---\na: 1\n",
        "--- # first\na: 1\n---   \nb: 2\n",
        "a: 1\n...\n",
        "a: 1\n...\n---\nb: 2\n...\n# end\n",
        "a: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> x\n",
        "a: |\n  ---\n  --- {}\n  \tx\n  %YAML 1.2\n",
        "a:\tb\n",
        "# <<<<<<< a\n# %YAML\na: 1\n",
    ],
)
def test_nothing_is_wrong_with_these(text: str) -> None:
    assert read_source(text.encode(), "x.yaml").problems == ()


def test_a_broken_document_hides_no_other() -> None:
    reading = read_source(b"a: 1\n---\nb: 'x\n---\nc: 3\n---\nd: [\n---\n? {}\n---\ne: 5\n", "x.yaml")
    assert [(document.line, document.value) for document in reading.documents] == [
        (1, {"a": 1}),
        (4, {"c": 3}),
        (10, {"e": 5}),
    ]
    assert [(problem.line, problem.rule) for problem in reading.problems] == [
        (3, "syntax"),
        (7, "syntax"),
        (9, "value"),
    ]


def test_bytes_that_are_no_utf_8_break_only_their_document() -> None:
    reading = read_source(b"a: 1\n---\nb: \xe9t\xe9\n---\nc: 3\n")
    assert [document.value for document in reading.documents] == [{"a": 1}, {"c": 3}]
    assert [str(problem) for problem in reading.problems] == [
        ":3:4: the byte 0xe9 is no UTF-8; save the file as UTF-8"
    ]
    assert reading.source.line_text(3) == "b: \ufffdt\ufffd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n b: 2\n", "put a value that holds ': ' in quotes"),
        ("a:\n  b: 1\n c: 2\n", "expected a key at the indentation of the others"),
        ("a: [1\nb: 2\n", "expected a comma or the bracket that closes the list"),
        ("a: {b: 1\nc: 2\n", "expected a comma or the brace that closes the mapping"),
        ("a: 'x\nb: 1\n", "the quoted text that begins here is never closed; add the quote"),
        ("a: @x\n", "put a value that begins with it in quotes"),
        ('a: "\\d"\n', "write \\\\ for a backslash"),
        ("a: 1\nb\nc: 2\n", "expected a colon and a space after the key"),
        ("a: !x!y z\n", "put a value that begins with '!' in quotes"),
    ],
)
def test_a_syntax_error_says_what_was_expected(text: str, expected: str) -> None:
    (problem,) = read_source(text, "x.yaml").problems
    assert expected in problem.message


def test_lines_are_shown_without_their_ends() -> None:
    source = read_source("a: 1\r\nb: 2\rc: 3").source
    assert [source.line_text(line) for line in range(5)] == ["", "a: 1", "b: 2", "c: 3", ""]


def test_a_quote_that_is_never_closed_is_told_where_it_opens() -> None:
    (problem,) = read_source(b"a: 1\nb: 'x\nc: 2\nd: 3\n", "x.yaml").problems

    assert (problem.line, problem.column) == (2, 4)
