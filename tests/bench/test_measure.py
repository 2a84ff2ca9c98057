"""Commands are measured as whole processes, and one that fails is an error."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from measure import BrokenPeerError, Case, Result, Run, measure, run_once

NOTHING = Run(wall=0.0, cpu=0.0, peak=0.0)


def python(code: str, name: str = "case", *, to_stdout: bool = False) -> Case:
    return Case(name, [sys.executable, "-c", code, "{out}"], to_stdout=to_stdout)


def test_a_run_has_a_fresh_folder_for_its_files(tmp_path: Path) -> None:
    case = python("import pathlib, sys; pathlib.Path(sys.argv[1], 'a.yaml').write_text('a: 1')")

    run_once(case, tmp_path / "first")
    run_once(case, tmp_path / "second")

    for folder in ("first", "second"):
        assert [file.read_text() for file in case.rendered(tmp_path / folder)] == ["a: 1"]


def test_standard_output_can_be_what_is_rendered(tmp_path: Path) -> None:
    case = python("print('a: 1')", to_stdout=True)

    run_once(case, tmp_path / "run")

    assert [file.read_text() for file in case.rendered(tmp_path / "run")] == ["a: 1\n"]


def test_bytecode_is_kept_from_the_first_run_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "module.py").write_text("value = 1\n")
    case = python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import module; print(module.__cached__)"
    )

    run_once(case, tmp_path / "run")

    assert Path((tmp_path / "run" / "stdout").read_text().strip()).is_file()


def test_a_case_finds_what_the_commands_before_it_wrote(tmp_path: Path) -> None:
    case = python("open(__import__('sys').argv[1] + '/a.yaml', 'a').write('ran. ')")
    case = replace(case, before=[case.argv])

    run_once(case, tmp_path / "run")

    assert case.rendered(tmp_path / "run")[0].read_text() == "ran. ran. "


def test_peak_memory_is_that_of_the_command_and_not_of_whoever_measures(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * (256 * 2**20)

    small = run_once(python("pass"), tmp_path / "small")
    large = run_once(python("x = b'x' * (128 * 2**20)"), tmp_path / "large")

    assert len(ballast) == 256 * 2**20
    assert small.peak < 128 <= large.peak < 256


def test_a_failing_command_is_an_error_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(BrokenPeerError, match=r"case: exit code 3: no such chart"):
        run_once(python("import sys; print('no such chart', file=sys.stderr); sys.exit(3)"), tmp_path / "run")


def test_a_command_that_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrokenPeerError, match="case: cannot be started"):
        run_once(Case("case", [str(tmp_path / "nothing-here")]), tmp_path / "run")


def test_a_command_without_end_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrokenPeerError, match=r"case: no end after 0\.1 s"):
        run_once(python("__import__('threading').Event().wait()"), tmp_path / "run", timeout=0.1)


def test_rounds_are_interleaved(tmp_path: Path) -> None:
    log = tmp_path / "log"
    cases = [python(f"open({str(log)!r}, 'a').write({name!r})", name) for name in "abc"]

    results = measure(cases, tmp_path / "runs", rounds=3, warm=dict.fromkeys("abc", NOTHING))

    assert log.read_text() == "abc" + "bca" + "cab"
    assert [len(result.runs) for result in results] == [3, 3, 3]


def test_slow_commands_run_in_the_first_rounds_only(tmp_path: Path) -> None:
    walls = {"quick": 0.1, "slow": 25.0, "slower": 500.0}

    results = measure(
        [python("pass", name) for name in walls],
        tmp_path / "runs",
        rounds=4,
        warm={name: Run(wall, wall, 0.0) for name, wall in walls.items()},
    )

    assert [len(result.runs) for result in results] == [4, 2, 1]


def test_a_ratio_compares_runs_of_the_same_round() -> None:
    # The machine was ten times slower in the second round: that is no difference between the two.
    ours = Result(python(""), [Run(1.0, 0, 0), Run(10.0, 0, 0), Run(1.0, 0, 0)])
    theirs = Result(python(""), [Run(2.0, 0, 0), Run(20.0, 0, 0)])

    assert ours.ratio(theirs) == 0.5
