"""How a process begins that renders for the command line: as light as that is, and quieter."""

from __future__ import annotations

import gc
import signal

from chores_infra.cli.pydantic_plugins import disable_plugins

__all__ = ["begin"]


def begin() -> None:
    """Prepare this process."""
    # An interrupt is for everybody in front of the terminal; who asked for the work says when it is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    disable_plugins()
    gc.set_threshold(50_000, 20, 50)
