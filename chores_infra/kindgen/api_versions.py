"""``python -m chores_infra.kindgen.api_versions``: which releases of Kubernetes know each built-in kind.

It is read from the definitions that the pinned package carries for each release, and written to
``chores_infra/kinds/kubernetes_versions.json``: the first and the last minor release by API version and kind.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from chores_infra.kindgen.schema_writer import GENERATED

__all__ = ["OUT", "spans", "text"]

OUT = Path(__file__).parent.parent / "kinds" / "kubernetes_versions.json"

_PACKAGE = "kubernetes-validate"
_DEFINITIONS = re.compile(r"kubernetes_validate/kubernetes-json-schema/v1\.(\d+)\.0-local/_definitions\.json")


def spans() -> dict[str, dict[str, list[int]]]:
    """Return the first and last minor release that knows a kind, by API version and kind."""
    found: dict[str, dict[str, list[int]]] = {}
    distribution = metadata.distribution(_PACKAGE)
    files = {
        int(match[1]): Path(str(distribution.locate_file(match[0])))
        for file in distribution.files or ()
        if (match := _DEFINITIONS.fullmatch(file.as_posix()))
    }
    for minor, file in sorted(files.items()):
        definitions: dict[str, Any] = json.loads(file.read_bytes())["$defs"]
        for name, definition in definitions.items():
            identity = definition.get("x-kubernetes-group-version-kind", [])
            if (
                len(identity) == 1
                and ".apimachinery." not in name
                and not identity[0]["kind"].endswith("List")
            ):
                group, version, kind = (identity[0][part] for part in ("group", "version", "kind"))
                known = found.setdefault(f"{group}/{version}" if group else version, {})
                known.setdefault(kind, [minor, minor])[1] = minor
    return found


def text() -> str:
    """Return the text of the file: one kind a line."""
    groups = (
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(f"{json.dumps(kind)}: {span}" for kind, span in sorted(kinds.items()))
        + "\n}"
        for name, kinds in sorted(spans().items())
    )
    note = GENERATED.replace("chores_infra.kindgen", "chores_infra.kindgen.api_versions")
    return f'{{\n"generated": {json.dumps(note)},\n"minors": {{\n' + ",\n".join(groups) + "\n}\n}\n"


if __name__ == "__main__":
    OUT.write_text(text(), "utf-8")
    sys.stdout.write(f"written {OUT}\n")
