"""``chores-infra``: its help, what it imports, what it completes."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from chores_infra.cli.group import COMMANDS, chores_infra

Run = Callable[..., Any]
HEAVY = ["pydantic", "pydantic_core", "yaml", "cdk8s", "constructs", "jsii", "rich"]


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_lists_every_command(arguments: list[str], run: Run) -> None:
    done = run(*arguments)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: chores-infra [OPTIONS] ")
    for command in COMMANDS:
        assert f"\n  {command} " in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_is_its_modules_name(command: str, run: Run) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: chores-infra {command} ")
    found = chores_infra.get_command(click.Context(chores_infra), command)
    assert found is not None
    assert found.name == command
    assert all(option.help for option in found.params if isinstance(option, click.Option))


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").out == f"chores-infra {importlib.metadata.version('chores-infra')}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["synth", "--help"], ["init", "--help"], ["--version"], ["sinth"], ["synth", "--colour"]],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(arguments: list[str], process: Run, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom chores_infra.cli import main\n"
        f"main({arguments!r})\nprint('heavy:', *set({HEAVY!r}) & set(sys.modules))"
    )
    done = process(["-c", program], tmp_path)
    assert done.out.splitlines()[-1] == "heavy:"


def test_a_synth_that_changes_nothing_reads_no_yaml(project: Path, process: Run, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    intent = project / "dist/releases/chores-tracker.yaml"
    intent.write_text(intent.read_text().replace("v3.0.0", "v3.0.0  # until the audit") + "# see #12\n")
    program = (
        "import sys\nfrom chores_infra.cli import main\n"
        "main(['synth'])\nprint('yaml' in sys.modules, 'difflib' in sys.modules)"
    )
    done = process(["-c", program], project)
    assert done.out.splitlines()[-2:] == ["8 unchanged", "False False"]


def test_python_dash_m_is_the_same_program(process: Run, tmp_path: Path) -> None:
    done = process(["-m", "chores_infra", "--help"], tmp_path)
    assert done.code == 0
    assert done.out.startswith("Usage: chores-infra [OPTIONS]")


def complete(process: Run, folder: Path, *words: str) -> list[str]:
    done = process(
        ["-m", "chores_infra"],
        folder,
        _CHORES_INFRA_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(["chores-infra", *words]),
        COMP_CWORD=str(len(words)),
    )
    assert done.err == ""
    return [line.partition(",")[2] for line in done.out.splitlines() if line]


def test_words_are_completed(project: Path, process: Run, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    run("synth", "--version", "v3.1.0", "--env", "staging")
    assert complete(process, project, "sy") == ["synth"]
    assert complete(process, project, "synth", "cho") == ["chores-tracker"]
    assert complete(process, project, "synth", "--env", "s") == ["staging"]
    assert complete(process, project, "--debug", "synth", "--debug", "--engine", "c") == ["cdk8s"]
    assert complete(process, project, "synth", "chores-tracker", "--version", "v3") == ["v3.0.0", "v3.1.0"]


def test_where_nothing_can_be_read_nothing_is_completed(tmp_path: Path, process: Run) -> None:
    (tmp_path / "chores-infra.toml").write_text("[apps\n")
    assert complete(process, tmp_path, "synth", "c") == []
    assert complete(process, tmp_path, "synth", "--version", "v") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_there_for_every_shell(shell: str, process: Run, tmp_path: Path) -> None:
    done = process(["-m", "chores_infra"], tmp_path, _CHORES_INFRA_COMPLETE=f"{shell}_source")
    assert (done.code, done.err) == (0, "")
    assert "_CHORES_INFRA_COMPLETE" in done.out
