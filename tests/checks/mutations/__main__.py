"""Print the table of ``docs/validate.md``: ``python -m tests.checks.mutations``."""

from tests.checks.mutations import main

main()
