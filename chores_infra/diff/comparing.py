"""Two sets of manifests to the difference between them: a pure function.

::

    manifests -> pairs (matching) -> differences (walking) -> effects -> what may be shown (masking) ->
    Comparison
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chores_infra import kinds
from chores_infra.diff.effects import Subject, effects_of_field, effects_of_object
from chores_infra.diff.masking import shown, shown_path
from chores_infra.diff.matching import Pair, identity_of, paired
from chores_infra.diff.model import (
    ChangeClass,
    Comparison,
    Effect,
    FieldChange,
    Identity,
    Located,
    ResourceChange,
    What,
)
from chores_infra.diff.walking import Difference, differences, pointer

__all__ = ["compare"]

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NEW_NAME = ("name", "namespace")


def compare(
    before: Iterable[Located], after: Iterable[Located], *, text_only: Sequence[str] = ()
) -> Comparison:
    """What differs between two sets of manifests, the worst first.

    Args:
        before: the manifests of one side; what stands there twice is compared twice.
        after: those of the other.
        text_only: files that differ as text; what differs in what they hold, the manifests tell.

    >>> from chores_infra.diff import Located, compare
    >>> old = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    >>> old["spec"] = {"replicas": 1}  # what an API server fills in
    >>> new = old | {"spec": {"selector": {"matchLabels": {"app": "web"}}}}
    >>> comparison = compare([Located(old)], [Located(new)])
    >>> for field in comparison.changes[0].fields:
    ...     print(field.field, field.what, *field.classes)
    spec.selector added replace traffic
    """
    changes = [change for pair in paired(before, after) if (change := _change(pair)) is not None]
    changed = {file for change in changes for file in (change.before_file, change.after_file)}
    changes.sort(key=_order)
    return Comparison(tuple(changes), tuple(file for file in text_only if file not in changed))


def _order(change: ResourceChange) -> tuple[int, str, str, Identity]:
    rank = [*ChangeClass].index(change.classes[0])
    return rank, change.after_file or "", change.before_file or "", change.identity


def _change(pair: Pair) -> ResourceChange | None:
    before, after = pair.before, pair.after
    subject = Subject(
        before,
        after,
        None if before is None else identity_of(before),
        None if after is None else identity_of(after),
    )
    fields = tuple(_fields(subject, renamed=pair.renamed))
    what = _what(pair, fields)
    if what is None:
        return None
    edges = what in (What.ADDED, What.REMOVED, What.RENAMED)
    return ResourceChange(
        what,
        subject.before_identity,
        subject.after_identity,
        None if before is None else before.file,
        None if after is None else after.file,
        None if before is None else before.line,
        None if after is None else after.line,
        fields,
        effects_of_object(subject, what) if edges else _effects_of_a_move(subject),
    )


def _what(pair: Pair, fields: Sequence[FieldChange]) -> What | None:
    before, after = pair.before, pair.after
    if before is None or after is None:
        return What.ADDED if before is None else What.REMOVED
    if pair.renamed:
        return What.RENAMED
    if any(field.what is not What.REORDERED for field in fields):
        return What.CHANGED
    if fields:
        return What.REORDERED
    return What.MOVED if _is_moved(before, after) else None


def _is_moved(before: Located, after: Located) -> bool:
    return None not in (before.file, after.file) and before.file != after.file


def _effects_of_a_move(subject: Subject) -> tuple[Effect, ...]:
    before, after = subject.before, subject.after
    if before is None or after is None or not _is_moved(before, after):
        return ()
    return effects_of_object(subject, What.MOVED)


def _fields(subject: Subject, *, renamed: bool) -> Iterable[FieldChange]:
    before, after = subject.before, subject.after
    if before is None or after is None or before.manifest is after.manifest:
        return
    kind = subject.kind
    known = kinds.find(str(after.manifest.get("apiVersion")), str(after.manifest.get("kind")))
    shape = known.shape if known is not None and not after.document else None
    for difference in differences(kind, before.manifest, after.manifest, shape):
        path = difference.path
        if renamed and len(path) == 2 and path[0] == "metadata" and path[1] in _NEW_NAME:
            continue
        yield _shown(difference, subject)


def _shown(difference: Difference, subject: Subject) -> FieldChange:
    path = difference.path
    secret = difference.secret or (subject.kind == ("", "Secret") and _LAST_APPLIED in path)
    before, hides_before = shown(difference.before, path, secret=secret)
    after, hides_after = shown(difference.after, path, secret=secret)
    default, _ = shown(difference.default, path)
    return FieldChange(
        shown_path(path),
        difference.what,
        before,
        after,
        pointer(difference.left),
        pointer(difference.right),
        effects_of_field(subject, difference),
        hides_before or hides_after,
        default,
    )
