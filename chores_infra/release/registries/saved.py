"""The images of a repository as ``aws ecr describe-images`` printed them into a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final, NoReturn

from chores_infra.errors import RegistryError
from chores_infra.release.registries.ecr_images import image_of
from chores_infra.release.registries.image import Image
from chores_infra.wording import written

__all__ = ["SavedImages"]

_LARGEST: Final = 512 * 1024 * 1024
"""Bytes. An image is described in about 700, and ECR holds 100,000 images in a repository."""


class SavedImages:
    """A registry that is a file: nothing of it changes, and nothing is asked of the network.

    Args:
        images: each digest once.
    """

    def __init__(self, images: Sequence[Image]) -> None:
        self._images = tuple(images)
        self._by_tag = {tag: image for image in images for tag in image.tags}

    @classmethod
    def read(cls, file: str, repository: str) -> SavedImages:
        """Read a file: one answer of ECR, or several pages of it one behind the other.

        Args:
            file: its path.
            repository: what ECR calls the repository, ``team/shop``; images of others are left out.

        Raises:
            RegistryError: the file cannot be read or is no such output; with line and field.
        """
        details = list(_details(file, _text_of(file)))
        own = [each for each in details if each[1].get("repositoryName", repository) == repository]
        if details and not own:
            others = sorted({written(detail["repositoryName"]) for _, detail in details})
            raise RegistryError(
                f"{file}: holds images of {', '.join(others[:3])} and none of {repository!r}; save them: "
                f"aws ecr describe-images --repository-name {repository} --output json"
            )
        merged: dict[str, Image] = {}
        for where, detail in own:
            try:
                image = image_of(detail)
            except ValueError as error:
                raise RegistryError(f"{file}: {where}.{error}") from None
            # Pages that were saved twice say the same twice.
            known = merged.get(image.digest, image)
            merged[image.digest] = image._replace(tags=tuple(sorted({*known.tags, *image.tags})))
        _check_tags(file, merged.values())
        return cls(list(merged.values()))

    def find(self, tag: str) -> Image | None:
        """The image that has a tag."""
        return self._by_tag.get(tag)

    def images(self) -> Iterator[Image]:
        """Every image of the file."""
        return iter(self._images)

    def dated(self, image: Image) -> Image:
        """The image: the file has no more than it has."""
        return image


def _text_of(file: str) -> str:
    path = Path(file)
    try:
        if not file.strip() or "\0" in file:
            raise RegistryError(f"file:{file}: expected the path of a file after 'file:'")
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise RegistryError(f"{file}: expected the file of a saved list of images, found no regular file")
        if status.st_size > _LARGEST:
            raise RegistryError(f"{file}: has {status.st_size} bytes; at most {_LARGEST} are read")
        # PowerShell's redirection writes a byte order mark.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RegistryError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RegistryError(f"{file}: is not UTF-8 at byte {error.start}") from None


def _details(file: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every entry of every page, and where it stands."""
    pages = list(_pages(file, text))
    for number, page in enumerate(pages, 1):
        where = "imageDetails" if len(pages) == 1 else f"page {number}: imageDetails"
        details = page.get("imageDetails") if isinstance(page, dict) else None
        if not isinstance(details, list):
            _refuse(file, f"{where}: expected a list, found {written(details)}")
        for index, detail in enumerate(details):
            if not isinstance(detail, dict):
                _refuse(file, f"{where}[{index}]: expected an object, found {written(detail)}")
            yield f"{where}[{index}]", detail
    last = pages[-1]
    token = last.get("nextToken", last.get("NextToken"))
    if token is not None:
        raise RegistryError(
            f"{file}: the last page says that more follow (nextToken); save them all: run the command "
            "without --max-items and --no-paginate, or append the pages that are missing"
        )


def _pages(file: str, text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=_no_number)
    position = 0
    while True:
        while position < len(text) and text[position] in " \t\r\n":
            position += 1
        if position == len(text):
            break
        try:
            page, position = decoder.raw_decode(text, position)
        except RecursionError:
            _refuse(file, "is nested too deeply")
        except json.JSONDecodeError as error:
            _refuse(file, f"is no JSON: line {error.lineno}, column {error.colno}: {error.msg}")
        except ValueError as error:
            _refuse(file, f"is no JSON: {error}")
        yield page
    if not text.strip():
        _refuse(file, "is empty")


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _check_tags(file: str, images: Iterable[Image]) -> None:
    owners: dict[str, str] = {}
    for image in images:
        for tag in image.tags:
            other = owners.setdefault(tag, image.digest)
            if other != image.digest:
                raise RegistryError(
                    f"{file}: tag {tag!r} is of two images, {other[:19]} and {image.digest[:19]}: pages of "
                    "different times; save the list again"
                )


def _refuse(file: str, problem: str) -> NoReturn:
    raise RegistryError(
        f"{file}: {problem}; expected the output of `aws ecr describe-images --output json`, "
        '{"imageDetails": [{"imageDigest": "sha256:...", "imageTags": [...], "imagePushedAt": ...}]}'
    )
