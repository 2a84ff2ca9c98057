"""Measure comparisons side by side: ``python bench/diff.py --apps 100 1000``.

``chores-infra diff`` over two folders of seven files an app, and over two files with all their objects,
beside ``dyff between`` over the same two files (it reads no folders). In every app one image changed. See
README.md in this folder.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import budgets
import objects
import report
import tools
from measure import Absent, BrokenPeerError, Case, Result, measure, run_once
from run import measured, progress, reported

FOLDERS, FILES, DYFF = budgets.DIFF, "ours-diff-files", "dyff"
CHANGED = (":3.0.0", ":3.1.0")
#: It ends with 1 where something differs.
DIFFERS = (0, 1)


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="+", default=[100, 1000], metavar="N", help="of each side")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the report here as well")
    parser.add_argument(
        "--folder", type=Path, default=tools.WORK / "runs", metavar="DIR", help="where to work"
    )
    chosen = parser.parse_args(argv)
    if min(*chosen.apps, chosen.runs) < 1:
        parser.error("--apps and --runs take numbers from 1")
    return chosen


def prepare(folder: Path, count: int) -> None:
    """Write both sides: a folder with seven files for each app, and a file with everything."""
    for side in ("before", "after"):
        everything = []
        for names in objects.fleet(count):
            app = folder / side / "base-apps" / names.name
            app.mkdir(parents=True)
            for file, text in objects.files_of(names).items():
                written = text if side == "before" else text.replace(*CHANGED)
                (app / file).write_text(written, encoding="utf-8")
                everything.append(written)
        (folder / f"{side}.yaml").write_text("---\n".join(everything), encoding="utf-8")


def cases(folder: Path) -> list[Case | Absent]:
    ours = [sys.executable, "-m", "chores_infra", "diff", "--format", "json"]
    files = [str(folder / "before.yaml"), str(folder / "after.yaml")]
    found: list[Case | Absent] = [
        Case(
            FOLDERS,
            [*ours, str(folder / "before"), str(folder / "after")],
            to_stdout=True,
            exit_codes=DIFFERS,
        ),
        Case(FILES, [*ours, *files], to_stdout=True, exit_codes=DIFFERS),
    ]
    dyff = tools.find("dyff")
    if dyff is None:
        return [*found, Absent(DYFF, "go install github.com/homeport/dyff/cmd/dyff@latest")]
    return [*found, Case(DYFF, [dyff, "between", "--omit-header", "--color", "off", *files], to_stdout=True)]


def verify(case: Case, folder: Path, count: int) -> None:
    """Every case has to tell of every image, and of nothing else.

    Raises:
        BrokenPeerError: it does not.
    """
    said = (folder / "stdout").read_text(encoding="utf-8")
    if case.name == DYFF:
        changes = re.findall(r"^spec\.template\.spec\.containers\.\S+\.image", said, re.MULTILINE)
        others = len(re.findall(r"^\S", said, re.MULTILINE)) - len(changes)
    else:
        fields = [field for change in json.loads(said)["changes"] for field in change["fields"]]
        changes = [field["field"] for field in fields if field["field"].endswith(".image")]
        others = len(fields) - len(changes)
    if (len(changes), others) != (count, 0):
        raise BrokenPeerError(f"{case.name}: tells of {len(changes)} images and {others} others, not {count}")


def comparison(
    counts: Sequence[int], rounds: int, root: Path
) -> tuple[Mapping[int, Sequence[Result]], list[str]]:
    """The results by the number of apps, and the sections of the report."""
    results: dict[int, Sequence[Result]] = {}
    sections: list[str] = []
    for count in counts:
        folder = root / f"{count}-apps"
        prepare(folder, count)
        found = cases(folder)
        present = [case for case in found if isinstance(case, Case)]
        warm = {}
        for case in present:
            warm[case.name] = run_once(case, folder / f"{case.name}-warm")
            verify(case, folder / f"{case.name}-warm", count)
            progress(f"{case.name}: tells of {count:,} images, and of nothing else")
        results[count] = measure(present, folder, rounds=rounds, warm=warm)
        title = f"Comparison: {report.workload(count)}, one field changed in each app"
        absent = [case for case in found if isinstance(case, Absent)]
        sections.append(report.section(title, results[count], absent, [DYFF]))
    return results, sections


def run_all(chosen: argparse.Namespace, root: Path) -> list[str]:
    return measured(lambda: comparison(chosen.apps, chosen.runs, root), budgets.judge_comparison)


def main() -> int:
    chosen = arguments()
    return reported(lambda root: run_all(chosen, root), chosen.folder, chosen.out)


if __name__ == "__main__":
    sys.exit(main())
