"""Measure everything and write ``bench/RESULTS.md``: ``python bench/results.py``.

Rendering for 1, 1,000 and 10,000 apps, and validation of a tree and of 20 copies of it, in one run. Of 10,000
apps only the cases that a budget is about: some peers would take hours. See README.md in this folder for how
to get every peer.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import budgets
import machine
import report
import run
import tools
from validate import validation

RESULTS = Path(__file__).with_name("RESULTS.md")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--apps", type=int, nargs="+", default=[1, 1000, 10000], metavar="N", help="as of run.py"
    )
    parser.add_argument(
        "--copies", type=int, nargs="+", default=[1, 20], metavar="N", help="as of validate.py"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="of rendering fewer apps, only these")
    parser.add_argument(
        "--out", type=Path, default=RESULTS, metavar="FILE.md", help="default bench/RESULTS.md"
    )
    parser.add_argument(
        "--folder", type=Path, default=tools.WORK / "runs", metavar="DIR", help="where to work"
    )
    chosen = parser.parse_args()
    if min(*chosen.apps, *chosen.copies, chosen.runs) < 1:
        parser.error("--apps, --copies and --runs take numbers from 1")
    return chosen


def run_all(chosen: argparse.Namespace, root: Path) -> list[str]:
    """The parts of the report: the command, the machine, every section, and all budgets."""
    facts, before = machine.facts(), machine.load()
    few = [count for count in chosen.apps if count < budgets.LARGE_FLEET]
    rendered, sections = run.rendering(few, chosen.runs, root / "few", only=chosen.only if few else None)
    for count in set(chosen.apps).difference(few):
        more, parts = run.rendering([count], chosen.runs, root / f"{count}", only=budgets.cases_at(count))
        rendered, sections = {**rendered, **more}, [*sections, *parts]
    validated, parts = validation(chosen.copies, chosen.runs, root / "validation")
    facts["load before, after"] = f"{before}, {machine.load()}"
    verdicts = [*budgets.judge(rendered), *budgets.judge_validation(validated)]
    command = " ".join(["python bench/results.py", *sys.argv[1:]])
    return [
        f"# Measurements\n\nMade by `{command}`; README.md says what every case is.\n",
        report.header(facts),
        *sections,
        *parts,
        report.budgets(verdicts),
    ]


def main() -> int:
    chosen = arguments()
    return run.reported(lambda root: run_all(chosen, root), chosen.folder, chosen.out)


if __name__ == "__main__":
    sys.exit(main())
