"""The fields of a release intent: each function takes the text of one; ValueError says it is none."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from chores_infra.errors import FileError
from chores_infra.rendering.places import Places
from chores_infra.versions import is_tag
from chores_infra.wording import written

__all__ = ["as_app_name", "as_digest", "as_fingerprint", "as_moment", "as_reason", "as_tag"]

#: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_FINGERPRINT: Final = re.compile(r"sha256:[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def as_app_name(text: str) -> str:
    """The name of an app."""
    try:
        return Places(text).app
    except FileError as error:
        raise ValueError(str(error).removeprefix(f"{error.file}: ")) from None


def as_tag(text: str) -> str:
    """A tag of an image."""
    if not is_tag(text):
        raise ValueError(f"expected the tag of an image, such as 3.0.0, found {written(text)}")
    return text


def as_fingerprint(text: str) -> str:
    """The SHA-256 digest of files."""
    if not _FINGERPRINT.fullmatch(text):
        raise ValueError(f"expected sha256: and 64 hexadecimal digits, found {written(text)}")
    return text


def as_digest(text: str) -> str:
    """The digest of an image."""
    if not _DIGEST.fullmatch(text):
        raise ValueError(f"expected sha256: and 64 hexadecimal digits, found {written(text)}")
    return text


def as_reason(text: str) -> str:
    """Why a version is quarantined."""
    if not text.strip():
        raise ValueError("expected a reason, found nothing")
    return text


def as_moment(text: str) -> str:
    """A moment in ISO 8601, with its offset from UTC."""
    problem = f"expected a moment such as 2025-07-01T10:00:00Z, found {written(text)}"
    if not _MOMENT.fullmatch(text):
        raise ValueError(problem)
    try:
        datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"{problem}: {error}") from None
    return text
