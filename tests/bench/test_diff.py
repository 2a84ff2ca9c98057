"""The comparisons side by side: each tells of every change that was made, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import diff
import pytest
from measure import BrokenPeerError, Case, run_once


def test_every_case_tells_of_the_images(tmp_path: Path) -> None:
    diff.prepare(tmp_path, 3)
    for case in diff.cases(tmp_path):
        if isinstance(case, Case):
            run_once(case, tmp_path / case.name)
            diff.verify(case, tmp_path / case.name, 3)


def test_a_case_that_misses_one_is_broken(tmp_path: Path) -> None:
    (tmp_path / "stdout").write_text('{"changes": []}')
    with pytest.raises(BrokenPeerError, match="tells of 0 images and 0 others, not 1"):
        diff.verify(Case(diff.FILES, []), tmp_path, 1)
