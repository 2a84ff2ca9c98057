"""What was edited by hand in generated files, and the refusal to lose it.

The release intent holds a fingerprint of the files as they were written. Files that do not match it were
edited, added or deleted by hand (or a run was killed half way). Which of them, and how, is found by rendering
what is recorded again: each was written as it is now or as it is rendered again, unless it was edited and its
Python has changed as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import PurePosixPath
from typing import Final

from chores_infra.errors import HandEditsError
from chores_infra.rendering.owned import differing, fingerprint
from chores_infra.rendering.plan import Plan

__all__ = ["byte_diff", "refuse_edits", "refuse_unknown", "touched"]

#: Files that may differ for it to be tried how they were written: each doubles the ways to try.
_MOST_TRIED: Final = 10


def touched(plan: Plan) -> list[PurePosixPath]:
    """The manifests that a plan changes or removes; what it adopts was asked for by name."""
    paths = (*plan.written, *plan.pruned)
    return sorted(path for path in paths if plan.places.owns(path) and path not in plan.adopted)


def refuse_edits(
    plan: Plan,
    present: Mapping[PurePosixPath, bytes],
    recorded: Mapping[PurePosixPath, str],
    rendered: str,
) -> None:
    """Refuse a plan that would undo what was done to files by hand.

    Args:
        plan: what would be written.
        present: our files as they are.
        recorded: the files as the recorded intent renders them now.
        rendered: the fingerprint of the files as they were written.

    Raises:
        HandEditsError: with the edit as a difference.
    """
    again = {path: text.encode() for path, text in recorded.items()}
    written = _as_written(present, again, rendered)
    before = again if written is None else written
    edited = [path for path in touched(plan) if before.get(path) != present.get(path)]
    if not edited:
        return
    if written is None:
        reason = (
            ": at least one was edited by hand since the last run, and the Python has changed too, so which "
            "cannot be told; compare them, and move the edit to the Python"
        )
    else:
        reason = " edited by hand since the last run; move the change to the Python"
    _refuse(plan, edited, reason, before, present)


def refuse_unknown(
    plan: Plan, present: Mapping[PurePosixPath, bytes], rendered: Mapping[PurePosixPath, str]
) -> None:
    """Refuse a plan that would change generated files of which nothing says how they were written.

    Raises:
        HandEditsError: with the difference from what would be written to what is there.
    """
    after = {path: text.encode() for path, text in rendered.items()}
    unknown = [path for path in touched(plan) if path in present]
    if unknown:
        reason = " would be lost, and nothing records whether they were edited by hand; compare them"
        _refuse(plan, unknown, reason, after, present)


def byte_diff(path: PurePosixPath, before: bytes | None, after: bytes | None) -> str:
    """The unified difference of two contents of a file; None stands for no file."""
    from chores_infra.rendering.line_diff import line_diff

    old, new = (
        None if data is None else data.decode("utf-8", "backslashreplace") for data in (before, after)
    )
    return line_diff(old, new, str(path))


def _as_written(
    present: Mapping[PurePosixPath, bytes], again: Mapping[PurePosixPath, bytes], rendered: str
) -> dict[PurePosixPath, bytes] | None:
    """The files as they were written, which their fingerprint proves; None when that cannot be told."""
    different = differing(again, present)
    if len(different) > _MOST_TRIED:
        return dict(again) if fingerprint(again) == rendered else None
    same = {path: data for path, data in again.items() if path not in different}
    for sources in product((again, present), repeat=len(different)):
        tried = same | {
            path: source[path] for path, source in zip(different, sources, strict=True) if path in source
        }
        if fingerprint(tried) == rendered:
            return tried
    return None


def _refuse(
    plan: Plan,
    paths: list[PurePosixPath],
    reason: str,
    before: Mapping[PurePosixPath, bytes],
    present: Mapping[PurePosixPath, bytes],
) -> None:
    places = plan.places
    files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    diffs = "".join(byte_diff(path, before.get(path), present.get(path)) for path in paths)
    what = f"{files} of {places.app} ({places.environment}){reason}, or drop it with --discard-edits"
    raise HandEditsError([str(path) for path in paths], f"{what}\n{diffs}".rstrip("\n"))
