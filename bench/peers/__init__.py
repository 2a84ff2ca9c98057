"""Who is measured. A peer is a module with ``cases(count, inputs)``; what is absent is answered as Absent."""

from __future__ import annotations

import json
from pathlib import Path

from measure import Absent, Case
from objects import values

from peers import cdk8s_javascript, cdk8s_python, files_only, helm, kustomize, ours, python_libraries

__all__ = ["every_case"]

#: In the order of the table.
PEERS = (ours, cdk8s_python, cdk8s_javascript, helm, kustomize, python_libraries, files_only)


def every_case(count: int, inputs: Path) -> list[Case | Absent]:
    """The cases of all peers for ``count`` apps; what they read is written into the folder ``inputs``."""
    inputs.mkdir(parents=True)
    (inputs / "apps.json").write_text(json.dumps(values(count)), encoding="utf-8")
    return [case for peer in PEERS for case in peer.cases(count, inputs)]
