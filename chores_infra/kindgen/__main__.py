"""``python -m chores_infra.kindgen --crds ../shared/crds``: regenerates ``chores_infra/kinds``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chores_infra.errors import ChoresInfraError
from chores_infra.kindgen.generate import files, load, read_api, write


def main(arguments: list[str] | None = None) -> int:
    """Regenerate and say what changed."""
    parser = argparse.ArgumentParser(prog="python -m chores_infra.kindgen", description=__doc__)
    parser.add_argument(
        "--crds", type=Path, required=True, help="the folder that holds the pinned CRD folders"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent / "kinds", help="where to write"
    )
    options = parser.parse_args(arguments)
    try:
        sources, overlay = load()
        api = read_api(sources, overlay, options.crds)
    except ChoresInfraError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    changed = write(options.out, files(api, overlay))
    sys.stdout.write(f"{len(api.kinds)} kinds, {len(api.structs)} types, {len(changed)} files changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
