"""What a file says: the same whether its values were taken out of it first, or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chores_infra.release.history import manifests
from chores_infra.release.history.images import Image
from chores_infra.release.history.intents import IntentReader, Reason, Recorded
from chores_infra.release.history.manifests import ManifestReader, Said, Unreadable
from chores_infra.release.history.values import MARK

VALUES = st.sampled_from(
    [
        "shop:1.0.0",
        "1.10",
        "12:30",
        "1.2.3",
        "v1",
        "yes",
        "null",
        "a/b:1",
        "a/b:1 # why",
        "'1.0'",
        '"a:b"',
        "x:",
        "a: b",
        "&x a/b:1",
        "*x",
        "{a: 1}",
        "0x1F",
        "2001-12-14",
        "2001-12-14/x",
        "|",
        "a/b:1\n      more",
        "",
        "1_0.2.3",
        "é/x:1",
        "a/b@sha256:0",
        "3",
        "010",
        "'3'",
        '"two words"',
        "3 # three",
        "12345678901234567890",
    ]
)
KEYS = st.sampled_from(
    [
        "image",
        "tag",
        "newTag",
        "targetRevision",
        "app.kubernetes.io/version",
        "repository",
        "replicas",
        "name",
    ]
)
LINES = st.lists(st.tuples(st.sampled_from(["    ", "  - ", "      ", "--- ", ""]), KEYS, VALUES), max_size=6)
HEADS = st.sampled_from(
    [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  text: |\n",
        "kind: Kustomization\nimages:\n  - name: x\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec:\n  source:\n"
        "    repoURL: r\n    chart: c\n    helm: {values: 'image: x/y:1'}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: 'folded\n",
    ]
)


@settings(max_examples=300)
@given(HEADS, LINES)
@example("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n", [("    ", "image", '"two words"')])
@example("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n", [("    ", "replicas", "3")])
def test_values_that_are_taken_out_change_nothing(head: str, lines: list[tuple[str, str, str]]) -> None:
    text = head + "".join(f"{indent}{key}: {value}\n" for indent, key, value in lines)
    reader = ManifestReader()
    reader.read("x.yaml", text.replace("3", "4").encode())
    masked = reader.read("x.yaml", text.encode())
    whole = manifests._read("x.yaml", text)
    if isinstance(whole, Unreadable):
        assert isinstance(masked, Unreadable)
    else:
        assert masked == manifests._said(whole, [])


@pytest.mark.parametrize("name", ["2025-12", "mistakes"])
def test_every_real_file_says_the_same_either_way(name: str, shared: Path) -> None:
    reader = ManifestReader()
    for path in sorted((shared / "corpus" / name).rglob("*.y*ml")):
        data = path.read_bytes()
        whole = manifests._read(path.name, data)
        said = reader.read(path.name, data)
        assert isinstance(said, Unreadable) or said == manifests._said(whole, [])  # type: ignore[arg-type]
        assert isinstance(said, Unreadable) == isinstance(whole, Unreadable)


def test_a_text_that_has_marks_of_its_own_is_read_as_it_is() -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  image: {MARK}0_\n  tag: a:b\n"
    said = ManifestReader().read("x.yaml", text.encode())
    assert isinstance(said, Said)
    assert list(said.images.values()) == [Image("chores-infra.value/0_")]


def test_a_label_that_repeats_the_version_is_no_setting() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x, labels: {{app.kubernetes.io/version: v{0}}}}}\n"
        "spec:\n  containers:\n  - name: a\n    image: shop:{0}\n"
    )
    reader = ManifestReader()
    one, other = (reader.read("x.yaml", text.format(tag).encode()) for tag in ("1.0.0", "1.1.0"))
    assert isinstance(one, Said)
    assert isinstance(other, Said)
    assert one.images != other.images
    assert one.documents == other.documents


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        (
            "app: shop\nenvironments:\n  staging:\n    version: v1.2.0\n    tag: 1.2.0\nquarantine:\n"
            '- version: v1.1.0\n  reason: "slow: very"\n  since: "2025-07-01T10:00:00Z"\n',
            Recorded(
                {"staging": ("v1.2.0", "1.2.0")}, {"v1.1.0": Reason("slow: very", "2025-07-01T10:00:00Z")}
            ),
        ),
        (
            "{app: shop, environments: {staging: {version: main}}}",
            Recorded({"staging": ("main", "main")}, {}),
        ),
        ("app: shop\nenvironments: 7\nquarantine: [1, {version: 2}]\n", Recorded({}, {"2": Reason("", "")})),
    ],
)
def test_an_intent_is_taken_as_far_as_it_is_understood(text: str, recorded: Recorded) -> None:
    reader = IntentReader()
    assert [reader.read(text.encode()), reader.read(text.encode())] == [recorded, recorded]


@pytest.mark.parametrize("text", ["{[", "[1]", ""])
def test_what_is_no_intent_says_why(text: str) -> None:
    assert isinstance(IntentReader().read(text.encode()), Unreadable)
