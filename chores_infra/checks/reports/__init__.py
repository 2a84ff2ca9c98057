"""Reports: the findings of a validation, as the texts that people and programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from chores_infra.checks.report import Report

__all__ = ["FORMATS", "render"]

FORMATS: Final[tuple[str, ...]] = ("text", "json", "sarif", "junit", "github")

_MODULES: Final[Mapping[str, str]] = {"json": "as_json", "text": "as_text"}


def render(report: Report, format: str) -> str:
    """The report in one of the formats, ending with a newline unless it is empty."""
    module = import_module(f"{__name__}.{_MODULES.get(format, format)}")
    render_it: Callable[[Report], str] = module.render
    return render_it(report)
