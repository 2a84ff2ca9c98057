"""Any registry that speaks the OCI distribution API: Docker's, GitHub's, GitLab's, Harbor, Quay.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries.authorization import Authorization, challenges
from chores_infra.release.registries.credentials import find_login
from chores_infra.release.registries.http import Answer, HttpClient, origin
from chores_infra.release.registries.image import DIGEST, Image
from chores_infra.release.registries.manifests import MANIFESTS, built_at, tags_in
from chores_infra.release.registries.patience import concurrently

__all__ = ["OciRegistry"]

_PAGE: Final = 1000
_MOST_TAGS: Final = 500_000
_LIST_PATIENCE: Final = 20
"""How many times the time for a look-up a whole list may take."""
_AT_ONCE: Final = 8
"""Requests under way at the same time: tags are asked for one by one."""
_TRIES: Final = 4
_REDIRECTS: Final = 3
_NEXT: Final = re.compile(r'<([^<>\s]+)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)


class OciRegistry:
    """One repository of an OCI registry.

    Args:
        base: the registry's URL, ``https://registry.example.com``.
        path: of the repository.
        timeout: seconds for a look-up with all its requests, and for each request of a list.
        environment: the variables of the process, for logins.
        home: the user's folder, for logins.
    """

    def __init__(
        self, base: str, path: str, *, timeout: float, environment: dict[str, str], home: Path
    ) -> None:
        self._base = base.rstrip("/")
        self._path = path
        self._timeout = timeout
        self._client = HttpClient()
        host = urlsplit(base).netloc
        host = "index.docker.io" if host == "registry-1.docker.io" else host
        self._authorization = Authorization(
            self._client,
            self._base,
            path,
            lambda: find_login(host, path, environment, home, timeout=timeout),
        )

    def find(self, tag: str) -> Image | None:
        """The image that a tag points at now."""
        return self._find(tag, self._until())

    def images(self) -> Iterator[Image]:
        """Every image that has a tag. Each tag is asked for, several at a time."""
        last = time.monotonic() + self._timeout * _LIST_PATIENCE
        tags = self._tags(last)

        def digest_of(tag: str) -> str | None:
            image = self._find(tag, min(self._until(), last))
            return image.digest if image else None  # removed since the list was made

        together: dict[str, list[str]] = {}
        for tag, digest in zip(tags, concurrently(digest_of, tags, _AT_ONCE), strict=True):
            if digest is not None:
                together.setdefault(digest, []).append(tag)
        for digest, names in together.items():
            yield Image(digest, tuple(sorted(names)))

    def dated(self, image: Image) -> Image:
        """The image with the time of its own configuration, where that has one."""
        if image.created_at is not None:
            return image
        until = self._until()
        return image._replace(
            created_at=built_at(
                image.digest,
                lambda digest: self._content("manifests", digest, until),
                lambda digest: self._content("blobs", digest, until),
                self._name,
            )
        )

    @property
    def _name(self) -> str:
        return f"{urlsplit(self._base).netloc}/{self._path}"

    def _until(self) -> float:
        return time.monotonic() + self._timeout

    def _url(self, what: str) -> str:
        return f"{self._base}/v2/{self._path}/{what}"

    def _find(self, tag: str, until: float) -> Image | None:
        answer = self._ask("HEAD", self._url(f"manifests/{tag}"), until)
        if answer.status == 404:
            return None
        digest = answer.headers.get("Docker-Content-Digest", "")
        if answer.status == 200 and not digest:
            answer = self._ask("GET", self._url(f"manifests/{tag}"), until)
            digest = _sha256(answer.body)
        self._expect(answer, f"tag {tag}")
        if not DIGEST.fullmatch(digest):
            raise RegistryError(f"{self._name}: tag {tag}: the registry answered with no digest")
        return Image(digest, (tag,))

    def _tags(self, last: float) -> list[str]:
        """Every tag, page after page."""
        tags: dict[str, None] = {}
        url: str | None = self._url(f"tags/list?n={_PAGE}")
        while url is not None:
            answer = self._ask("GET", url, min(self._until(), last))
            if answer.status == 404:
                raise RegistryError(f"{self._name}: there is no such repository in the registry")
            self._expect(answer, "its tags")
            before = len(tags)
            tags.update(dict.fromkeys(tags_in(answer.body, self._name)))
            url = self._next_page(answer, url)
            if len(tags) > _MOST_TAGS or (url is not None and len(tags) == before):
                raise RegistryError(f"{self._name}: the registry's list of tags does not end")
        return list(tags)

    def _next_page(self, answer: Answer, url: str) -> str | None:
        match = _NEXT.search(answer.headers.get("Link", ""))
        if match is None:
            return None
        further: str = urljoin(url, match[1])
        if origin(further) != origin(self._base):
            raise RegistryError(f"{self._name}: the registry's list of tags goes on at {origin(further)}")
        return further

    def _content(self, kind: str, digest: str, until: float) -> bytes:
        """What has a digest, held to it."""
        answer = self._ask("GET", self._url(f"{kind}/{digest}"), until)
        self._expect(answer, digest[:19])
        if digest.startswith("sha256:") and _sha256(answer.body) != digest:
            raise RegistryError(f"{self._name}: what the registry gives for {digest[:19]} has another digest")
        return answer.body

    def _ask(self, method: str, url: str, until: float) -> Answer:
        """Ask with patience: log in where that is wanted, and wait where the registry is busy."""
        renewed = False
        tries = 0
        while True:
            used = self._authorization.header
            answer = self._follow(method, url, used, until)
            if answer.status == 401 and not renewed:
                wanted = [
                    each
                    for header in answer.headers.get_all("WWW-Authenticate", [])
                    for each in challenges(header)
                ]
                renewed = True
                if self._authorization.renew(used, wanted, until):
                    continue
            if answer.status != 429 and answer.status < 500:
                return answer
            tries += 1
            pause = _pause(answer, tries)
            if tries == _TRIES or time.monotonic() + pause >= until:
                asks = f" and asks to wait {pause:.0f} seconds" if answer.status == 429 else ""
                raise RegistryUnavailableError(f"{self._name}: the registry answered {answer.status}{asks}")
            time.sleep(pause)

    def _follow(self, method: str, url: str, authorization: str | None, until: float) -> Answer:
        """Ask, and follow redirects. The login goes to the registry alone."""
        own = origin(self._base)
        for _ in range(_REDIRECTS + 1):
            headers = {"Accept": MANIFESTS} if "/manifests/" in url else {}
            if authorization is not None and origin(url) == own:
                headers["Authorization"] = authorization
            answer = self._client.ask(method, url, headers, until=until)
            if answer.status not in {301, 302, 303, 307, 308}:
                return answer
            url = _redirected(url, answer.headers.get("Location", ""), self._name)
        raise RegistryError(f"{self._name}: the registry redirects again and again")

    def _expect(self, answer: Answer, what: str) -> None:
        """Refuse every status but 200. What a server says in words is left out: it may repeat a login."""
        if answer.status == 200:
            return
        host = urlsplit(self._base).netloc
        if answer.status in {401, 403}:
            found = "the login may not read it" if self._authorization.has_login else "it needs a login"
            raise RegistryError(f"{self._name}: {what}: {found}; docker login {host}")
        raise RegistryError(f"{self._name}: {what}: the registry answered {answer.status}")


def _redirected(url: str, location: str, name: str) -> str:
    try:
        further = urljoin(url, location)
        parts = urlsplit(further)
        usable = parts.scheme in {"https", "http"} and parts.hostname and parts.username is None
        _ = parts.port
    except ValueError:
        usable = False
    if not location or not usable or not further.isascii() or any(each <= " " for each in further):
        raise RegistryError(f"{name}: the registry redirects to no usable address")
    if url.startswith("https:") and parts.scheme != "https":
        raise RegistryError(f"{name}: the registry redirects to {origin(further)}, without TLS")
    return further


def _pause(answer: Answer, tries: int) -> float:
    """Seconds until the next try: what the server asks for, or longer each time."""
    asked = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
        pause: float = max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.25 * 2.0**tries
    return pause


def _sha256(content: bytes) -> str:
    from hashlib import sha256

    return f"sha256:{sha256(content).hexdigest()}"
