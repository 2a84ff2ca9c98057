"""A bar on standard error while many apps are rendered, for people in front of a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

__all__ = ["progress"]

T = TypeVar("T")
_FEW: Final = 10
"""Below this many apps a bar would only flicker."""


def progress(items: Iterable[T], length: int) -> Iterator[T]:
    """Pass items on; show how many of ``length`` there were, where somebody may look at it."""
    if length < _FEW or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from items
        return
    import click

    steps = max(1, length // 100)
    with click.progressbar(
        length=length, label="rendering", show_pos=True, update_min_steps=steps, file=sys.stderr
    ) as bar:
        for item in items:
            yield item
            bar.update(1)
