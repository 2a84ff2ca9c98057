"""Where manifests may be written for another tool, which considers that folder its own.

The cdk8s CLI empties its output folder before it runs an app. An infrastructure repository must never be it.
"""

from __future__ import annotations

from pathlib import Path

from chores_infra.errors import FileError
from chores_infra.rendering.places import RELEASES

__all__ = ["check_export_folder"]

_WAY_OUT = "set another one in cdk8s.yaml, such as cdk8s.out, and restore what is lost from git"


def check_export_folder(folder: Path, repository: Path) -> None:
    """Check that a folder that another tool empties holds nothing of an infrastructure repository.

    Raises:
        FileError: it is one, is inside the configured one, or contains it.
    """
    here, there = folder.resolve(), repository.resolve()
    if here == there:
        problem = "is the infrastructure repository"
    elif here in there.parents:
        problem = f"contains the infrastructure repository {repository}"
    elif there in here.parents:
        problem = f"is part of the infrastructure repository {repository}"
    elif (folder / RELEASES).exists():
        problem = f"looks like an infrastructure repository, as it has a folder {RELEASES}"
    else:
        return
    raise FileError(folder, f"{problem}, and the cdk8s CLI empties its output folder; {_WAY_OUT}")
