"""How ``chores-infra versions`` says what can be deployed: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chores_infra.release.available import Available

__all__ = ["age", "as_json", "as_text"]

_MOST_TAGS: Final = 6
_UNITS: Final = (("y", 365 * 86_400), ("d", 86_400), ("h", 3_600), ("min", 60))


def as_text(rows: Sequence[Available], now: datetime) -> str:
    """A table; its column of times is called by what the times are.

    Args:
        rows: in the order to be shown.
        now: the time, with its zone.
    """
    if not rows:
        return "there is no version"
    pushed = any(row.image and row.image.pushed_at for row in rows)
    commits = any(row.commit for row in rows)
    heads = ["VERSION", "TAG", "SAME IMAGE", "PUSHED (UTC)" if pushed else "BUILT (UTC)", "AGE"]
    heads += [*(["COMMIT"] if commits else []), "RUNS IN", "QUARANTINED"]
    table = [heads, *(_cells(row, now, pushed=pushed, commits=commits) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table]
    return "\n".join(line.rstrip() for line in lines)


def as_json(app: str, image: str, rows: Sequence[Available]) -> str:
    """Everything that is known of each version; times in UTC."""
    versions = [
        {
            "version": row.name,
            "tag": row.tag,
            "digest": row.image.digest if row.image else None,
            "tags": list(row.image.tags) if row.image else [],
            "pushedAt": _utc(row.image.pushed_at) if row.image else None,
            "createdAt": _utc(row.image.created_at) if row.image else None,
            "commit": row.commit,
            "environments": [environment.value for environment in row.environments],
            "quarantine": {"reason": row.quarantine.reason, "since": row.quarantine.since}
            if row.quarantine
            else None,
        }
        for row in rows
    ]
    return json.dumps({"app": app, "image": image, "versions": versions}, indent=2)


def age(since: datetime, now: datetime) -> str:
    """How long ago something was, in its largest unit.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2025, 7, 1, tzinfo=UTC)
    >>> [age(now - timedelta(minutes=m), now) for m in (0, 5, 90, 3_000, 2_000_000)]
    ['now', '5 min', '1 h', '2 d', '3 y']
    """
    seconds = (now - since).total_seconds()
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return "now" if seconds > -60 else "in the future"


def _cells(row: Available, now: datetime, *, pushed: bool, commits: bool) -> list[str]:
    image = row.image
    moment = (image.pushed_at if pushed else image.created_at) if image else None
    others = row.others
    shared = ", ".join(others[:_MOST_TAGS]) + (f" +{len(others) - _MOST_TAGS}" if others[_MOST_TAGS:] else "")
    cells = [row.name, row.tag or "not there", shared or "-"]
    cells += [f"{moment:%Y-%m-%d %H:%M}", age(moment, now)] if moment else ["-", "-"]
    if commits:
        cells.append(row.commit[:12] if row.commit else "-")
    cells.append(", ".join(row.environments) or "-")
    cells.append(
        f"since {row.quarantine.since}: {' '.join(row.quarantine.reason.split())}" if row.quarantine else ""
    )
    return cells


def _utc(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
