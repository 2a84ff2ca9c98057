"""Writes TypedDicts for type checkers."""

from __future__ import annotations

from chores_infra.kindgen.model import Api
from chores_infra.kindgen.overlay import Format


def type_files(api: Api, formats: dict[str, Format]) -> dict[str, str]:
    return {}
