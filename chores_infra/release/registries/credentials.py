"""The login for a registry: from the environment, or as ``docker login`` and ``podman login`` keep it.

Sources: https://docs.docker.com/reference/cli/docker/login/#credential-stores,
https://github.com/docker/docker-credential-helpers#development (the protocol of the helpers),
https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md (podman's
file, and keys with a path).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.errors import RegistryError

__all__ = ["Login", "find_login"]

USER: Final = "CHORES_INFRA_REGISTRY_USER"
PASSWORD: Final = "CHORES_INFRA_REGISTRY_PASSWORD"  # noqa: S105  (the name of a variable)
_CI: Final = "DOCKER_AUTH_CONFIG"
_DOCKER_HUB: Final = "index.docker.io"
_HUB_KEY: Final = "https://index.docker.io/v1/"
_HELPER: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}")
_LARGEST: Final = 1024 * 1024
_TOKEN: Final = "<token>"  # noqa: S105  (what a helper answers instead of a user's name)


class Login(NamedTuple):
    """A user and a password, or a token that stands for both. It is never shown."""

    user: str
    password: str
    identity_token: str | None = None

    def __repr__(self) -> str:
        return "Login(...)"

    @property
    def basic(self) -> str:
        """The value of the header ``Authorization``."""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


def find_login(
    host: str, path: str, environment: Mapping[str, str], home: Path, *, timeout: float
) -> Login | None:
    """Find the login for a repository; None where there is none.

    Args:
        host: of the registry, with its port.
        path: of the repository there; podman keeps logins for parts of a registry.
        environment: the variables of the process.
        home: the user's folder.
        timeout: seconds that a credential helper may take.

    Raises:
        RegistryError: a file cannot be read, or a helper cannot be run.
    """
    if environment.get(USER) and environment.get(PASSWORD):
        return Login(environment[USER], environment[PASSWORD])
    for source, text in _sources(environment, home):
        login = _login_in(_parsed(source, text), source, host, path, timeout)
        if login is not None:
            return login
    return None


def _sources(environment: Mapping[str, str], home: Path) -> Iterator[tuple[str, str]]:
    """The texts of all configurations that there are, the most explicit first."""
    if environment.get(_CI):
        yield _CI, environment[_CI]
    docker = environment.get("DOCKER_CONFIG")
    runtime = environment.get("XDG_RUNTIME_DIR")
    files = [
        Path(environment["REGISTRY_AUTH_FILE"]) if environment.get("REGISTRY_AUTH_FILE") else None,
        (Path(docker) if docker else home / ".docker") / "config.json",
        Path(runtime) / "containers" / "auth.json" if runtime else None,
        home / ".config" / "containers" / "auth.json",
    ]
    for file in files:
        if file is None or not file.is_file():
            continue
        try:
            if file.stat().st_size > _LARGEST:
                raise RegistryError(f"{file}: has more than {_LARGEST} bytes; expected a file of logins")
            yield str(file), file.read_text(encoding="utf-8")
        except OSError as error:
            raise RegistryError(f"{file}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise RegistryError(f"{file}: is not UTF-8") from None


def _parsed(source: str, text: str) -> Mapping[str, Any]:
    try:
        configuration = json.loads(text)
    except (ValueError, RecursionError):
        # The parser's message is left out: it may quote a password.
        raise RegistryError(f"{source}: is no JSON; log in again: docker login") from None
    if not isinstance(configuration, dict):
        raise RegistryError(f"{source}: expected an object; log in again: docker login")
    return configuration


def _login_in(
    configuration: Mapping[str, Any], source: str, host: str, path: str, timeout: float
) -> Login | None:
    helpers = _table(configuration, "credHelpers")
    entries = _table(configuration, "auths")
    names = list(_names(host, path))
    for name in names:
        if isinstance(helpers.get(name), str):
            return _helped(helpers[name], name, source, timeout)
    by_name = {_plain(key): entry for key, entry in entries.items()}
    entry = next((by_name[name] for name in names if name in by_name), None)
    store = configuration.get("credsStore")
    if isinstance(store, str) and store and not (isinstance(entry, dict) and entry.get("auth")):
        return _helped(store, _HUB_KEY if host == _DOCKER_HUB else host, source, timeout)
    return _login_of(entry) if isinstance(entry, dict) else None


def _names(host: str, path: str) -> Iterator[str]:
    """What a login for a repository may be kept under, the most specific first."""
    parts = path.split("/")
    for length in range(len(parts), 0, -1):
        yield "/".join((host, *parts[:length]))
    yield host
    if host == _DOCKER_HUB:
        yield _HUB_KEY
        yield "docker.io"


def _plain(key: str) -> str:
    """A key without its scheme, and without the paths of old APIs."""
    bare = re.sub(r"^https?://", "", key).rstrip("/")
    return re.sub(r"/v[12]$", "", bare)


def _login_of(entry: Mapping[str, Any]) -> Login | None:
    token = entry.get("identitytoken")
    user, password = entry.get("username"), entry.get("password")
    if entry.get("auth"):
        try:
            decoded = base64.b64decode(str(entry["auth"]), validate=True).decode().rstrip("\0")
        except (binascii.Error, ValueError):
            return None
        user, _, password = decoded.partition(":")
    if isinstance(token, str) and token:
        return Login(str(user or ""), "", token)
    return Login(user, str(password or "")) if isinstance(user, str) and user else None


def _helped(name: str, server: str, source: str, timeout: float) -> Login | None:
    """What the credential helper of that name answers for a server."""
    if not _HELPER.fullmatch(name):
        raise RegistryError(f"{source}: {name!r:.80} cannot be the name of a credential helper")
    program = shutil.which(f"docker-credential-{name}")
    if program is None:
        raise RegistryError(
            f"{source}: names the credential helper {name!r}, and docker-credential-{name} is not on PATH"
        )
    try:
        asked = subprocess.run(
            [program, "get"], input=server.encode(), capture_output=True, timeout=timeout, check=False
        )
        answer = json.loads(asked.stdout) if asked.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        raise RegistryError(f"docker-credential-{name} did not answer within {timeout:g} seconds") from None
    except OSError as error:
        raise RegistryError(f"docker-credential-{name} cannot be run: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise RegistryError(f"docker-credential-{name} did not answer with JSON") from None
    user, secret = (
        (answer.get("Username"), answer.get("Secret")) if isinstance(answer, dict) else (None, None)
    )
    if not isinstance(user, str) or not isinstance(secret, str) or not secret:
        return None  # a helper ends with 1 where it knows of no login
    return Login("", "", secret) if user == _TOKEN else Login(user, secret)


def _table(configuration: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = configuration.get(key)
    return table if isinstance(table, dict) else {}
