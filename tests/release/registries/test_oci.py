"""OCI registries that want tokens, are busy, have many tags, or mean harm: servers of this process."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries import Image, Registry, open_registry
from tests.release.registries.conftest import digest_of, serving

SECRET = "open-sesame-9d1c"


class Asked(NamedTuple):
    """A request that a server got."""

    method: str
    path: str
    authorization: str
    body: bytes = b""


class Answered(NamedTuple):
    """What it answers."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


Serve = Callable[[Callable[[Asked], Answered]], "Server"]


class Server(NamedTuple):
    url: str
    asked: list[Asked]

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def registry(self, timeout: float = 10) -> Registry:
        opened = open_registry(self.url, "registry.example.com/team/shop", timeout=timeout)
        assert opened is not None
        return opened


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server on loopback that answers what a function says."""
    with ExitStack() as stack:

        def start(answer: Callable[[Asked], Answered]) -> Server:
            asked: list[Asked] = []

            class Handler(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"

                def handle_any(self) -> None:
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                    got = Asked(self.command, self.path, self.headers.get("Authorization", ""), body)
                    asked.append(got)
                    status, headers, content = answer(got)
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(content)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(content)

                do_GET = do_HEAD = do_POST = handle_any  # noqa: N815

                def log_message(self, format: str, *args: object) -> None:
                    pass

            return Server(stack.enter_context(serving(Handler)), asked)

        yield start


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DOCKER_CONFIG", "XDG_RUNTIME_DIR", "REGISTRY_AUTH_FILE", "DOCKER_AUTH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def log_in(home: Path, host: str, **entry: str) -> None:
    entry = entry or {"auth": base64.b64encode(f"reader:{SECRET}".encode()).decode()}
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker" / "config.json").write_text(json.dumps({"auths": {host: entry}}))


DIGEST = digest_of("image")
FOUND = Answered(headers={"Docker-Content-Digest": DIGEST})
BASIC = "Basic " + base64.b64encode(f"reader:{SECRET}".encode()).decode()


def wants_token(realm: str) -> Callable[[Asked], Answered]:
    def answer(asked: Asked) -> Answered:
        if asked.authorization == "Bearer good":
            return FOUND
        scope = 'scope="repository:team/shop:pull"'
        return Answered(401, {"WWW-Authenticate": f'Bearer realm="{realm}",service="reg",{scope}'})

    return answer


class TestTokens:
    def test_a_token_comes_from_the_server_that_the_registry_names(self, serve: Serve) -> None:
        tokens = serve(lambda _: Answered(body=b'{"token": "good"}'))
        server = serve(wants_token(f"{tokens.url}/token"))
        found = server.registry().find("1.0.0")
        assert found == Image(DIGEST, ("1.0.0",))
        asked = parse_qs(urlsplit(tokens.asked[0].path).query)
        assert asked == {"service": ["reg"], "scope": ["repository:team/shop:pull"]}
        assert tokens.asked[0].authorization == ""

    def test_a_login_is_given_to_that_server(self, serve: Serve, home: Path) -> None:
        tokens = serve(lambda _: Answered(body=b'{"access_token": "good"}'))
        server = serve(wants_token(f"{tokens.url}/token"))
        log_in(home, server.host)
        assert server.registry().find("1.0.0") is not None
        assert tokens.asked[0].authorization == BASIC
        assert {asked.authorization for asked in server.asked} == {"", "Bearer good"}

    def test_an_identity_token_is_exchanged(self, serve: Serve, home: Path) -> None:
        tokens = serve(lambda _: Answered(body=b'{"access_token": "good"}'))
        server = serve(wants_token(f"{tokens.url}/token"))
        log_in(home, server.host, identitytoken=SECRET)
        assert server.registry().find("1.0.0") is not None
        form = parse_qs(tokens.asked[0].body.decode())
        assert tokens.asked[0].method == "POST"
        assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], [SECRET])

    def test_a_token_is_asked_for_once_and_again_when_it_has_expired(self, serve: Serve) -> None:
        given: list[str] = []

        def token(_: Asked) -> Answered:
            given.append(f"token-{len(given)}")
            return Answered(body=json.dumps({"token": given[-1]}).encode())

        tokens = serve(token)

        def answer(asked: Asked) -> Answered:
            # The first token is good for two requests.
            used = [each.authorization for each in server.asked].count("Bearer token-0")
            if asked.authorization == "Bearer token-1" or (
                asked.authorization == "Bearer token-0" and used <= 2
            ):
                return FOUND
            return Answered(401, {"WWW-Authenticate": f'Bearer realm="{tokens.url}"'})

        server = serve(answer)
        registry = server.registry()
        assert all(registry.find(tag) for tag in ("1.0.0", "1.1.0", "1.2.0", "1.3.0"))
        assert given == ["token-0", "token-1"]

    def test_a_refused_login_is_an_error_that_does_not_show_it(self, serve: Serve, home: Path) -> None:
        tokens = serve(lambda asked: Answered(401, body=asked.authorization.encode()))
        server = serve(wants_token(tokens.url))
        log_in(home, server.host)
        with pytest.raises(RegistryError, match="the login was not accepted") as caught:
            server.registry().find("1.0.0")
        assert SECRET not in str(caught.value)
        assert BASIC[6:] not in str(caught.value)

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"token": 1}', b'{"token": "a\\r\\nX-Evil: 1"}', b'{"token": ""}', b"\xff"]
    )
    def test_what_is_no_token_is_refused(self, serve: Serve, body: bytes) -> None:
        tokens = serve(lambda _: Answered(body=body))
        server = serve(wants_token(tokens.url))
        with pytest.raises(RegistryError, match="did not answer with a token"):
            server.registry().find("1.0.0")

    @pytest.mark.parametrize(
        "realm", ["", "ftp://a/", "file:///etc/passwd", "//x", "http://u:p@h/", "http://[", "http://h:x/"]
    )
    def test_what_is_no_server_of_tokens_is_refused(self, serve: Serve, realm: str) -> None:
        with pytest.raises(RegistryError, match="names no usable server for its tokens"):
            serve(wants_token(realm)).registry().find("1.0.0")

    def test_a_token_that_the_registry_refuses_again_is_no_endless_loop(self, serve: Serve) -> None:
        tokens = serve(lambda _: Answered(body=b'{"token": "bad"}'))
        server = serve(wants_token(tokens.url))
        with pytest.raises(RegistryError, match="it needs a login"):
            server.registry().find("1.0.0")
        assert len(server.asked) == 2


class TestLogins:
    def test_basic_is_used_where_the_registry_wants_it(self, serve: Serve, home: Path) -> None:
        server = serve(
            lambda asked: (
                FOUND
                if asked.authorization == BASIC
                else Answered(401, {"WWW-Authenticate": 'Basic realm="x"'})
            )
        )
        log_in(home, server.host)
        assert server.registry().find("1.0.0") is not None

    def test_a_login_comes_from_the_environment(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        server = serve(
            lambda asked: (
                FOUND
                if asked.authorization == BASIC
                else Answered(401, {"WWW-Authenticate": 'Basic realm="x"'})
            )
        )
        monkeypatch.setenv("CHORES_INFRA_REGISTRY_USER", "reader")
        monkeypatch.setenv("CHORES_INFRA_REGISTRY_PASSWORD", SECRET)
        assert server.registry().find("1.0.0") is not None

    def test_a_credential_helper_is_asked_by_name_and_on_its_input(
        self, serve: Serve, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = serve(
            lambda asked: (
                FOUND
                if asked.authorization == BASIC
                else Answered(401, {"WWW-Authenticate": 'Basic realm="x"'})
            )
        )
        helper = home / "docker-credential-keys"
        answer = json.dumps({"ServerURL": server.host, "Username": "reader", "Secret": SECRET})
        helper.write_text(
            f'#!/bin/sh\nread server\ntest "$1 $server" = "get {server.host}" && echo \'{answer}\'\n'
        )
        helper.chmod(helper.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{home}{os.pathsep}{os.environ['PATH']}")
        log_in(home, "elsewhere.example.com")
        configuration = {"credHelpers": {server.host: "keys"}}
        (home / ".docker" / "config.json").write_text(json.dumps(configuration))
        assert server.registry().find("1.0.0") is not None

    @pytest.mark.parametrize("name", ["../../bin/sh", "-x", "a b", "$(id)", "a\nb", ""])
    def test_what_is_no_name_of_a_helper_is_never_run(self, serve: Serve, home: Path, name: str) -> None:
        server = serve(lambda _: Answered(401, {"WWW-Authenticate": 'Basic realm="x"'}))
        (home / ".docker").mkdir()
        (home / ".docker" / "config.json").write_text(json.dumps({"credHelpers": {server.host: name}}))
        with pytest.raises(RegistryError, match="cannot be the name of a credential helper"):
            server.registry().find("1.0.0")

    def test_a_password_in_the_url_is_refused_and_not_shown(self) -> None:
        with pytest.raises(RegistryError, match="takes no user and password") as caught:
            open_registry(f"https://reader:{SECRET}@registry.example.com", "registry.example.com/shop")
        assert SECRET not in str(caught.value)

    def test_a_broken_file_of_logins_is_named_and_not_quoted(self, serve: Serve, home: Path) -> None:
        server = serve(lambda _: Answered(401, {"WWW-Authenticate": 'Basic realm="x"'}))
        (home / ".docker").mkdir()
        (home / ".docker" / "config.json").write_text(f'{{"auths": {SECRET}')
        with pytest.raises(RegistryError, match=r"config\.json: is no JSON") as caught:
            server.registry().find("1.0.0")
        assert SECRET not in str(caught.value)


class TestLists:
    def test_all_pages_are_read(self, serve: Serve) -> None:
        pages = {"": ["1.0.0", "1.1.0"], "1.1.0": ["1.2.0"], "1.2.0": None}

        def answer(asked: Asked) -> Answered:
            if asked.method == "HEAD":
                return Answered(headers={"Docker-Content-Digest": digest_of(asked.path)})
            last = parse_qs(urlsplit(asked.path).query).get("last", [""])[0]
            tags = pages[last]
            headers = {"Link": f'</v2/team/shop/tags/list?n=2&last={tags[-1]}>; rel="next"'} if tags else {}
            return Answered(
                headers=headers if last != "1.2.0" else {}, body=json.dumps({"tags": tags}).encode()
            )

        # The page after the last has no tags and no link, as some registries answer.
        server = serve(answer)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("chores_infra.release.registries.oci._MOST_TAGS", 100)
            images = list(server.registry().images())
        assert sorted(tag for image in images for tag in image.tags) == ["1.0.0", "1.1.0", "1.2.0"]

    @pytest.mark.parametrize("grows", [True, False])
    def test_a_list_that_never_ends_is_refused(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch, grows: bool
    ) -> None:
        monkeypatch.setattr("chores_infra.release.registries.oci._MOST_TAGS", 20)

        def answer(asked: Asked) -> Answered:
            tag = f"1.0.{len(server.asked)}" if grows else "1.0.0"
            link = {"Link": f'</v2/team/shop/tags/list?last={tag}>; rel="next"'}
            return Answered(headers=link, body=json.dumps({"tags": [tag]}).encode())

        server = serve(answer)
        with pytest.raises(RegistryError, match="list of tags does not end"):
            list(server.registry().images())

    def test_a_list_that_goes_on_elsewhere_is_refused(self, serve: Serve) -> None:
        other = serve(lambda _: Answered(body=b'{"tags": []}'))
        server = serve(
            lambda _: Answered(headers={"Link": f'<{other.url}/x>; rel="next"'}, body=b'{"tags": ["1.0.0"]}')
        )
        with pytest.raises(RegistryError, match="list of tags goes on at"):
            list(server.registry().images())
        assert other.asked == []

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b'{"tags": {}}', b'{"tags": [1]}', b'{"tags": ["a b"]}', b"<html>", b"[" * 99_999],
    )
    def test_garbage_is_refused(self, serve: Serve, body: bytes) -> None:
        with pytest.raises(RegistryError, match="the registry"):
            list(serve(lambda _: Answered(body=body)).registry().images())


class TestDates:
    def test_the_first_platform_of_an_index_counts_and_attestations_do_not(self, serve: Serve) -> None:
        config = json.dumps({"created": "2025-06-27T13:47:00Z"}).encode()
        manifest = json.dumps(
            {"config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": sha256(config)}}
        ).encode()
        index = json.dumps(
            {
                "manifests": [
                    {"digest": digest_of("attestation"), "platform": {"os": "unknown"}},
                    {"digest": sha256(manifest), "platform": {"os": "linux"}},
                ]
            }
        ).encode()
        contents = {sha256(content): content for content in (config, manifest, index)}
        server = serve(lambda asked: Answered(body=contents[asked.path.rpartition("/")[2]]))
        dated = server.registry().dated(Image(sha256(index), ("1.0.0",)))
        assert str(dated.created_at) == "2025-06-27 13:47:00+00:00"

    def test_content_is_held_to_its_digest(self, serve: Serve) -> None:
        server = serve(lambda _: Answered(body=b"{}"))
        with pytest.raises(RegistryError, match="has another digest"):
            server.registry().dated(Image(DIGEST, ("1.0.0",)))


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class TestBusyAndBroken:
    def test_a_busy_registry_is_asked_again_when_it_says(self, serve: Serve) -> None:
        server = serve(lambda _: Answered(429, {"Retry-After": "0"}) if len(server.asked) < 3 else FOUND)
        assert server.registry().find("1.0.0") is not None
        assert len(server.asked) == 3

    def test_nobody_waits_for_an_hour(self, serve: Serve) -> None:
        server = serve(lambda _: Answered(429, {"Retry-After": "3600"}))
        with pytest.raises(RegistryUnavailableError, match="answered 429 and asks to wait 3600 seconds"):
            server.registry().find("1.0.0")
        assert len(server.asked) == 1

    def test_a_broken_registry_gives_no_answer(self, serve: Serve) -> None:
        server = serve(lambda _: Answered(503, {"Retry-After": "0"}))
        with pytest.raises(RegistryUnavailableError, match="the registry answered 503"):
            server.registry().find("1.0.0")
        assert len(server.asked) == 4

    def test_a_connection_that_was_closed_meanwhile_is_made_again(self, serve: Serve) -> None:
        server = serve(lambda _: FOUND._replace(headers={**FOUND.headers, "Connection": "close"}))
        registry = server.registry()
        assert registry.find("1.0.0") == registry.find("1.0.0")

    def test_a_connection_that_was_closed_without_a_word_is_made_again(self) -> None:
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDocker-Content-Digest: {DIGEST}\r\n\r\n"
        with raw_server(lambda connection: connection.sendall(answer.encode())) as host:
            registry = open_registry(f"http://{host}", "shop")
            assert registry is not None
            assert registry.find("1.0.0") == registry.find("1.0.0")

    def test_a_port_that_nobody_listens_on_gives_no_answer(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            host = f"127.0.0.1:{taken.getsockname()[1]}"
        registry = open_registry(f"http://{host}", "shop")
        assert registry is not None
        with pytest.raises(RegistryUnavailableError, match="cannot be reached: Connection refused"):
            registry.find("1.0.0")


class TestHostile:
    def test_a_login_does_not_follow_a_redirect_elsewhere(self, serve: Serve, home: Path) -> None:
        other = serve(lambda _: FOUND)

        def answer(asked: Asked) -> Answered:
            if asked.authorization != BASIC:
                return Answered(401, {"WWW-Authenticate": 'Basic realm="x"'})
            return Answered(307, {"Location": f"{other.url}/blob"})

        server = serve(answer)
        log_in(home, server.host)
        assert server.registry().find("1.0.0") is not None
        assert [asked.authorization for asked in other.asked] == [""]

    @pytest.mark.parametrize(
        "location", ["", "file:///etc/passwd", "http://[", "http://a:b@h/", "gopher://x"]
    )
    def test_a_redirect_to_nowhere_is_refused(self, serve: Serve, location: str) -> None:
        with pytest.raises(RegistryError, match="redirects to no usable address"):
            serve(lambda _: Answered(302, {"Location": location})).registry().find("1.0.0")

    def test_redirects_in_a_circle_end(self, serve: Serve) -> None:
        server = serve(lambda asked: Answered(302, {"Location": asked.path}))
        with pytest.raises(RegistryError, match="redirects again and again"):
            server.registry().find("1.0.0")

    @pytest.mark.parametrize("digest", ["sha256:x", "../../etc", "sha256:" + "a" * 64 + "x", "md5:0"])
    def test_what_is_no_digest_is_refused(self, serve: Serve, digest: str) -> None:
        server = serve(lambda _: Answered(headers={"Docker-Content-Digest": digest}))
        with pytest.raises(RegistryError, match="answered with no digest"):
            server.registry().find("1.0.0")

    def test_a_body_without_end_is_cut(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chores_infra.release.registries.http.LARGEST", 10_000)
        server = serve(lambda _: Answered(body=b" " * 10_001))
        with pytest.raises(RegistryError, match="sends more than 10000 bytes"):
            list(server.registry().images())

    @pytest.mark.parametrize(
        ("sent", "problem"),
        [
            (b"SSH-2.0-OpenSSH_9.2\r\n", "no answer of HTTP"),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "no answer of HTTP"),
            (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000, "no answer of HTTP"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "no answer of HTTP"),
        ],
    )
    def test_what_is_no_http_is_refused(self, sent: bytes, problem: str) -> None:
        with raw_server(lambda connection: connection.sendall(sent)) as host:
            registry = open_registry(f"http://{host}", "shop", timeout=5)
            assert registry is not None
            with pytest.raises(RegistryError, match=problem):
                list(registry.images())

    @pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n{"])
    def test_an_answer_byte_by_byte_takes_no_longer_than_allowed(self, begun: bytes) -> None:
        def drip(connection: socket.socket) -> None:
            connection.sendall(begun)
            for _ in range(600):
                connection.sendall(b"x")
                time.sleep(0.05)

        with raw_server(drip) as host:
            registry = open_registry(f"http://{host}", "shop", timeout=0.4)
            assert registry is not None
            with pytest.raises(RegistryUnavailableError, match="did not answer in time"):
                next(iter(registry.images()))


class raw_server:  # noqa: N801  (a context manager)
    """A server that does with its connection what a function says."""

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._act = act
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    connection.recv(65_536)
                    self._act(connection)
        except OSError:
            return

    def __enter__(self) -> str:
        self._thread.start()
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_: Any) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
