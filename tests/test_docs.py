"""What the documentation shows is what happens: its Python runs, its commands print what it says they print.

In a page, a ```` ```python ```` block whose first line is a comment with a file name is written to that file;
any other is run, in one namespace per page. A ```` ```console ```` block is run line by line in the folder of
those files: what follows a ``$`` line is its output, and ``# exit 1`` at the end of the line its exit code.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"# (?P<name>[\w./-]+\.(?:py|toml|yaml))\n")
COMMENT_FILES = {"python", "toml", "yaml"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "documentation"}
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        language, text = block["language"], block["text"]
        named = FILE_NAME.match(text)
        if language in COMMENT_FILES and named:
            file = tmp_path / named["name"]
            file.parent.mkdir(parents=True, exist_ok=True)
            if language == "yaml":
                # A YAML block shows what a command before it made.
                assert file.read_text(encoding="utf-8").endswith(text[named.end() :]), file
            else:
                file.write_text(text, encoding="utf-8")
        elif language == "python":
            exec(compile(text, str(page), "exec"), namespace)
        elif language == "console":
            run_session(text, tmp_path)


def run_session(session: str, folder: Path) -> None:
    for step in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        line, _, expected = step.partition("\n")
        command, _, code = line.partition("# exit ")
        done = subprocess.run(
            program(shlex.split(command)), cwd=folder, capture_output=True, text=True, env=environment(folder)
        )
        assert (done.stdout + done.stderr).strip() == expected.strip(), command
        assert done.returncode == int(code or 0), done.stderr


def program(arguments: list[str]) -> list[str]:
    """The command with this interpreter and this package, wherever they are installed."""
    if arguments[0] == "chores-infra":
        return [sys.executable, "-m", "chores_infra", *arguments[1:]]
    return [sys.executable, *arguments[1:]] if arguments[0] == "python" else arguments


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
