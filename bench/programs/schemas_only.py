"""The schema part of ``chores-infra validate``, alone: ``schemas_only.py FOLDER``.

Reads a tree, validates each manifest, and prints what is wrong, in the form of ``validate --format json``.
"""

from __future__ import annotations

import json
import sys

from chores_infra import kinds
from chores_infra.gitops.tree import Manifest, read_tree
from chores_infra.rendering.field_path import format_path


def finding(found: Manifest, problem: kinds.Problem) -> dict[str, object]:
    position = found.document.position((*found.path, *problem.path))
    return {
        "rule": "schema",
        "severity": "error",
        "file": found.document.source.file,
        "line": position.line,
        "resource": f"{found.value['kind']}/{found.value['metadata'].get('name', '')}",
        "path": format_path(problem.path),
        "message": problem.message,
    }


def main() -> None:
    (folder,) = sys.argv[1:]
    count = 0
    findings = []
    for manifest in read_tree(folder).manifests():
        kind = kinds.find(manifest.value["apiVersion"], manifest.value["kind"])
        if kind is not None:
            count += 1
            findings += [finding(manifest, problem) for problem in kind.validate(manifest.value, "read")]
    json.dump({"findings": findings, "summary": {"validated": count}}, sys.stdout)


if __name__ == "__main__":
    main()
