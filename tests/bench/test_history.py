"""Repositories with a long history: ours tells every commit of them."""

from __future__ import annotations

from pathlib import Path

import budgets
import commits
import history
import pytest
from measure import BrokenPeerError, Result, Run

from tests.git.served import run_git


def test_every_commit_is_told(tmp_path: Path, git_settings: Path) -> None:
    assert git_settings.is_file()
    assert history.reading([60], 1, tmp_path, only_verify=True) == ({}, [])
    repository = tmp_path / "60-commits" / "repository"
    assert run_git(repository, "rev-list", "--first-parent", "--count", "main") == "60"
    assert int(run_git(repository, "rev-list", "--merges", "--count", "main")) == 7
    with pytest.raises(BrokenPeerError, match="60 events of 61 commits"):
        history.verify(repository, tmp_path / "again", 61)


def test_the_budgets_are_about_time_and_memory() -> None:
    def results(wall: float, peak: float) -> list[Result]:
        git, ours = history.cases(Path())
        return [Result(git, [Run(1.0, 1.0, 9.0)]), Result(ours, [Run(wall, 1.0, peak)])]

    verdicts = budgets.judge_history({1000: results(1.0, 30.0), 5000: results(1.9, 45.0)})
    assert [verdict[3:] for verdict in verdicts] == [("1.900", "kept"), ("1.500", "MISSED")]
    assert budgets.judge_history({1000: results(1.0, 30.0)}) == []
    assert commits.rollbacks(100) == 2
