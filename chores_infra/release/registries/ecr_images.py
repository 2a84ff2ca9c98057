"""What ECR says of images, in the answers of its API and in what ``aws ecr describe-images`` prints.

Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chores_infra.release.registries.image import DIGEST, Image
from chores_infra.versions import is_tag
from chores_infra.wording import written

__all__ = ["image_of"]


def image_of(detail: Mapping[str, Any]) -> Image:
    """The image of one ``imageDetails`` entry.

    Raises:
        ValueError: the field, what was found and what was expected.
    """
    digest = detail.get("imageDigest")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise ValueError(
            f"imageDigest: expected 'sha256:' and 64 digits from 0-9a-f, found {written(digest)}"
        )
    return Image(digest, _tags(detail.get("imageTags", [])), _moment(detail.get("imagePushedAt")))


def _tags(tags: object) -> tuple[str, ...]:
    if not isinstance(tags, list) or not all(isinstance(tag, str) and is_tag(tag) for tag in tags):
        raise ValueError(f"imageTags: expected a list of tags, found {written(tags)}")
    return tuple(sorted(set(tags)))


def _moment(pushed: object) -> datetime | None:
    """Version 1 of the AWS command line prints seconds since 1970, version 2 ISO 8601 with its offset."""
    expected = "expected a time with its offset such as 2025-06-27T13:47:00+00:00, or seconds since 1970"
    try:
        if pushed is None:
            return None
        if isinstance(pushed, datetime):
            moment = pushed
        elif isinstance(pushed, int | float) and not isinstance(pushed, bool):
            moment = datetime.fromtimestamp(pushed, UTC)
        else:
            moment = datetime.fromisoformat(str(pushed))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError(f"imagePushedAt: {expected}, found {written(pushed)}")
