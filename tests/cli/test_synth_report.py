"""Colours are for terminals, and for those who want them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from chores_infra.cli.synth_report import Report
from chores_infra.environments import Environment
from chores_infra.release.outcome import Outcome


def on_a_terminal(arguments: list[str], folder: Path, **environment: str) -> str:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    known = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-m", "chores_infra", *arguments],
        cwd=folder,
        stdout=theirs,
        stderr=theirs,
        stdin=theirs,
        env={**known, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:
            pass  # Linux ends a terminal that nobody writes to any more like this.
        os.close(ours)
    assert process.returncode in {0, 1, 2}
    return shown.decode()


ARGUMENTS = [
    (["synth", "--version", "v3.0.0"], "\x1b[32mwritten"),
    (["synth", "--version", "v3.0.0", "--check"], "\x1b[32m+"),
    (["synth", "--version", "latest"], "\x1b[31m\x1b[1merror:"),
]


@pytest.mark.parametrize(("arguments", "colored"), ARGUMENTS)
def test_a_terminal_gets_colours(arguments: list[str], colored: str, project: Path) -> None:
    assert colored in on_a_terminal(arguments, project)


@pytest.mark.parametrize(("arguments", "colored"), ARGUMENTS)
def test_no_color_is_obeyed(arguments: list[str], colored: str, project: Path) -> None:
    shown = on_a_terminal(arguments, project, NO_COLOR="1")
    assert shown
    assert "\x1b" not in shown


MANY = """\
from chores_infra.apps.chores_tracker import ChoresTracker


def trackers():
    for number in range(12):
        yield ChoresTracker.named(f"tracker-{number}")
"""


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_a_bar_shows_how_far_many_apps_are_to_who_can_see_it(terminal: str, project: Path) -> None:
    (project / "many_trackers.py").write_text(MANY)
    shown = on_a_terminal(
        ["synth", "many_trackers:trackers", "--version", "v3.0.0"], project, TERM=terminal, NO_COLOR="1"
    )
    assert ("12/12" in shown) == (terminal == "xterm")
    assert "2 apps in dist" in shown or "errors" in shown


def test_what_many_apps_are_warned_of_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(Path("dist"), check=False, output_format="text")
    for name in ("lima", "oslo", "rome"):
        old = f"{name}/ingress (IngressRoute {name}): apiVersion: traefik.containo.us/v1alpha1 is deprecated"
        warnings = (old, f"{name} runs v1.0.0 in production, which is quarantined")
        report.add([Outcome(name, Environment.PRODUCTION, "v1.0.0", "1.0.0", (), warnings, (), "synth")])
    report.finish([], [])
    assert capsys.readouterr().err.splitlines() == [
        "warning: lima/ingress (IngressRoute lima): apiVersion: traefik.containo.us/v1alpha1 is deprecated"
        " (and 2 more like it)",
        "warning: lima runs v1.0.0 in production, which is quarantined",
        "warning: oslo runs v1.0.0 in production, which is quarantined",
        "warning: rome runs v1.0.0 in production, which is quarantined",
    ]
