"""Find the modules of ``bench/``, which import each other by name, as ``python bench/run.py`` does."""

from __future__ import annotations

import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"
sys.path.insert(0, str(BENCH))
