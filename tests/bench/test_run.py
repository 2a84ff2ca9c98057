"""The command as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "bench" / "run.py"


def run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path is not None:
        environment |= {"PATH": path, "GOBIN": path}
    return subprocess.run(
        [sys.executable, str(RUN), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.mark.parametrize("case", ["ours-direct", "files-only"])
@pytest.mark.parametrize("apps", [1, 3])
def test_what_needs_no_other_tool_renders_the_objects(case: str, apps: int, tmp_path: Path) -> None:
    done = run("--verify", "--apps", str(apps), "--only", case, "--folder", str(tmp_path))

    assert (done.returncode, done.stdout) == (0, "")
    assert f"{case}, {apps} app(s): {9 * apps} objects as expected" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_report_names_what_is_absent(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    done = run(
        "--apps", "1", "--runs", "1", "--only", "ours-direct", "helm-template", "kustomize",
        "--out", str(report), path=str(tmp_path),
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert report.read_text(encoding="utf-8") == done.stdout.removesuffix("\n")
    cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in done.stdout.splitlines()]
    assert ["helm-template", "absent: go install helm.sh/helm/v4/cmd/helm@latest"] in cells
    assert ["kustomize", "absent: go install sigs.k8s.io/kustomize/kustomize/v5@latest"] in cells


def test_a_case_that_does_not_exist_is_an_error_with_those_that_do() -> None:
    done = run("--apps", "1", "--only", "helmfile")

    assert (done.returncode, done.stdout) == (1, "")
    assert "error: no case helmfile with 1 apps; there are ours-direct, ours-cdk8s," in done.stderr


def test_a_case_that_does_not_exist_is_an_error_beside_one_that_does() -> None:
    done = run("--apps", "1", "2", "--only", "files-only", "ours-direct-unchanged", "helmfile")

    assert (done.returncode, done.stdout) == (1, "")
    assert "error: no case helmfile with 1 or 2 apps; there are" in done.stderr
