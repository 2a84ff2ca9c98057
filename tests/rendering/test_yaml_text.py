from __future__ import annotations

import enum
import io
from collections import OrderedDict
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import pytest
import ruamel.yaml
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chores_infra.errors import YamlError
from chores_infra.rendering.reader import read
from chores_infra.rendering.yaml_text import MAX_DEPTH, dump, dump_all

# Characters that mean something to YAML, digits, and the rest of the world.
_MEANINGFUL = " -:#?|>'\"%@`{}[],&*!\n\\~=<.+_0123456789abefnoxyzEINTU\t\r\x85\xa0\u2028\ufeff🎉é"
_strings = st.one_of(
    st.text(_MEANINGFUL, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.from_regex(r"\A[-+]?[0-9_]*[.:eExo]?[-+]?[0-9_a-f]*\Z"),
    st.sampled_from(
        ["null", "True", "y", "no", "<<", "=", "2001-01-01", "1:30", "a\nb\n", "\n a\n\n", "0x_1", ""]
    ),
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _strings,
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_strings, inner, max_size=4)),
    max_leaves=12,
)
_manifests = st.dictionaries(_strings, _values, max_size=5)


def typed(value: Any) -> Any:
    """The value with every type spelled out: 1, 1.0 and True are equal to Python, and 0.0 and -0.0."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return type(value).__name__, repr(value)


def _ruamel(text: str, version: str) -> Any:
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    reader.version = version
    return reader.load(io.StringIO(text))


class TestEveryReader:
    """What was written is read back the same, values and types, whatever reads it."""

    @given(_manifests)
    @settings(max_examples=400)
    @example({"a": {"y": 1, "1": 2, "null": 3, "": 4, "<<": 5, "a: b": 6, "x" * 1100: [1], "\n": [[], {}]}})
    def test_pyyaml(self, manifest: dict[str, Any]) -> None:
        text = dump(manifest)
        assert typed(yaml.load(text, yaml.CSafeLoader)) == typed(manifest)
        assert typed(yaml.load(text, yaml.SafeLoader)) == typed(manifest)

    @given(_manifests)
    @settings(max_examples=200)
    @pytest.mark.parametrize("version", ["1.1", "1.2"])
    def test_ruamel(self, version: str, manifest: dict[str, Any]) -> None:
        assert typed(_ruamel(dump(manifest), version)) == typed(manifest)

    @given(_manifests)
    @settings(max_examples=400)
    def test_our_reader(self, manifest: dict[str, Any]) -> None:
        (document,) = read(dump(manifest))
        assert typed(document.value) == typed(manifest)

    def test_every_lookalike_as_value_key_and_item(self, lookalikes: Sequence[str]) -> None:
        manifest = {
            "values": dict.fromkeys(lookalikes, 1) | {str(n): text for n, text in enumerate(lookalikes)},
            "items": list(lookalikes),
            "nested": [[text] for text in lookalikes] + [{text: text} for text in lookalikes],
        }
        text = dump(manifest)
        assert typed(yaml.load(text, yaml.CSafeLoader)) == typed(manifest)
        assert typed(yaml.load(text, yaml.SafeLoader)) == typed(manifest)
        assert typed(_ruamel(text, "1.1")) == typed(_ruamel(text, "1.2")) == typed(manifest)


@given(_manifests)
def test_writing_what_was_read_gives_the_same_text(manifest: dict[str, Any]) -> None:
    text = dump(manifest)
    (document,) = read(text)
    assert dump(document.value) == text


@given(st.lists(_manifests, max_size=4))
def test_documents_stay_apart(manifests: list[dict[str, Any]]) -> None:
    assert [typed(document.value) for document in read(dump_all(manifests))] == typed(manifests)


def test_the_style_of_the_reference_repository() -> None:
    # As in the seed's deployments.yaml.
    manifest = {
        "kind": "Deployment",
        "spec": {
            "replicas": 1,
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "chores-tracker",
                            "ports": [{"containerPort": 8000}],
                            "args": ["--workers", "2", True, None, [], {}, 0.5],
                            "matrix": [[1, 2], [{"a": [3]}]],
                        }
                    ],
                    "imagePullSecrets": [{"name": "ecr-registry"}],
                }
            },
        },
        "data": {"DEBUG": "False", "script": "set -e\necho hi\n"},
        "metadata": {"name": "chores-tracker"},
        "apiVersion": "apps/v1",
    }
    assert dump(manifest) == (
        "apiVersion: apps/v1\n"
        "kind: Deployment\n"
        "metadata:\n"
        "  name: chores-tracker\n"
        "spec:\n"
        "  replicas: 1\n"
        "  template:\n"
        "    spec:\n"
        "      containers:\n"
        "      - name: chores-tracker\n"
        "        ports:\n"
        "        - containerPort: 8000\n"
        "        args:\n"
        "        - --workers\n"
        '        - "2"\n'
        "        - true\n"
        "        - null\n"
        "        - []\n"
        "        - {}\n"
        "        - 0.5\n"
        "        matrix:\n"
        "        - - 1\n"
        "          - 2\n"
        "        - - a:\n"
        "            - 3\n"
        "      imagePullSecrets:\n"
        "      - name: ecr-registry\n"
        "data:\n"
        '  DEBUG: "False"\n'
        "  script: |\n"
        "    set -e\n"
        "    echo hi\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e16, "1.0e+16"),
        (1.5e300, "1.5e+300"),
        (5e-324, "5.0e-324"),
        (-0.0, "-0.0"),
        (8080.0, "8080.0"),
        (2**63 - 1, "9223372036854775807"),
        (-(2**63), "-9223372036854775808"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert dump({"a": value}) == f"a: {text}\n"


def test_an_empty_document_and_no_document() -> None:
    assert dump({}) == "{}\n"
    assert dump_all([]) == ""
    assert dump_all([{"a": 1}]) == "a: 1\n"


class Color(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Word(str):
    __slots__ = ()


def test_subclasses_are_written_as_the_data_that_they_hold() -> None:
    class Mixed(str, enum.Enum):  # noqa: UP042  (as users write it)
        NO = "no"

    manifest = {
        Word("key"): Word("no"),
        "color": Color.RED,
        "level": Level.HIGH,
        "mixed": Mixed.NO,
        "tuple": (1, (2,)),
        "ordered": OrderedDict(b=1, a=OrderedDict()),
        "view": MappingProxyType({"x": ()}),
    }
    assert dump(manifest) == (
        'key: "no"\ncolor: red\nlevel: 3\nmixed: "no"\ntuple:\n- 1\n- - 2\nordered:\n  b: 1\n  a: {}\n'
        "view:\n  x: []\n"
    )


_cycle: dict[str, Any] = {"spec": {}}
_cycle["spec"]["again"] = [_cycle]
_shared: Any = ["x"]
for _ in range(60):
    _shared = [_shared, _shared]


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        ({"spec": {"replicas": float("nan")}}, "spec.replicas", "nan is no number"),
        ({"spec": {"replicas": float("-inf")}}, "spec.replicas", "-inf is no number"),
        ({"spec": {"replicas": 2**63}}, "spec.replicas", "64 bits"),
        ({"spec": {"replicas": -(2**63) - 1}}, "spec.replicas", "64 bits"),
        ({"spec": {"replicas": 10**5000}}, "spec.replicas", "64 bits"),
        ({"spec": {8080: "a"}}, "spec", "keys are strings, found int 8080"),
        ({"spec": {None: "a"}}, "spec", "keys are strings, found NoneType None"),
        ({10**5000: "a"}, "", "keys are strings, found int;"),
        ({True: "a"}, "", "keys are strings, found bool True"),
        ({"spec": [{"name": "a\ud800"}]}, "spec[0].name", "lone surrogate U+D800"),
        ({"spec": {"\udfff": 1}}, "spec", "lone surrogate U+DFFF"),
        (
            {"metadata": {"annotations": {"example.com/a": b"x"}}},
            'metadata.annotations["example.com/a"]',
            "bytes",
        ),
        ({"a": {1, 2}}, "a", "found set"),
        ({"a": object()}, "a", "found object"),
        ({"a": enum.Enum("Plain", "X").X}, "a", "use its .value"),  # type: ignore[attr-defined]
        ([], "", "a document is a mapping, found list"),
        (None, "", "a document is a mapping, found NoneType"),
        (_cycle, "spec.again[0].spec.again[0].spec", "does it contain itself?"),
        ({"a": _shared}, "a[0][0]", "shared again and again"),
    ],
)
def test_what_yaml_cannot_carry_is_refused_with_its_path(value: Any, path: str, said: str) -> None:
    with pytest.raises(YamlError) as caught:
        dump(value)
    assert said in str(caught.value)
    assert caught.value.path == path or (len(path) > 6 and caught.value.path.startswith(path))


def test_the_deepest_manifest_is_written_and_the_next_refused() -> None:
    deepest: dict[str, Any] = {"a": 1}
    for _ in range(MAX_DEPTH):
        deepest = {"a": deepest}
    assert yaml.load(dump(deepest), yaml.CSafeLoader) == deepest
    with pytest.raises(YamlError, match=f"deeper than {MAX_DEPTH} levels"):
        dump({"a": deepest})


def test_a_key_longer_than_parsers_look_ahead_is_written_with_a_question_mark() -> None:
    key = "k" * 1001
    manifest = {"a": [{key: {"b": 1}, "c": [1]}, {key: [1]}, {key: "a\nb\n"}, {"k" * 1000: 1}]}
    text = dump(manifest)
    assert text.count(f"- ? {key}\n  :") == 3
    assert yaml.load(text, yaml.CSafeLoader) == yaml.load(text, yaml.SafeLoader) == manifest


def test_the_memory_of_known_strings_has_a_bound() -> None:
    from chores_infra.rendering import yaml_text

    for number in range(20_000):
        dump({"a": f"name-{number}"})
    assert len(yaml_text._known) <= yaml_text._KNOWN_LIMIT
    dump({"a": "x" * 1_000_000})
    assert max(map(len, yaml_text._known)) <= yaml_text._KNOWN_LENGTH


class TestComments:
    def test_they_stand_above_their_field(self) -> None:
        manifest = {"kind": "A", "spec": {"containers": [{"name": "web", "image": "x"}], "replicas": 2}}
        comments: dict[tuple[str | int, ...] | str, str] = {
            "": "about the whole",
            "spec.containers[0]": "the only one",
            ("spec", "containers", 0, "image"): "pinned\nby digest soon",
            "spec.replicas": "",
        }
        assert dump(manifest, comments) == (
            "# about the whole\n"
            "kind: A\n"
            "spec:\n"
            "  containers:\n"
            "  # the only one\n"
            "  - name: web\n"
            "    # pinned\n"
            "    # by digest soon\n"
            "    image: x\n"
            "  #\n"
            "  replicas: 2\n"
        )

    def test_a_comment_on_no_field_is_an_error(self) -> None:
        with pytest.raises(YamlError, match=r"spec\.replica: there is a comment"):
            dump({"spec": {"replicas": 1}}, {"spec.replica": "two"})

    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
    def test_a_comment_cannot_become_a_field(self, end: str) -> None:
        text = dump({"a": 1}, {"a": f"first{end}b: 2"})
        assert yaml.load(text, yaml.CSafeLoader) == yaml.load(text, yaml.SafeLoader) == {"a": 1}
        assert text == "# first\n# b: 2\na: 1\n"

    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\ufeff", "\ud800"])
    def test_a_comment_with_a_character_nobody_sees_is_refused(self, character: str) -> None:
        with pytest.raises(YamlError, match="invisible"):
            dump({"a": 1}, {"a": f"x{character}y"})

    @given(_manifests, st.text(_MEANINGFUL.replace("\ufeff", "").replace("\xa0", "")))
    def test_they_change_no_value(self, manifest: dict[str, Any], comment: str) -> None:
        text = dump(manifest, {(key,): comment for key in manifest})
        (document,) = read(text)
        assert typed(document.value) == typed(manifest)
