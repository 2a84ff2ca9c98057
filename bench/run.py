"""Measure chores_infra and its peers side by side: ``python bench/run.py --apps 1 1000``.

See README.md in this folder for what is measured and how to get every peer.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import machine
import report
import tools
from measure import Absent, BrokenPeerError, Case, measure, run_once
from objects import expected
from peers import every_case
from verify import verify


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="+", default=[1, 1000], metavar="N", help="how many apps")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="only these cases")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the report here as well")
    parser.add_argument("--cores", type=int, metavar="N", help="give everything only the first N cores")
    parser.add_argument("--verify", action="store_true", help="check what the peers render, measure nothing")
    parser.add_argument("--keep", action="store_true", help="keep what was rendered, in bench/.work/")
    chosen = parser.parse_args(argv)
    if min(chosen.apps) < 1 or chosen.runs < 1:
        parser.error("--apps and --runs take numbers from 1")
    if chosen.cores is not None:
        available = sorted(os.sched_getaffinity(0))
        if not 1 <= chosen.cores <= len(available):
            parser.error(f"--cores takes a number from 1 to {len(available)} here")
    return chosen


def workload(count: int, root: Path, chosen: argparse.Namespace) -> str:
    """Verify and measure every case for ``count`` apps; the section of the report."""
    found = every_case(count, root / "inputs")
    if chosen.only:
        unknown = set(chosen.only) - {case.name for case in found}
        if unknown:
            names = ", ".join(case.name for case in found)
            raise BrokenPeerError(f"no case {', '.join(sorted(unknown))} for {count} apps; there are {names}")
        found = [case for case in found if case.name in chosen.only]
    cases = [case for case in found if isinstance(case, Case)]
    absent = [case for case in found if isinstance(case, Absent)]
    wanted = expected(count)
    warm = {}
    for case in cases:
        folder = root / f"{case.name}-warm"
        warm[case.name] = run_once(case, folder)
        objects = verify(case, folder, wanted)
        progress(f"{count} apps, {case.name}: {objects} objects verified, {warm[case.name].wall:.2f} s")
    if chosen.verify:
        lines = [f"{case.name}: {count} apps, as expected\n" for case in cases]
        return "".join(lines + [f"{case.name}: absent: {case.reason}\n" for case in absent])
    results = measure(cases, root, rounds=chosen.runs, warm=warm)
    return report.section(count, results, absent)


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    chosen = arguments()
    if chosen.cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    root = tools.WORK / "runs" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    try:
        before = machine.load()
        sections = [workload(count, root / f"{count}-apps", chosen) for count in chosen.apps]
        facts = {**machine.facts(), "load before, after": f"{before}, {machine.load()}"}
    except BrokenPeerError as error:
        progress(f"error: {error}")
        return 1
    finally:
        if not chosen.keep:
            shutil.rmtree(root, ignore_errors=True)
    text = "\n".join(sections if chosen.verify else ["# Measurements\n", report.header(facts), *sections])
    print(text)
    if chosen.out is not None:
        chosen.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
