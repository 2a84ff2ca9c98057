"""Who validates, and what each of them found: ``chores-infra validate``, its schema part, and kubeconform."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import json_schemas
import tools
import trees
from budgets import KUBECONFORM, SCHEMAS, VALIDATE
from measure import Absent, BrokenPeerError, Case

PROGRAMS = Path(__file__).parent / "programs"
#: The release of Kubernetes whose schemas kubeconform gets.
RELEASE = "1.33"
MISTAKES = PROGRAMS / "mistakes.yaml"
#: The names of the objects in there.
PLANTED = frozenset(
    {
        "Job/unknown-field",
        "Service/wrong-type",
        "Deployment/missing-field",
        "Application/unknown-custom-field",
        "ExternalSecret/wrong-custom-type",
        "HTTPRoute/wrong-custom-value",
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a validator says of a tree: the manifests that are wrong, as ``file: Kind/name``.

    ``validated`` is the number of manifests that it has a schema for, None where it does not say; ``others``
    counts what it complains about beside schemas.
    """

    wrong: frozenset[str]
    validated: int | None
    others: int


def prepare(inputs: Path) -> None:
    """Write what the validators read beside the tree: schemas, and a configuration that says nothing."""
    inputs.mkdir(parents=True)
    (inputs / "chores-infra.toml").write_text("[apps]\n", encoding="utf-8")
    release = json_schemas.release_folder(RELEASE)
    crds = trees.shared("crds")
    if release is not None and crds is not None:
        json_schemas.write_built_in(release, inputs / "built-in")
        json_schemas.write_custom(crds, inputs / "custom")


def cases(tree: Path, inputs: Path) -> list[Case | Absent]:
    """The three over one tree, with what ``prepare`` wrote."""
    command = shutil.which("chores-infra", path=str(Path(sys.executable).parent))
    whole = ["validate", str(tree), "--format", "json", "--fail-on", "never"]
    schemas = [sys.executable, str(PROGRAMS / "schemas_only.py"), str(tree)]
    return [
        Absent(VALIDATE, "pip install -e . for this Python")
        if command is None
        else Case(VALIDATE, [command, *whole], to_stdout=True, cwd=inputs),
        Case(SCHEMAS, schemas, to_stdout=True, cwd=inputs),
        _kubeconform(tree, inputs),
    ]


def _kubeconform(tree: Path, inputs: Path) -> Case | Absent:
    program = tools.find("kubeconform")
    if program is None:
        return Absent(KUBECONFORM, "go install github.com/yannh/kubeconform/cmd/kubeconform@latest")
    if tools.python_package(json_schemas.PACKAGE) is None:
        return Absent(KUBECONFORM, f"its schemas: pip install {json_schemas.PACKAGE}")
    if not (inputs / "custom").is_dir():
        return Absent(KUBECONFORM, f"its schemas: no crds in the folder of {trees.SHARED}")
    locations = (inputs / "built-in" / json_schemas.BUILT_IN, inputs / "custom" / json_schemas.CUSTOM)
    options = [option for location in locations for option in ("-schema-location", str(location))]
    argv = [program, "-strict", "-ignore-missing-schemas", "-summary", "-output", "json", *options]
    # It ends with 1 when it finds something, and files that are no manifests are something.
    return Case(KUBECONFORM, [*argv, str(tree)], to_stdout=True, cwd=inputs, exit_codes=(0, 1))


def found(case: Case, folder: Path, tree: Path) -> Found:
    """What a run in ``folder`` said of a tree.

    Raises:
        BrokenPeerError: it is not what the case says.
    """
    text = (folder / "stdout").read_text(encoding="utf-8")
    read: Callable[[Mapping[str, Any], Path], Found] = _theirs if case.name == KUBECONFORM else _ours
    try:
        return read(json.loads(text), tree)
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenPeerError(f"{case.name}: its findings cannot be read: {error!r}") from error


def _ours(report: Mapping[str, Any], tree: Path) -> Found:
    findings = report["findings"]
    wrong = [finding for finding in findings if finding["rule"] == "schema"]
    return Found(
        frozenset(_written(tree, each["file"], *_ends(each["resource"])) for each in wrong),
        report["summary"].get("validated"),
        len(findings) - len(wrong),
    )


def _theirs(report: Mapping[str, Any], tree: Path) -> Found:
    wrong = [each for each in report["resources"] if each["status"] == "statusInvalid"]
    counts = report["summary"]
    return Found(
        frozenset(_written(tree, each["filename"], each["kind"], each["name"]) for each in wrong),
        counts["valid"] + counts["invalid"],
        counts["errors"],
    )


def _ends(resource: str) -> tuple[str, str]:
    """Kind and name of ``Kind/namespace/name``."""
    parts = resource.split("/")
    return parts[0], parts[-1]


def _written(tree: Path, file: str, kind: str, name: str) -> str:
    path = Path(file)
    return f"{path.relative_to(tree) if path.is_absolute() else path}: {kind}/{name}"


def verify(case: Case, said: Found) -> None:
    """Hold what was said of a tree with the known mistakes to them.

    Raises:
        BrokenPeerError: one of the mistakes was not found.
    """
    missed = sorted(
        f"{MISTAKES.name}: {name}" for name in PLANTED if f"{MISTAKES.name}: {name}" not in said.wrong
    )
    if missed:
        raise BrokenPeerError(f"{case.name}: does not find {', '.join(missed)}")


def differences(said: Mapping[str, Found]) -> Iterator[str]:
    """What each validator says of the same tree, and which manifests only some of them find wrong."""
    for name, what in said.items():
        validated = "" if what.validated is None else f" of {what.validated} validated"
        yield f"{name}: {len(what.wrong)} manifests{validated} are wrong, {what.others} other findings"
    for manifest in sorted(frozenset().union(*(what.wrong for what in said.values()))):
        names = [name for name, what in said.items() if manifest in what.wrong]
        if len(names) < len(said):
            yield f"only {' and '.join(names)} find{'s' * (len(names) == 1)} {manifest} wrong"
