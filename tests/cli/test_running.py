"""How programs end: the promised exit codes, no traceback, nothing half printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from chores_infra.cli.options import debug_option
from chores_infra.cli.running import run
from chores_infra.errors import ChoresInfraError, QuarantinedError, VersionError


def ending(error: BaseException | None, code: int | None = None) -> click.Command:
    @click.command()
    @debug_option
    def command() -> int | None:
        if error is not None:
            raise error
        return code

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (VersionError("no"), 2),
        (QuarantinedError("no"), 1),
        (ChoresInfraError("no"), 2),
        (ZeroDivisionError("no"), 2),
        (RecursionError("no"), 2),
        (OSError(13, "Permission denied", "file"), 2),
        (click.UsageError("no"), 2),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_every_error_has_its_exit_code_and_one_line(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ending(error), [], "program") == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == (0 if code == 130 else 1)
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1)])
def test_a_command_answers_its_exit_code(answer: int | None, code: int) -> None:
    assert run(ending(None, answer), [], "program") == code


def test_what_should_not_happen_says_how_to_see_more(capsys: pytest.CaptureFixture[str]) -> None:
    run(ending(ZeroDivisionError("a\nb")), [], "program")
    assert capsys.readouterr().err == (
        "error: this should not happen, please report it: ZeroDivisionError: a b; --debug shows where\n"
    )
    run(ending(ZeroDivisionError("no")), ["--debug"], "program")
    said = capsys.readouterr().err
    assert "Traceback (most recent call last):" in said
    assert "--debug" not in said


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ending(None), ["--help"], "program") == 0
    assert capsys.readouterr().out.startswith("Usage: program [OPTIONS]\n")


def test_a_reader_that_leaves_is_no_error(project: Path) -> None:
    program = "import sys; from chores_infra.cli import main; sys.exit(main())"
    arguments = [sys.executable, "-c", program, "synth", "--version", "v3.0.0", "--format", "json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
    assert (project / "dist/releases/chores-tracker.yaml").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_an_error(project: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "chores_infra", "synth", "--version", "v3.0.0"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.endswith("\nerror: the output cannot be written: No space left on device\n")


def test_an_interrupt_ends_quietly(project: Path, process: Callable[..., Any]) -> None:
    # A shell that starts the tests in the background lets them, and so this child, ignore interrupts.
    (project / "interrupted.py").write_text(
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.raise_signal(signal.SIGINT)\n"
    )
    done = process(["-m", "chores_infra", "synth", "interrupted:App", "--version", "v1.0.0"], project)
    assert (done.code, done.out, done.err) == (130, "", "")


def test_what_the_terminal_cannot_show_is_escaped(project: Path, process: Callable[..., Any]) -> None:
    done = process(["-m", "chores_infra", "synth", "--version", "v日"], project, PYTHONIOENCODING="latin-1")
    assert done.code == 2
    assert done.err.startswith(r"error: 'v\u65e5' is no version")
