"""A new project asks for the package that made it, wherever that came from."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PackageNotFoundError
from typing import Any

import pytest

from chores_infra.scaffold.requirement import installed_requirement

# As the specification shows them: https://packaging.python.org/en/latest/specifications/direct-url/
ARCHIVE = {"url": "https://example.com/chores_infra-0.1.0-py3-none-any.whl", "archive_info": {}}
GIT = {
    "url": "https://git.example.com/chores_infra.git",
    "vcs_info": {
        "vcs": "git",
        "requested_revision": "main",
        "commit_id": "7921be1537eac1e97bc40179a57f0349c2aee67d",
    },
}
FOLDER = {"url": "file:///home/me/my%20checkout", "dir_info": {"editable": True}}


class Installed(Distribution):
    def __init__(self, origin: dict[str, Any] | None) -> None:
        self.files_by_name = {
            "METADATA": "Metadata-Version: 2.1\nName: chores-infra\nVersion: 1.2.3\n",
            "direct_url.json": None if origin is None else json.dumps(origin),
        }

    def read_text(self, filename: str) -> str | None:
        return self.files_by_name.get(filename)

    def locate_file(self, path: Any) -> Any:
        raise NotImplementedError


def requirement(monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None) -> str:
    monkeypatch.setattr(Distribution, "from_name", lambda _name: Installed(origin))
    return installed_requirement()


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, "chores-infra>=1.2.3"),
        (ARCHIVE, "chores-infra @ https://example.com/chores_infra-0.1.0-py3-none-any.whl"),
        (
            GIT,
            "chores-infra @ git+https://git.example.com/chores_infra.git@7921be1537eac1e97bc40179a57f0349c2aee67d",
        ),
        (
            {**ARCHIVE, "subdirectory": "python"},
            "chores-infra @ https://example.com/chores_infra-0.1.0-py3-none-any.whl#subdirectory=python",
        ),
    ],
)
def test_it_is_asked_for_where_it_came_from(
    origin: dict[str, Any] | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert requirement(monkeypatch, origin) == expected


def test_a_folder_is_named_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    *comment, line = requirement(monkeypatch, FOLDER).splitlines()
    assert line == "chores-infra @ file:///home/me/my%20checkout"
    assert all(text.startswith("# ") for text in comment)
    assert "CI cannot reach it" in " ".join(comment)


def test_what_is_not_installed_has_only_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Distribution:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(Distribution, "from_name", missing)
    assert installed_requirement() == "chores-infra"
