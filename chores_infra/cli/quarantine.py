"""``chores-infra quarantine``: versions that nothing may move to."""

from __future__ import annotations

import click

from chores_infra.cli.lazy import LazyGroup
from chores_infra.cli.options import debug_option

__all__ = ["quarantine"]


@click.group(cls=LazyGroup, names=("add", "lift", "list"), prefix="quarantine_")
@debug_option
def quarantine() -> None:
    """Keep versions from being deployed: list them, add one, lift one.

    They stand in the release intent. Nothing moves to a version that stands there; what runs it is left
    alone, and reported.
    """
