"""A peer that does not render the objects is broken, and the message says where."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from measure import BrokenPeerError, Case
from objects import Manifest, expected
from verify import verify

CASE = Case("peer", [], to_stdout=True)


def rendered(folder: Path, manifests: list[Manifest]) -> Path:
    (folder / "stdout").write_text(yaml.safe_dump_all(manifests), encoding="utf-8")
    return folder


def test_order_and_empty_documents_do_not_matter(tmp_path: Path) -> None:
    folder = rendered(tmp_path, expected(2)[::-1])
    with (folder / "stdout").open("a") as stream:
        stream.write("---\n---\n# nothing\n")

    assert verify(CASE, folder, expected(2)) == 18


def test_a_missing_object_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenPeerError, match=r'(?s)found 8 objects, expected 9.*missing: .*"Grant"'):
        verify(CASE, rendered(tmp_path, expected(1)[:-1]), expected(1))


def test_an_object_twice_is_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(BrokenPeerError, match="found 10 objects, expected 9"):
        verify(CASE, rendered(tmp_path, [*expected(1), expected(1)[0]]), expected(1))


@pytest.mark.parametrize("replicas", ["1", 1.0, True, 2, None])
def test_a_value_of_another_type_is_a_difference(tmp_path: Path, replicas: object) -> None:
    manifests = expected(1)
    deployment = next(found for found in manifests if found["kind"] == "Deployment")
    deployment["spec"]["replicas"] = replicas

    with pytest.raises(BrokenPeerError, match="unexpected: "):
        verify(CASE, rendered(tmp_path, manifests), expected(1))
