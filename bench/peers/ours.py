"""chores_infra itself: direct and through cdk8s, always validated, always into files."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import tools
from measure import Absent, Case
from objects import fleet

DIRECT = "ours-direct"
CDK8S = "ours-cdk8s"
PROJECT = Path(__file__).parent.parent.parent
PROGRAMS = Path(__file__).parent.parent / "programs"
#: The release intent is YAML too, and no manifest.
MANIFESTS = "base-apps/**/*.yaml"
RECORD = ["--version", "v3.0.0", "--out", "{out}"]


def cases(count: int, inputs: Path) -> list[Case | Absent]:
    """The commands that a person types; for many apps also the library without release intents."""
    command = shutil.which("chores-infra", path=str(Path(sys.executable).parent))
    if command is None:
        return [Absent(name, "pip install -e . for this Python") for name in (DIRECT, CDK8S)]
    return one(command) if count == 1 else many(command, count, inputs)


def one(command: str) -> list[Case | Absent]:
    """The reference app: ``chores-infra synth``, and ``python synth.py``, which runs on cdk8s."""
    app = "chores_infra.apps.chores_tracker:ChoresTracker"
    return [
        Case(DIRECT, [command, "synth", app, *RECORD], manifests=MANIFESTS),
        on_cdk8s([sys.executable, str(PROJECT / "synth.py"), *RECORD]),
    ]


def many(command: str, count: int, inputs: Path) -> list[Case | Absent]:
    """Tenants: a folder with their module, their names and the configuration that lists them."""
    folder = inputs / "ours"
    folder.mkdir()
    shutil.copy(inputs / "apps.json", folder)
    shutil.copy(PROGRAMS / "tenants.py", folder)
    lines = [
        f"{json.dumps(names.name)} = {json.dumps('tenants:' + names.prefix.title().replace('-', ''))}\n"
        for names in fleet(count)
    ]
    (folder / "chores-infra.toml").write_text("[apps]\n" + "".join(lines), encoding="utf-8")
    library = [sys.executable, str(PROGRAMS / "fleet.py"), str(folder), "{out}"]
    every = [command, "synth", "--all", *RECORD]
    without_cache = [*every, "--no-cache"]
    return [
        Case(DIRECT, [*library, "1"], manifests=MANIFESTS),
        Case(f"{DIRECT}-unchanged", [*library, "1"], manifests=MANIFESTS, before=[[*library, "1"]]),
        Case(f"{DIRECT}-two-processes", [*library, "2"], manifests=MANIFESTS),
        Case(f"{DIRECT}-synth-all", without_cache, manifests=MANIFESTS, cwd=folder),
        Case(f"{DIRECT}-synth-all-jobs", [*without_cache, "--jobs", "2"], manifests=MANIFESTS, cwd=folder),
        one_changed(command, folder),
        on_cdk8s([*every, "--engine", "cdk8s"], cwd=folder),
    ]


def one_changed(command: str, inputs: Path) -> Case:
    """A fleet with a cache that knows all of it, and then one app with another host."""
    program = [sys.executable, str(PROGRAMS / "one_changed.py")]
    every = [command, "synth", "--all", "--out", "{out}", "--cache", "{out}-cache"]
    return Case(
        f"{DIRECT}-one-changed",
        every,
        manifests=MANIFESTS,
        before=[[*program, "prepare", str(inputs)], [*every, "--version", "v3.0.0"], [*program, "change"]],
    )


def on_cdk8s(argv: list[str], cwd: Path | None = None) -> Case | Absent:
    """A case that needs Node.js."""
    node = tools.find("node")
    if node is None:
        return Absent(CDK8S, "no Node.js on PATH")
    return Case(CDK8S, argv, environment={"JSII_NODE": node}, manifests=MANIFESTS, cwd=cwd)
