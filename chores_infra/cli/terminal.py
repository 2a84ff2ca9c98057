"""The terminal that is printed to, if it is one."""

from __future__ import annotations

import shutil
import sys

__all__ = ["width"]


def width(otherwise: int) -> int:
    """The columns of the terminal; ``otherwise`` where output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else otherwise
