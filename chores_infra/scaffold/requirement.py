"""What a new project asks pip for, so that it gets the package that made the project."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PackageNotFoundError

__all__ = ["installed_requirement"]

_NAME = "chores-infra"
_LOCAL = (
    "# Where chores-infra was installed from on the computer that made the project. CI cannot reach it:\n"
    "# name a release, or the address of a git repository as in chores-infra @ git+https://...\n"
)


def installed_requirement() -> str:
    """The line (with a comment, where one is needed) of a requirements file for the package that runs.

    A package from an index is asked for by its version, no older than it is. Any other is asked for where it
    came from, which installers record:
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        package = Distribution.from_name(_NAME)
    except PackageNotFoundError:
        return _NAME  # a checkout that was not installed has no version to ask for
    recorded = package.read_text("direct_url.json")
    if not recorded:
        return f"{_NAME}>={package.version}"
    origin = json.loads(recorded)
    url = origin["url"]
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    if "subdirectory" in origin:
        url += f"#subdirectory={origin['subdirectory']}"
    return f"{_LOCAL if url.startswith('file:') else ''}{_NAME} @ {url}"
