"""No peer but the floor: the same files, written without making anything of them.

On a busy or journalling disk this alone can take longer than ``helm template``, which writes one stream.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from measure import Absent, Case
from objects import files_of, fleet

NAME = "files-only"
PROGRAM = Path(__file__).parent.parent / "programs" / "files_only.py"


def cases(count: int, inputs: Path) -> list[Case | Absent]:
    """Seven files for each app."""
    texts = {f"{names.name}/{file}": text for names in fleet(count) for file, text in files_of(names).items()}
    (inputs / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    return [Case(NAME, [sys.executable, "-I", "-S", str(PROGRAM), str(inputs / "texts.json"), "{out}"])]
