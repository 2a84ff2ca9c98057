"""Measure validation side by side: ``python bench/validate.py --copies 1 20``.

Whole ``chores-infra validate``, its schema part alone, and ``kubeconform -strict`` with the same schemas,
over the largest tree of the shared data (CHORES_INFRA_SHARED) and over copies of it. See README.md in this
folder.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import budgets
import report
import tools
import trees
import validators
from measure import Absent, Case, Result, measure, run_once
from run import measured, progress, reported

WHAT = "validation of a tree"


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--copies", type=int, nargs="+", default=[1, 20], metavar="N", help="of the tree (default 1 20)"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the report here as well")
    parser.add_argument(
        "--verify", action="store_true", help="check that all find the known mistakes, measure nothing"
    )
    parser.add_argument(
        "--folder", type=Path, default=tools.WORK / "runs", metavar="DIR", help="where to work"
    )
    chosen = parser.parse_args(argv)
    if min(chosen.copies) < 1 or chosen.runs < 1:
        parser.error("--copies and --runs take numbers from 1")
    return chosen


def validation(
    copies: Sequence[int], rounds: int, root: Path, *, only_verify: bool = False
) -> tuple[Mapping[int, Sequence[Result]], list[str]]:
    """The results by the number of copies, and the sections of the report.

    Raises:
        BrokenPeerError: a command failed, or did not find the known mistakes.
    """
    corpus = trees.shared("corpus")
    if corpus is None:
        reason = f"absent: {trees.SHARED} names no folder with the trees (corpus) and definitions (crds)"
        progress(f"{WHAT}: {reason}")
        return {}, [] if only_verify else [f"## {WHAT.capitalize()}\n\n{reason}\n"]
    tree = trees.largest(corpus)
    inputs = root / "inputs"
    validators.prepare(inputs)
    verify(tree, inputs, root / "verify")
    results: dict[int, Sequence[Result]] = {}
    sections: list[str] = []
    for count in () if only_verify else copies:
        folder = root / f"{count}-copies"
        copied = folder / "tree"
        trees.copies(tree, copied, count)
        cases, absent = _split(validators.cases(copied, inputs))
        warm = {case.name: run_once(case, folder / f"{case.name}-warm") for case in cases}
        said = {case.name: validators.found(case, folder / f"{case.name}-warm", copied) for case in cases}
        results[count] = measure(cases, folder, rounds=rounds, warm=warm)
        title = f"{WHAT.capitalize()}: {_size(copied, count)}"
        notes = "".join(f"- {line}\n" for line in validators.differences(said))
        sections.append(f"{report.section(title, results[count], absent, [budgets.KUBECONFORM])}\n{notes}")
    return results, sections


def verify(tree: Path, inputs: Path, root: Path) -> None:
    """Let all validate the tree with the known mistakes in it."""
    copied = root / "tree"
    trees.copies(tree, copied, 1)
    shutil.copy(validators.MISTAKES, copied)
    cases, absent = _split(validators.cases(copied, inputs))
    for case in cases:
        run_once(case, root / case.name)
        validators.verify(case, validators.found(case, root / case.name, copied))
        progress(f"{case.name}: finds all {len(validators.PLANTED)} known mistakes")
    for missing in absent:
        progress(f"{missing.name}: absent: {missing.reason}")


def _split(found: Sequence[Case | Absent]) -> tuple[list[Case], list[Absent]]:
    cases = [case for case in found if isinstance(case, Case)]
    return cases, [case for case in found if isinstance(case, Absent)]


def _size(tree: Path, count: int) -> str:
    files = sum(1 for path in tree.rglob("*") if path.is_file())
    return f"{files:,} files" if count == 1 else f"{files:,} files, {count} copies"


def run_all(chosen: argparse.Namespace, root: Path) -> list[str]:
    """The parts of the report, or nothing where the validators are only verified."""
    return measured(
        lambda: validation(chosen.copies, chosen.runs, root, only_verify=chosen.verify),
        budgets.judge_validation,
        only_verify=chosen.verify,
    )


def main() -> int:
    chosen = arguments()
    return reported(lambda root: run_all(chosen, root), chosen.folder, chosen.out)


if __name__ == "__main__":
    sys.exit(main())
