from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chores_infra.errors import ConfigurationError
from chores_infra.kindgen.__main__ import main
from chores_infra.kindgen.generate import OVERLAY, SOURCES, built_in
from chores_infra.kindgen.overlay import Overlay
from chores_infra.kindgen.sources import (
    CrdSource,
    OpenApiSource,
    digest,
    load_crds,
    load_definitions,
    read_sources,
)

EMPTY = hashlib.sha256(b"").hexdigest()


def crd_source(sha256: str) -> CrdSource:
    return CrdSource("own", "v1", sha256, "MIT", repository="example/own", commit="0" * 10)


def test_the_digest_is_what_sha256sum_says() -> None:
    # printf a > a.yaml; printf b > b.yaml; LC_ALL=C sha256sum *.yaml | sha256sum
    expected = "b1e8932d7c95399ef5a2ceeb88ec6a152531947be01f503d19f214b7093aa6e1"
    assert digest([("b.yaml", b"b"), ("a.yaml", b"a")]) == expected


def test_files_that_are_not_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.yaml").write_text("kind: CustomResourceDefinition\n")
    with pytest.raises(ConfigurationError, match=f"source own: .* expected sha256 {EMPTY}"):
        load_crds(crd_source(EMPTY), tmp_path)
    pinned = digest([("a.yaml", b"kind: CustomResourceDefinition\n")])
    assert load_crds(crd_source(pinned), tmp_path) == [{"kind": "CustomResourceDefinition"}]


def test_a_folder_that_is_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError, match="is no folder"):
        load_crds(crd_source(EMPTY), tmp_path)
    assert main(["--crds", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "--crds names the folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("package", "path", "message"),
    [
        ("no-such-package-anywhere", "x", "pip install"),
        ("kubernetes-validate", "kubernetes_validate/none.json", "has no kubernetes_validate/none.json"),
        ("kubernetes-validate", "kubernetes_validate/version.py", "are not the pinned ones"),
    ],
)
def test_definitions_that_are_absent_or_others(package: str, path: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_definitions(OpenApiSource("kubernetes", "1.37.0", EMPTY, "Apache-2.0", package, path))


def test_every_source_is_pinned() -> None:
    sources = read_sources(SOURCES)
    pinned: list[OpenApiSource | CrdSource] = [*sources.openapi, *sources.crds]
    for source in pinned:
        assert source.release
        assert source.licence in {"Apache-2.0", "MIT", "MPL-2.0"}
        assert len(source.sha256) == 64
    assert all(len(source.commit) >= 10 for source in sources.crds)


def test_a_table_that_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[crds.own]\nrelease = "v1"\n')
    with pytest.raises(ConfigurationError, match="repository"):
        read_sources(tmp_path / "sources.toml")


def type_tables() -> dict[str, dict[str, Any]]:
    return {
        name: table
        for file in OVERLAY.with_suffix("").glob("*.toml")
        for name, table in tomllib.loads(file.read_text("utf-8")).items()
    }


def test_every_overlay_table_names_its_source() -> None:
    tables = tomllib.loads(OVERLAY.read_text("utf-8"))
    for name, table in {**tables["formats"], **tables["crds"], **type_tables()}.items():
        assert table["source"].startswith("https://"), name


def test_every_default_names_its_source() -> None:
    for name, table in type_tables().items():
        rules = [rule for rule in table.values() if isinstance(rule, dict)]
        has_default = any("default" in rule or "defaults" in rule for rule in rules)
        source = table.get("defaults_source", "")
        assert source.startswith("https://github.com/kubernetes/kubernetes/") == has_default, name


def test_every_format_is_used() -> None:
    text = "".join(file.read_text("utf-8") for file in [OVERLAY, *OVERLAY.with_suffix("").glob("*.toml")])
    of_the_generator = {"byte", "date-time", "int-or-string", "ipv4", "ipv6", "quantity"}
    for name in tomllib.loads(OVERLAY.read_text("utf-8"))["formats"]:
        assert name in of_the_generator or text.count(f'"{name}"'), name


def test_an_overlay_entry_that_is_for_nothing_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "overlay.toml"
    file.write_text(OVERLAY.read_text("utf-8"))
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "own.toml").write_text('["core.v1.Nothing"]\nsource = "https://example.com"\n')
    overlay = Overlay(file)
    built_in(read_sources(SOURCES), overlay)
    with pytest.raises(ConfigurationError, match=r"nothing is called core\.v1\.Nothing"):
        overlay.finish(crds=False)
