"""Measure commands as whole processes, side by side: wall time, CPU time and peak memory.

Every round runs each command once, in an order that changes from round to round, so that what else the
machine does falls on all of them. Every run has a fresh folder with a name that was never used; nothing is
deleted before the last round has ended, because a delete makes the file system slow for what comes next.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
#: A case runs in the first round, and in as many more as this many seconds allow.
SECONDS_PER_CASE = 60.0
#: Set here, it would have a package of a checkout compiled at each start; those of pip were when installed.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class BrokenPeerError(Exception):
    """A command failed, or did not render what it had to."""


@dataclass(frozen=True, slots=True)
class Case:
    """One command to measure. ``{out}`` in ``argv`` stands for the fresh folder that it may write to.

    ``to_stdout``: the manifests come on standard output; otherwise they are the YAML files that match
    ``manifests`` in the folder. ``before``: commands that are run first in the same folder and not measured.
    ``cwd`` is the folder of the run if not given. ``exit_codes``: those with which the command has done its
    work.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    to_stdout: bool = False
    manifests: str = "**/*.yaml"
    before: Sequence[Sequence[str]] = ()
    cwd: Path | None = None
    exit_codes: Sequence[int] = (0,)

    def rendered(self, folder: Path) -> list[Path]:
        """The files with the manifests of a run in ``folder``."""
        if self.to_stdout:
            return [folder / "stdout"]
        return sorted((folder / "out").glob(self.manifests))


@dataclass(frozen=True, slots=True)
class Absent:
    """A case that cannot be measured here, and what would change that."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Seconds; ``peak`` is the resident memory, in MB, of the largest process of the command."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Result:
    """The runs of one case, in the order of the rounds."""

    case: Case
    runs: Sequence[Run]

    @property
    def median(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def fastest(self) -> float:
        return min(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peak(self) -> float:
        return max(run.peak for run in self.runs)

    def ratio(self, reference: Result) -> float:
        """How many times the wall time of ``reference``: the median over the rounds that both ran in."""
        pairs = zip(self.runs, reference.runs, strict=False)
        return statistics.median(ours.wall / theirs.wall for ours, theirs in pairs)


def run_once(case: Case, folder: Path, *, timeout: float = 900) -> Run:
    """Run a case in ``folder``, which must not exist yet, after the commands that come before it.

    Raises:
        BrokenPeerError: the command cannot be started, fails, or takes longer than ``timeout`` seconds.
    """
    (folder / "out").mkdir(parents=True)
    for argv in case.before:
        _launch(case, argv, folder, timeout)
    return _launch(case, case.argv, folder, timeout)


def _launch(case: Case, argv: Sequence[str], folder: Path, timeout: float) -> Run:
    inherited = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    argv = [argument.replace("{out}", str(folder / "out")) for argument in argv]
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(folder / "stdout"), str(folder / "stderr")]
    with subprocess.Popen(
        [*launcher, *argv],
        cwd=case.cwd or folder,
        env={**inherited, **case.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, problem = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise BrokenPeerError(f"{case.name}: no end after {timeout:g} s") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # the command is in the group of its launcher
    if process.returncode != 0:
        raise BrokenPeerError(f"{case.name}: cannot be started: {problem.strip()}")
    code, wall, cpu, peak = said.split()
    if int(code) not in case.exit_codes:
        stderr = (folder / "stderr").read_text(encoding="utf-8", errors="replace").strip()
        raise BrokenPeerError(f"{case.name}: exit code {code}: {stderr[-2000:]}")
    return Run(float(wall), float(cpu), int(peak) / 1024)


def measure(cases: Sequence[Case], root: Path, *, rounds: int, warm: Mapping[str, Run]) -> list[Result]:
    """Run every case ``rounds`` times, interleaved; ``warm`` is a run of each that was made before.

    Raises:
        BrokenPeerError: a command failed.
    """
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for number in range(rounds):
        turn = number % len(cases) if cases else 0
        for case in [*cases[turn:], *cases[:turn]]:
            if number and (number + 1) * warm[case.name].wall > SECONDS_PER_CASE:
                continue
            runs[case.name].append(run_once(case, root / f"{case.name}-{number}"))
    return [Result(case, runs[case.name]) for case in cases]
