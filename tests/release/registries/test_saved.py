"""A saved `aws ecr describe-images`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chores_infra.errors import RegistryError
from chores_infra.release.registries import Image, open_registry

REPOSITORY = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"


def digest(character: str) -> str:
    return f"sha256:{character * 64}"


def detail(character: str, *tags: str, **fields: Any) -> dict[str, Any]:
    """As https://docs.aws.amazon.com/cli/latest/reference/ecr/describe-images.html prints it."""
    return {
        "registryId": "852893458518",
        "repositoryName": "chores-tracker",
        "imageDigest": digest(character),
        **({"imageTags": list(tags)} if tags else {}),
        "imageSizeInBytes": 61234567,
        "imagePushedAt": "2025-06-27T09:47:00-04:00",
        **fields,
    }


def images(folder: Path, *pages: dict[str, Any]) -> list[Image]:
    file = folder / "images.json"
    file.write_text("\n".join(json.dumps(page, indent=4) for page in pages))
    registry = open_registry(f"file:{file}", REPOSITORY)
    assert registry is not None
    return list(registry.images())


def test_times_are_utc(tmp_path: Path) -> None:
    [image] = images(tmp_path, {"imageDetails": [detail("a", "v3.0.0", "latest")]})
    assert image == Image(digest("a"), ("latest", "v3.0.0"), datetime(2025, 6, 27, 13, 47, tzinfo=UTC))


def test_seconds_since_1970_of_the_older_command_line(tmp_path: Path) -> None:
    [image] = images(tmp_path, {"imageDetails": [detail("a", imagePushedAt=1751032020.0)]})
    assert image.pushed_at == datetime(2025, 6, 27, 13, 47, tzinfo=UTC)


def test_pages_one_behind_the_other_are_one_list(tmp_path: Path) -> None:
    pages: list[dict[str, Any]] = [
        {"imageDetails": [detail("a", "1.0.0")], "nextToken": "more"},
        {"imageDetails": [detail("b", "1.1.0"), detail("a", "1.0.0")]},
    ]
    assert [image.digest for image in images(tmp_path, *pages)] == [digest("a"), digest("b")]


def test_a_list_that_ends_before_its_last_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="the last page says that more follow"):
        images(tmp_path, {"imageDetails": [detail("a")], "nextToken": "more"})


def test_another_repositorys_images_are_left_out(tmp_path: Path) -> None:
    other = detail("b", "9.0.0", repositoryName="other")
    [image] = images(tmp_path, {"imageDetails": [detail("a", "1.0.0"), other]})
    assert image.tags == ("1.0.0",)
    with pytest.raises(RegistryError, match="holds images of 'other' and none of 'chores-tracker'"):
        images(tmp_path, {"imageDetails": [other]})


def test_no_images_are_no_error(tmp_path: Path) -> None:
    assert images(tmp_path, {"imageDetails": []}) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("Unable to locate credentials", "is no JSON: line 1, column 1"),
        ("[]", "imageDetails: expected a list, found nothing"),
        ('{"imageIds": []}', "imageDetails: expected a list, found nothing"),
        ('{"imageDetails": [1]}', r"imageDetails\[0\]: expected an object, found 1"),
        ('{"imageDetails": [{"imageDigest": "sha256:x"}]}', r"imageDetails\[0\]\.imageDigest: expected"),
        ('{"imageDetails": [{"imageDigest": NaN}]}', "NaN is no number of JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"imageDetails": [{"imageDigest": "' + digest("a") + '", "imageTags": "v1"}]}', "a list of tags"),
        (
            '{"imageDetails": [{"imageDigest": "' + digest("a") + '", "imageTags": ["a b"]}]}',
            "a list of tags",
        ),
        (
            '{"imageDetails": [{"imageDigest": "' + digest("a") + '", "imagePushedAt": "2025-06-27"}]}',
            "imagePushedAt: expected a time with its offset",
        ),
        (
            '{"imageDetails": [{"imageDigest": "' + digest("a") + '", "imagePushedAt": 1e300}]}',
            "imagePushedAt: expected a time",
        ),
    ],
)
def test_what_is_no_such_list_is_refused_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "images.json"
    file.write_text(text)
    with pytest.raises(RegistryError, match=problem):
        open_registry(f"file:{file}", REPOSITORY)


def test_a_tag_of_two_images_is_refused(tmp_path: Path) -> None:
    pages = {"imageDetails": [detail("a", "latest"), detail("b", "latest")]}
    with pytest.raises(RegistryError, match="tag 'latest' is of two images"):
        images(tmp_path, pages)


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ("file:", "expected the path of a file"),
        ("file:missing.json", "cannot be read: No such file"),
        ("file:.", "found no regular file"),
        ("file:/dev/zero", "found no regular file"),
    ],
)
def test_what_is_no_file_is_refused(where: str, problem: str) -> None:
    with pytest.raises(RegistryError, match=problem):
        open_registry(where, REPOSITORY)
