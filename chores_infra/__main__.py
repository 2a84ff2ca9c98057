"""``python -m chores_infra``."""

from __future__ import annotations

import sys

from chores_infra.cli import main

sys.exit(main())
