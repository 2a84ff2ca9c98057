"""What schemas cannot hold, as metadata of each type: where a validator must look, and the rules there.

The steps are read by ``chores_infra.kinds.checks``:

- ``["type", ref]``: an object of that type
- ``["each", step]``, ``["values", step]``: the items of a list, the values of an object
- ``["json"]``: anything goes, if it is JSON
- ``["check", name, ...]``: a rule about the value itself
- ``["all", step, ...]``: several of these
"""

from __future__ import annotations

from collections import deque
from typing import Any

from chores_infra.kindgen.model import (
    Anything,
    Api,
    Check,
    Choice,
    Listing,
    Mapping_,
    OpenObject,
    Ref,
    Struct,
    Type,
    refs,
    walk,
)

__all__ = ["Steps"]

Step = list[Any]


class Steps:
    """Knows which types have a rule at all, themselves or below, so that the others are never visited."""

    def __init__(self, api: Api, *, cel: bool = False) -> None:
        self._api = api
        self._cel = cel
        self._visited = self._types_with_rules()

    def metadata(self, ref: Ref, struct: Struct) -> dict[str, Any]:
        """Return the metadata of a type: empty when there is nothing to look at."""
        if ref not in self._visited:
            return {}
        found: dict[str, Any] = {}
        steps = {item.name: step for item in struct.fields if (step := self._step(item.type))}
        if steps:
            found["walk"] = steps
        if checks := self._own(struct.checks):
            found["checks"] = checks
        for name, check in self._triggered(struct):
            found.setdefault("triggered", {}).setdefault(name, []).append(_check(check))
        if struct.open and not self._cel:
            found["open"] = True
        return found

    def unchecked(self, root: Ref) -> list[str]:
        """Return the rules of a kind that are not evaluated, with the shortest path to each."""
        found: list[str] = []
        seen = {root}
        queue: deque[tuple[Ref, str]] = deque([(root, "")])
        while queue:
            ref, path = queue.popleft()
            struct = self._api.structs[ref]
            found.extend(f"{path or 'manifest'}: {note}" for note in struct.unchecked)
            for item in struct.fields:
                for target, below in _paths(item.type, f"{path}.{item.name}" if path else item.name):
                    if target not in seen:
                        seen.add(target)
                        queue.append((target, below))
        return found

    def _types_with_rules(self) -> set[Ref]:
        users: dict[Ref, set[Ref]] = {}
        found = set()
        for ref, struct in self._api.structs.items():
            is_open = struct.open and not self._cel
            if (
                self._own(struct.checks)
                or self._triggered(struct)
                or is_open
                or any(self._has_rule(item.type) for item in struct.fields)
            ):
                found.add(ref)
            for item in struct.fields:
                for target in refs(item.type):
                    users.setdefault(target, set()).add(ref)
        stack = list(found)
        while stack:
            for user in users.get(stack.pop(), ()):
                if user not in found:
                    found.add(user)
                    stack.append(user)
        return found

    def _step(self, type_: Type) -> Step | None:
        steps = [["check", *check] for check in self._own(getattr(type_, "checks", ()))]
        if isinstance(type_, Ref) and type_ in self._visited:
            steps.append(["type", str(type_)])
        elif isinstance(type_, Listing) and (step := self._step(type_.items)):
            steps.append(["each", step])
        elif isinstance(type_, Mapping_) and (step := self._step(type_.values)):
            steps.append(["values", step])
        elif isinstance(type_, Anything | OpenObject) and not self._cel:
            steps.append(["json"])
        elif isinstance(type_, Choice):
            # The options differ in their JSON type, and a step looks only at values of the type it is for.
            steps.extend(step for option in type_.options if (step := self._step(option)))
        if len(steps) > 1:
            return ["all", *steps]
        return steps[0] if steps else None

    def _has_rule(self, type_: Type) -> bool:
        return any(
            (isinstance(inner, Anything | OpenObject) and not self._cel)
            or self._own(getattr(inner, "checks", ()))
            for inner in walk(type_)
        )

    def _triggered(self, struct: Struct) -> tuple[tuple[str, Check], ...]:
        return () if self._cel else struct.triggered

    def _own(self, checks: tuple[Check, ...]) -> list[Step]:
        """Return the checks of this walk: rules in CEL have one of their own, over what has its defaults."""
        return [_check(check) for check in checks if (check[0] in {"cel", "transition"}) == self._cel]


def _check(check: Check) -> list[Any]:
    return [[*part] if isinstance(part, tuple) else part for part in check]


def _paths(type_: Type, path: str) -> list[tuple[Ref, str]]:
    if isinstance(type_, Ref):
        return [(type_, path)]
    if isinstance(type_, Listing):
        return _paths(type_.items, f"{path}[]")
    if isinstance(type_, Mapping_):
        return _paths(type_.values, f"{path}[]")
    if isinstance(type_, Choice):
        return [found for option in type_.options for found in _paths(option, path)]
    return []
