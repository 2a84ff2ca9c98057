"""Kubernetes' own reader (sigs.k8s.io/yaml) against what we write and what we read.

Regenerate nothing here: the values are made from a seed, and Go is asked each time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chores_infra.errors import YamlError
from chores_infra.rendering.reader import read, read_source
from chores_infra.rendering.yaml_text import dump

Oracle = Callable[[Sequence[str]], list[Any]]

_PIECES = (
    *"0123456789abcdefghinosuxyzBEINTYZ_+-.:~=<>#?!&*|%@`'\"\\/,[]{}()$^; \n\t",
    *(
        "0x",
        "0o",
        "0b",
        "1e",
        ": ",
        " #",
        "- ",
        "---",
        "...",
        ".inf",
        ".nan",
        "true",
        "null",
        "yes",
        "off",
        "<<",
    ),
    *("\x00", "\x1b", "\x85", "\xa0", "\u2028", "\ufeff", "\u200d", "\ufffd", "é", "日", "🎉", "\n\n", "  "),
)
_STRUCTURE = (
    "a: ",
    "b: ",
    "- ",
    "\n",
    "\n  ",
    "\n- ",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "{a: ",
    "}",
    "]",
    '"',
    "!!int ",
)
_NUMBERLIKE = "0123456789_+-.:eExXoObBaAfFTZt "


def text(random: random.Random) -> str:
    """A string, more often than not one that looks like something else."""
    if random.random() < 0.4:
        return "".join(random.choices(_NUMBERLIKE, k=random.randint(1, 10)))
    return "".join(random.choices(_PIECES, k=random.randint(0, 8)))


def scalar(random: random.Random) -> Any:
    """Any value that is no container."""
    kind = random.randrange(10)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.choice([random.getrandbits(63), -random.getrandbits(63), random.randint(-100, 100)])
    if kind == 2:
        return random.choice(
            [random.random(), random.uniform(-1e20, 1e20), 10.0 ** random.randint(-300, 300)]
        )
    return text(random)


def tree(random: random.Random, depth: int = 4) -> Any:
    """Mappings and sequences down to `depth`."""
    kind = random.random()
    if depth == 0 or kind < 0.3:
        return scalar(random)
    if kind < 0.65:
        return [tree(random, depth - 1) for _ in range(random.randrange(4))]
    return {text(random): tree(random, depth - 1) for _ in range(random.randrange(5))}


def agree(ours: Any, theirs: Any) -> bool:
    """Whether a value of ours is what came through Go's JSON, where 8080.0 and 8080 are one number."""
    if isinstance(ours, dict):
        return (
            isinstance(theirs, dict)
            and ours.keys() == theirs.keys()
            and all(agree(value, theirs[key]) for key, value in ours.items())
        )
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, float):
        # Go writes 4.9e+18 as 4900000000000000000.
        return type(theirs) in (int, float) and float(theirs) == ours
    return type(ours) is type(theirs) and bool(ours == theirs)


class TestWriting:
    """Kubernetes reads what was meant."""

    def test_twenty_thousand_values_keys_and_trees(self, kubernetes_reads: Oracle) -> None:
        seeded = random.Random(20250627)
        manifests: list[dict[str, Any]] = []
        for _ in range(8_000):
            manifests.append({"value": scalar(seeded), "last": 1})
            manifests.append({text(seeded): scalar(seeded), "list": [scalar(seeded), [scalar(seeded)]]})
        for _ in range(4_000):
            manifests.append({"tree": tree(seeded), text(seeded): tree(seeded), "k" * 1030: tree(seeded, 2)})
        self._agree(kubernetes_reads, manifests)

    def test_every_lookalike(self, kubernetes_reads: Oracle, lookalikes: Sequence[str]) -> None:
        self._agree(
            kubernetes_reads, [{"value": text, text: text, "list": [text, {text: 1}]} for text in lookalikes]
        )

    @staticmethod
    def _agree(kubernetes_reads: Oracle, manifests: list[dict[str, Any]]) -> None:
        texts = [dump(manifest) for manifest in manifests]
        for manifest, written, answer in zip(manifests, texts, kubernetes_reads(texts), strict=True):
            assert agree(manifest, answer.get("json", answer)), (written, answer)
            (document,) = read(written)
            assert agree(document.value, answer.get("json")), (written, answer)


