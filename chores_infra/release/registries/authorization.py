"""Being let in by a registry: Basic, or a Bearer token of the server that the registry names.

Sources: https://distribution.github.io/distribution/spec/auth/token/ and
https://distribution.github.io/distribution/spec/auth/oauth/; RFC 9110 section 11.6.1 (WWW-Authenticate).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries.credentials import Login
from chores_infra.release.registries.http import HttpClient, origin

__all__ = ["Authorization", "Challenge", "challenges"]

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=:-]{1,65536}")
_PULL: Final = re.compile(r"repository:[a-z0-9._/-]+:pull(?:,[a-z,*]+)?")
# A scheme, or a parameter of the scheme before it.
_PART: Final = re.compile(
    r'\s*(?:(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*)(?=\s|$))\s*,?'
)
_LONGEST: Final = 8192


class Challenge(NamedTuple):
    """One way in that a server names: its scheme in lower case, and its parameters."""

    scheme: str
    parameters: dict[str, str]


def challenges(header: str) -> list[Challenge]:
    """Read the header ``WWW-Authenticate``.

    >>> challenges('Bearer realm="https://auth.example.com/token",service="registry"')[0].parameters["service"]
    'registry'
    """
    found: list[Challenge] = []
    for name, quoted, plain, scheme in _PART.findall(header[:_LONGEST]):
        if scheme:
            found.append(Challenge(scheme.lower(), {}))
        elif found:
            found[-1].parameters[name.lower()] = re.sub(r"\\(.)", r"\1", quoted) or plain
    return found


class Authorization:
    """How one repository of one registry lets us in. Threads share it.

    Args:
        client: asks the server of tokens.
        base: the registry's URL; no token or password goes to a server of lesser security.
        path: of the repository.
        login: finds the login; asked once, and only when the registry wants one.
    """

    def __init__(self, client: HttpClient, base: str, path: str, login: Callable[[], Login | None]) -> None:
        self._client = client
        self._base = base
        self._path = path
        self._find_login = login
        self._asked_login = False
        self._login: Login | None = None
        self._lock = threading.Lock()
        self._header: str | None = None

    @property
    def header(self) -> str | None:
        """The value of ``Authorization`` for the next request; None before the registry wanted one."""
        return self._header

    @property
    def has_login(self) -> bool:
        """Whether there is a user, or we are nobody."""
        return self._login is not None

    def renew(self, used: str | None, wanted: Sequence[Challenge], until: float) -> bool:
        """Get another way in after the one that was used was refused; False where there is none.

        Raises:
            RegistryError: the server of tokens cannot be asked, or is not to be trusted.
        """
        with self._lock:
            if self._header != used:
                return True  # another thread has been here
            if not self._asked_login:
                self._asked_login, self._login = True, self._find_login()
            schemes = {challenge.scheme: challenge.parameters for challenge in wanted}
            if "bearer" in schemes:
                header = f"Bearer {self._token(schemes['bearer'], until)}"
            elif "basic" in schemes and self._login is not None:
                header = self._login.basic
            else:
                return False
            if header == used:
                return False
            self._header = header
            return True

    def _token(self, parameters: dict[str, str], until: float) -> str:
        realm = parameters.get("realm", "")
        self._check_realm(realm)
        scope = parameters.get("scope", "")
        asked = {
            "service": parameters.get("service", ""),
            "scope": scope if _PULL.fullmatch(scope) else f"repository:{self._path}:pull",
        }
        asked = {name: value for name, value in asked.items() if value}
        login = self._login
        if login is not None and login.identity_token is not None:
            form = {
                **asked,
                "grant_type": "refresh_token",
                "client_id": "chores-infra",
                "refresh_token": login.identity_token,
            }
            content = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = self._client.ask("POST", realm, content, until=until, body=urlencode(form).encode())
        else:
            headers = {} if login is None else {"Authorization": login.basic}
            separator = "&" if urlsplit(realm).query else "?"
            answer = self._client.ask("GET", f"{realm}{separator}{urlencode(asked)}", headers, until=until)
        server = origin(realm)
        if answer.status >= 500 or answer.status == 429:
            raise RegistryUnavailableError(f"{server}, which gives the tokens, answered {answer.status}")
        if answer.status != 200:
            way_out = "the login was not accepted" if login else "there is no login"
            host = urlsplit(self._base).netloc
            raise RegistryError(
                f"{server}, which gives the tokens, answered {answer.status}: {way_out}; docker login {host}"
            )
        return _token_in(answer.body, server)

    def _check_realm(self, realm: str) -> None:
        try:
            parts = urlsplit(realm)
            usable = parts.scheme in {"https", "http"} and parts.hostname and parts.username is None
            _ = parts.port
        except ValueError:
            usable = False
        if not usable or not realm.isascii() or any(character <= " " for character in realm):
            raise RegistryError(f"{origin(self._base)} names no usable server for its tokens")
        if parts.scheme != "https" and not self._base.startswith("http:"):
            raise RegistryError(
                f"{origin(self._base)} wants its tokens from {origin(realm)}, without TLS; "
                "no login is sent there"
            )


def _token_in(body: bytes, server: str) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    fields = answer if isinstance(answer, dict) else {}
    token = fields.get("token") or fields.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise RegistryError(f"{server} did not answer with a token")
    return token
