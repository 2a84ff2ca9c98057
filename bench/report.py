"""Measurements as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from measure import Absent, Result

REFERENCES = ("cdk8s-python", "helm-template")


def header(facts: Mapping[str, str]) -> str:
    """Machine and versions as a table."""
    rows = [(name, value or "absent") for name, value in facts.items()]
    return table(["what", "which"], rows)


def workload(count: int) -> str:
    """What is rendered, as the title of a section."""
    return "1 app (9 objects)" if count == 1 else f"{count:,} apps ({9 * count:,} objects)"


def section(
    title: str,
    results: Sequence[Result],
    absent: Sequence[Absent],
    references: Sequence[str] = REFERENCES,
) -> str:
    """One workload: every case with its figures, then what is absent and why."""
    compared = [result for name in references for result in results if result.case.name == name]
    columns = ["case", "wall (s)", "fastest (s)", "CPU (s)", "peak (MB)", "runs"]
    columns += [f"x {reference.case.name}" for reference in compared]
    rows = [
        (
            result.case.name,
            f"{result.median:.3f}",
            f"{result.fastest:.3f}",
            f"{result.cpu:.3f}",
            f"{result.peak:.0f}",
            str(len(result.runs)),
            *(f"{result.ratio(reference):.3f}" for reference in compared),
        )
        for result in results
    ]
    rows += [(case.name, f"absent: {case.reason}", *[""] * (len(columns) - 2)) for case in absent]
    return f"## {title}\n\n{table(columns, rows)}"


def budgets(rows: Sequence[Sequence[str]]) -> str:
    """The promises of the design that this run can answer."""
    if not rows:
        return ""
    return f"## Budgets\n\n{table(['workload', 'case', 'budget', 'figure', 'verdict'], rows)}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with aligned columns."""
    every = [list(columns), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in every]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "".join(f"| {line} |\n" for line in lines)
