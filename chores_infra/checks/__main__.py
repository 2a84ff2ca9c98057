"""Write the pages about the rules: ``python -m chores_infra.checks docs/rules``."""

from __future__ import annotations

import sys
from pathlib import Path

from chores_infra.checks.pages import pages
from chores_infra.checks.registry import built_in_rules


def main(folder: Path) -> None:
    """Write every page, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(built_in_rules())
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m chores_infra.checks FOLDER")
    main(Path(sys.argv[1]))