ODDITIES = (
    # explicit tags, and the tag that says nothing
    *(
        "!!str 123",
        "!!int '5'",
        "!!int 5.0",
        "!!float 5",
        "!!float 0x1F",
        "!!bool yes",
        "!!bool maybe",
        "!!null ''",
    ),
    *(
        "!!null x",
        "!!str",
        "!!str ~",
        "! 12",
        "! '12'",
        "!custom 5",
        "!!binary aGk=",
        "!!binary '*'",
        "!!set {a}",
    ),
    *("!!float 18446744073709551615", "!!seq [1]", "!!map {a: 1}", "!!int 2001-01-01", "!custom {a: 1}"),
    # quoted and folded
    *(
        "'it''s'",
        '"\\x41\\u00e9\\U0001F389\\e"',
        '"a\\\n  b"',
        '"a\n\n  b"',
        "'a\n  b'",
        "a\n  b\n\n  c",
        '"\\/"',
    ),
    *(
        "|\n  a\n  b\n",
        "|+\n  a\n\n",
        "|-\n  a\n",
        ">\n  a\n  b\n\n  c\n",
        ">-\n  a\n   b\n  c",
        "|2\n    a\n",
        "|1-\n  a",
    ),
    *("|\n\n\n  a", "|\n  a\n # no\n  b", "|\n  a # in\n# out", "|  # head\n  a"),
    # flow
    *(
        "[1, 2, ]",
        "{a: 1, b}",
        "[a: 1, b: 2]",
        "{a: [}",
        "{'a':1}",
        '{"a":1}',
        "[,]",
        "{? a : 1}",
        "{a, b: }",
        "[]: 1",
    ),
    *("[y, n, ~, 0o7]", "{y: 1, 1.50: 2}", "[[[]]]", "{a: {b: {c: }}}"),
    # anchors, aliases, merges
    *(
        "&a x",
        "[&a 1, *a]",
        "[&a {b: 1}, {<<: *a, c: 2}]",
        "[&a {b: 1}, {b: 2, <<: *a}]",
        "[&a {b: 1}, {<<: *a, b: 2}]",
    ),
    *(
        "[&a {b: 1}, &c {b: 2, d: 3}, {<<: [*a, *c]}]",
        "{<<: {a: 1}, b: 2}",
        "{<<: 1}",
        "{<<: [1]}",
        "{'<<': 1}",
    ),
    *(
        "[&a [{b: 1}], {<<: *a}]",
        "{<<: [{a: 1}, {a: 2}]}",
        "{!!merge <<: {a: 1}}",
        "*a",
        "&a [*a]",
        "{&a a: 1, b: *a}",
    ),
    *(
        "[&a 1, &a 2, *a]",
        "&a [&a 1, *a]",
        "{*a : 1}",
        "[&a x, {*a : 1}]",
        "{<<: ~}",
        "{<<: {}}",
        "<<",
        "[<<]",
    ),
    # keys
    *(
        "{1: a}",
        "{1.5: a}",
        "{1e6: a}",
        "{0.1: a}",
        "{1e-7: a}",
        "{16777217.0: a}",
        "{true: a}",
        "{~: a}",
        "{: a}",
    ),
    *(
        "{0x10: a}",
        "{2001-01-01: a}",
        "{18446744073709551615: a}",
        "{1e300: a}",
        "{-0.0: a}",
        "{.inf: a}",
        "{[a]: b}",
    ),
    *(
        "{{a: 1}: b}",
        "? [a]\n: b",
        "? a\n: b",
        "? a",
        "? |\n  a\n: b",
        "{1: a, '1': a}",
        "{123456.789: a}",
        "{1.0: a}",
    ),
    # the same key twice
    *("{a: 1, a: 2}", "a: 1\na: 2", "{a: {b: 1}, a: {c: 2}}"),
    # broken
    *(
        "a: b: c",
        "a:\n\tb: 1",
        "- a\nb: 1",
        "a\n- b",
        "'a",
        '"a',
        "{a",
        "a: 'b' c",
        "%FOO\n---\na",
        "@a",
        "`a",
        "a: @b",
    ),
    *(
        "a: %b",
        "|",
        "|\na",
        "!<tag:yaml.org,2002:str> 1",
        "a: !",
        "&",
        "*",
        "!!",
        "a: |x\n  b",
        '"\\q"',
        "a: - b",
    ),
    # numbers that are none
    *(
        "1e999",
        "-1e999",
        "1e-999",
        "1_",
        "_1",
        "0x_1",
        "0b_1",
        "0_7",
        "0o_7",
        "+0o7",
        "-0x1",
        "0b-1",
        "0b+11",
        "-0b-1",
    ),
    *(
        "1.e3",
        "1._5",
        "._5",
        ".5_0",
        ".e5",
        "+.5",
        "+.5e3",
        "-.",
        "+",
        "0.0.0",
        "00",
        "00.5",
        "08.5",
        "1e",
        "1e+",
        "0e0",
    ),
    *(
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "+9223372036854775808",
    ),
    *(
        "-9223372036854775808",
        "-9223372036854775809",
        "0x8000000000000000",
        "0xFFFFFFFFFFFFFFFFF",
        "1__0",
        "0b",
        "0o",
        "0x",
    ),
    *(
        "0o8",
        "09",
        "019",
        "0b2",
        "0xg",
        "1_000.5",
        "1e1_0",
        "infinity",
        "nan",
        "Inf",
        "+inf",
        "-.nan",
        "+.nan",
        ".Nan",
        ".iNF",
    ),
    # nothing
    *("", "~", "# a", "---", "--- # a", "---\n...", "\n\n"),
)
"""Hand-written YAML, much of it 1.1 at its oddest, each a value."""


