"""A type checker sees in a manifest what the API server would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="mypy is not installed; it comes with the group dev")

RIGHT = """\
from __future__ import annotations
from chores_infra.kinds.types.core_v1 import Container
from chores_infra.kinds.types.apps_v1 import Deployment

container: Container = {"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}
deployment: Deployment = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "replicas": 1,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}},
    },
}
"""


def errors(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "manifest.py"
    file.write_text(text, "utf-8")
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    return [line.partition(": error: ")[2] for line in done.stdout.splitlines() if ": error: " in line]


def test_a_right_manifest_has_its_type(tmp_path: Path) -> None:
    assert errors(tmp_path, RIGHT) == []


def test_mistakes_are_seen_before_anything_runs(tmp_path: Path) -> None:
    wrong = (
        RIGHT.replace('"image": "web:1"', '"imagePullPolicy": "Allways", "image": "web:1"')
        .replace('"replicas": 1', '"replica": 1')
        .replace('"kind": "Deployment"', '"kind": "Deploymnt"')
    )
    found = "\n".join(errors(tmp_path, wrong))
    assert "Literal['Allways']" in found
    assert 'Extra key "replica" for TypedDict "DeploymentSpec"' in found
    assert "Literal['Deploymnt']" in found
