"""kustomize, as ``kubectl kustomize`` and on its own, over plain manifests: the least that it can do.

Many apps are built one after the other, as Argo CD does it. One kustomization over all of them is no
alternative: its time grows faster than the square of their number, to minutes for 1,000 apps.
"""

from __future__ import annotations

from pathlib import Path

import tools
import yaml
from measure import Absent, Case
from objects import AppNames, files_of, fleet

KUBECTL = "kubectl-kustomize"
KUSTOMIZE = "kustomize"


def cases(count: int, inputs: Path) -> list[Case | Absent]:
    """Both programs over the same folders."""
    root = inputs / "kustomize"
    for names in fleet(count):
        write(root / names.name, names)
    programs = {
        KUBECTL: (tools.find("kubectl"), "kustomize", "https://kubernetes.io/docs/tasks/tools/"),
        KUSTOMIZE: (tools.find("kustomize"), "build", "go install sigs.k8s.io/kustomize/kustomize/v5@latest"),
    }
    return [
        Absent(name, how_to_get_it)
        if path is None
        else Case(name, argv(path, command, root, count), to_stdout=True)
        for name, (path, command, how_to_get_it) in programs.items()
    ]


def argv(program: str, command: str, root: Path, count: int) -> list[str]:
    """One app directly; many in a loop of the shell, with the separators that the program leaves out."""
    if count == 1:
        return [program, command, str(root / fleet(1)[0].name)]
    loop = 'for app in "$2"/*/; do "$0" "$1" "$app" || exit; echo ---; done'
    return ["/bin/sh", "-c", loop, program, command, str(root)]


def write(folder: Path, names: AppNames) -> None:
    """The manifests of one app and the kustomization that lists them."""
    folder.mkdir(parents=True)
    files = files_of(names)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": sorted(files),
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), encoding="utf-8")
