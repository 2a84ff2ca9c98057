"""What the documentation shows is what happens: its Python runs, its commands print what it says they print.

In a page, a block of Python, TOML, Rego or ``yml`` whose first line is a comment with a file name is written
to that file; any other Python is run, in one namespace per page. A ```` ```text ```` block is what
the Python before it printed, a ```` ```yaml ```` block what objects of its ``tree`` render: those that it
shows, in its order, each of them whole. A ```` ```console ```` block is run line by line in the folder of
those files: what follows a ``$`` line is its output, and ``# exit 1`` at the end of the line its exit code.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chores_infra.construct import Tree
from chores_infra.rendering.layout import identity
from chores_infra.rendering.reader import read
from chores_infra.rendering.yaml_text import dump_all

ROOT = Path(__file__).parent.parent
RULES = ROOT / "docs" / "rules"  # made from the rules, whose examples tests/checks/test_rules.py runs
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").glob("**/*.md") if page.parent != RULES),
]
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"# (?P<name>[\w./-]+\.(?:py|rego|toml|yaml|yml))\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "documentation"}
    printed = ""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        language, text = block["language"], block["text"]
        named = FILE_NAME.match(text)
        if language in {"python", "rego", "toml", "yml"} and named:
            Path(named["name"]).parent.mkdir(parents=True, exist_ok=True)
            Path(named["name"]).write_text(text, encoding="utf-8")
        elif language == "python":
            printed = run_python(text, page, namespace)
        elif language == "text":
            assert text == printed != ""
        elif language == "yaml":
            assert text == rendered_again(text, namespace["tree"]) != ""
        elif language == "console":
            run_session(text, tmp_path)


def run_python(text: str, page: Path, namespace: dict[str, Any]) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(text, str(page), "exec"), namespace)
    return output.getvalue()


def rendered_again(text: str, tree: Tree) -> str:
    """What the objects that a block shows render."""
    manifests = {identity(made.manifest): made.manifest for made in tree.objects()}
    shown = [identity(document.value) for document in read(text)]
    return dump_all(manifests[this] for this in shown if this in manifests)


def run_session(session: str, folder: Path) -> None:
    for step in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        line, _, expected = step.partition("\n")
        command, _, code = line.partition("# exit ")
        done = subprocess.run(
            program(shlex.split(command)),
            cwd=folder,
            capture_output=True,
            text=True,
            env=environment(folder),
            check=False,
        )
        assert (done.stdout + done.stderr).strip() == expected.strip(), command
        assert done.returncode == int(code or 0), done.stderr


def program(arguments: list[str]) -> list[str]:
    """The command with this interpreter and this package, wherever they are installed."""
    if arguments[0] == "chores-infra":
        return [sys.executable, "-m", "chores_infra", *arguments[1:]]
    return [sys.executable, *arguments[1:]] if arguments[0] == "python" else arguments


def environment(folder: Path) -> dict[str, str]:
    ours = {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    return {**os.environ, **ours, "NO_COLOR": "1"}
