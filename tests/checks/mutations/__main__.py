"""Print the table of ``docs/validate.md``, and what was missed: ``python -m tests.checks.mutations``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.checks.mutations.table import MOST, chosen, outcomes, repositories, table


def main() -> None:
    """About five minutes on one core."""
    corpus = Path(os.environ["CHORES_INFRA_SHARED"]) / "corpus"
    found = outcomes(chosen(repositories(corpus), MOST))
    for outcome in found:
        if not outcome.found:
            print(outcome.mutation.family, outcome.mutation.what, outcome.elsewhere[:3], file=sys.stderr)
    print(table(found), end="")


if __name__ == "__main__":
    main()
