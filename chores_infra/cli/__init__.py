"""The command line: one file per command, and no logic in them.

Nothing is imported here before it is needed: ``--help`` costs no more than click.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``chores-infra``; answers the exit code.

    0: done, and nothing to say. 1: something was found, or a rule refused it. 2: it could not be done.
    """
    try:
        from chores_infra.cli.group import chores_infra
        from chores_infra.cli.running import run
    except KeyboardInterrupt:
        return 130
    return run(chores_infra, arguments, "chores-infra")
