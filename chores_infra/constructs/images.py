"""Images of containers: which one, and that it stays the same one.

Sources: the grammar of names in https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
and https://github.com/distribution/reference (domains), of digests in
https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests.
"""

from __future__ import annotations

from typing import Annotated

from chores_infra.arguments import Problems, value_object
from chores_infra.fields import Matching
from chores_infra.versions import TAG_PATTERN, is_floating

__all__ = ["Image"]

_DOMAIN_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][-a-zA-Z0-9]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_PATH_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"

Repository = Annotated[
    str,
    Matching(
        rf"(?:{_DOMAIN}/)?{_PATH_PART}(?:/{_PATH_PART})*",
        255,
        "the repository of an image without tag or digest, such as 'registry.example.com/team/shop': "
        "an optional host, then lower-case parts between '/'",
    ),
]
Tag = Annotated[
    str,
    Matching(
        TAG_PATTERN,
        128,
        "a tag: letters, digits, '_', '.' and '-', not '.' or '-' first",
    ),
]
Digest = Annotated[
    str,
    Matching(
        r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}", 255, "a digest: 'sha256:' and 64 digits from 0-9a-f"
    ),
]


@value_object
class Image:
    """An image by its repository, and the tag or digest that says which one.

    A tag that may point at another image tomorrow (``latest``, ``v3``, a branch) is refused, and so is no
    tag at all, unless a digest pins the image or ``floating=True`` says that this is meant.

    >>> str(Image(repository="registry.example.com/shop", tag="3.0.0"))
    'registry.example.com/shop:3.0.0'
    """

    repository: Repository
    tag: Tag | None = None
    digest: Digest | None = None
    floating: bool = False

    def check(self, problems: Problems) -> None:
        """Refuse an image that may change under a manifest that does not."""
        if self.floating or self.digest is not None:
            return
        if self.tag is None:
            problems.add(
                "tag",
                "an image without tag or digest is whatever 'latest' points at; give the tag of a version, "
                "such as '3.0.0', a digest, or floating=True",
            )
        elif is_floating(self.tag):
            problems.add(
                "tag",
                f"{self.tag!r} may point at another image tomorrow; give the tag of a full version, such as "
                "'3.0.0', a digest, or floating=True",
            )

    def __str__(self) -> str:
        """The reference as a container runtime reads it: ``repository:tag@digest``."""
        tag = f":{self.tag}" if self.tag is not None else ""
        return f"{self.repository}{tag}" + (f"@{self.digest}" if self.digest is not None else "")