class TestReading:
    """We read what Kubernetes reads, and refuse what it refuses."""

    def test_scalars_that_look_like_numbers_and_words(
        self, kubernetes_reads: Oracle, lookalikes: Sequence[str]
    ) -> None:
        seeded = random.Random(1)
        plain = ["".join(seeded.choices(_NUMBERLIKE, k=seeded.randint(1, 7))) for _ in range(20_000)]
        words = [
            "".join(seeded.choice((c.lower(), c.upper())) for c in word) for word in lookalikes for _ in "123"
        ]
        self._agree(kubernetes_reads, [f"a: {scalar}" for scalar in {*plain, *words, *lookalikes}])

    @pytest.mark.parametrize("position", ["{}", "a: {}", "- {}", "- - {}", "a: [{}]", "{}: 1", "a:\n  {}\n"])
    def test_hand_written_oddities(self, kubernetes_reads: Oracle, position: str) -> None:
        self._agree(kubernetes_reads, [position.replace("{}", oddity) for oddity in ODDITIES])

    @pytest.mark.parametrize("seed", range(4))
    def test_random_text(self, kubernetes_reads: Oracle, seed: int) -> None:
        seeded = random.Random(seed)
        pieces = (*_PIECES, *_STRUCTURE)
        texts = ["".join(seeded.choices(pieces, k=seeded.randint(1, 12))) for _ in range(5_000)]
        self._agree(kubernetes_reads, texts, same_grammar=False)

    @staticmethod
    def _agree(kubernetes_reads: Oracle, texts: Sequence[str], *, same_grammar: bool = True) -> None:
        differences: list[str] = []
        for text, answer in zip(texts, kubernetes_reads(texts), strict=True):
            try:
                documents = read(text)
                ours: Any = documents[0].value if documents else None
            except YamlError as error:
                # YAMLToJSON stops after the first document and does not look at what follows it.
                rest = "Kubernetes reads only" in str(error) or "cannot be a key" in str(error)
                if "error" not in answer and not rest and same_grammar:
                    differences.append(f"{text!r}\n  we refuse: {error}\n  Kubernetes: {answer['json']!r}")
                continue
            if "error" in answer:
                # libyaml of today allows a question mark in a flow.
                if same_grammar or not ("?" in text and "did not find expected" in answer["error"]):
                    differences.append(
                        f"{text!r}\n  we read: {ours!r}\n  Kubernetes refuses: {answer['error']}"
                    )
            elif not agree(ours, answer["json"]):
                differences.append(f"{text!r}\n  we read: {ours!r}\n  Kubernetes: {answer['json']!r}")
        assert not differences, f"{len(differences)} of {len(texts)}:\n" + "\n".join(differences[:40])


class TestFiles:
    """A file is cut into documents where Argo CD cuts it; where we differ from it, we say so."""

    PIECES = (
        *(
            "---\n",
            "---",
            "--- # c\n",
            "---#c\n",
            "---\r\n",
            "--- \t\n",
            "--- {a: 1}\n",
            "---x\n",
            "\n",
            "\r\n",
        ),
        *("...\n", "... # c\n", "# c\n", "  # c\n", "%YAML 1.1\n", "%TAG ! x\n", "\n---\n", "\n---\n"),
        *("a: 1\n", "b:\n- x\n", "c: |\n  ---\n  x\n", "[1]\n", "x\n", "'q'\n", "a: 1", "d: [\n", "~\n"),
    )

    def test_random_files(self, argo_cd_reads: Oracle) -> None:
        seeded = random.Random(7)
        files = ["".join(seeded.choices(self.PIECES, k=seeded.randint(1, 9))) for _ in range(20_000)]
        differences = []
        for text, answer in zip(files, argo_cd_reads(files), strict=True):
            reading = read_source(text, "x.yaml")
            ours = [document.value for document in reading.documents if document.value is not None]
            theirs = [value for value in answer["json"] if value is not None]
            broken = any(problem.breaks for problem in reading.problems)
            # After the first error Argo CD reads no further; we do.
            same = agree(ours, theirs) or (broken and agree(ours[: len(theirs)], theirs))
            if not same or ("error" in answer and not broken):
                differences.append(f"{text!r}\n  we read: {ours!r}\n  Argo CD: {answer!r}")
        assert not differences, f"{len(differences)} of {len(files)}:\n" + "\n".join(differences[:20])


def test_the_comparison_tells_types_apart() -> None:
    pairs: list[tuple[Any, Any]] = [
        (1, "1"),
        (True, 1),
        (1, True),
        (None, ""),
        (0, False),
        (1.5, "1.5"),
        ({}, []),
        (1, 1.0),
    ]
    for ours, theirs in pairs:
        assert not agree(ours, theirs)
    assert agree({"a": [1.0, 1e16, -0.0, "x"]}, {"a": [1, 10**16, -0.0, "x"]})
