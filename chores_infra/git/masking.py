"""Take credentials out of what git and servers say, before anybody reads it."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["masked"]

_HIDDEN: Final = "***"
_SECRETS: Final = (
    # https://user:password@host, up to the last @ before the path
    re.compile(r"(?P<kept>\b[A-Za-z][A-Za-z0-9+.-]*://)[^/\s'\"]+(?=@)"),
    re.compile(r"(?P<kept>[?&](?:access_token|private_token|token|password|key)=)[^&\s'\"]+", re.IGNORECASE),
    re.compile(r"(?P<kept>\bauthorization\s*[:=]\s*)[^'\"\n]+", re.IGNORECASE),
    re.compile(r"(?P<kept>\b(?:bearer|basic)\s+)[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE),
    # https://github.blog/engineering/behind-githubs-new-authentication-token-formats, and GitLab's
    re.compile(r"(?P<kept>)\b(?:gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]{8,}"),
)
# Most texts have none of what all of these begin with.
_SIGNS: Final = re.compile(r"[:?&=]|bearer|basic|gh[pousr]_|github_pat_|glpat-", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without passwords and tokens.

    >>> masked("fatal: unable to access 'https://bot:s3cret@example.com/infra.git/'")
    "fatal: unable to access 'https://***@example.com/infra.git/'"
    """
    if not _SIGNS.search(text):
        return text
    for secret in _SECRETS:
        text = secret.sub(rf"\g<kept>{_HIDDEN}", text)
    return text
