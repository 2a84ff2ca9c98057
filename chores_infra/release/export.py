"""Where manifests may be written for another tool, which considers that folder its own.

The cdk8s CLI empties its output folder before it runs an app. An infrastructure repository must never be it.
"""

from __future__ import annotations

from pathlib import Path

from chores_infra.errors import FileError
from chores_infra.rendering.places import RELEASES

__all__ = ["check_export_folder"]


def check_export_folder(folder: Path, repository: Path) -> None:
    """Check that a folder that another tool empties holds nothing of an infrastructure repository.

    Raises:
        FileError: it is one, is inside the configured one, or contains it.
    """
    here, there = folder.resolve(), repository.resolve()
    way_out = "set another output in cdk8s.yaml, such as cdk8s.out, and restore what is lost from git"
    if here == there or here in there.parents or there in here.parents:
        relation = "is" if here == there else "contains" if here in there.parents else "is part of"
        raise FileError(
            folder,
            f"{relation} the infrastructure repository {repository}, and the cdk8s CLI empties its output; "
            + way_out,
        )
    if (folder / RELEASES).exists():
        raise FileError(
            folder,
            f"has a folder {RELEASES}, so it looks like an infrastructure repository, and the cdk8s CLI "
            f"empties its output; {way_out}",
        )
