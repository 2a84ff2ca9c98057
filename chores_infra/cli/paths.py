"""Paths as a person in the working directory would write them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["from_here"]


def from_here(path: Path) -> Path:
    """A path relative to the working directory, if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
