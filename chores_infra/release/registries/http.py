"""HTTP with a bound on everything: how long an answer takes to its last byte, and how large it is.

The standard library's client bounds each read, so a server that sends a byte now and then holds it for ever.
Here a clock bounds the whole. Redirects are never followed. Connections are kept for the next request.
"""

from __future__ import annotations

import base64
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries.patience import within

__all__ = ["Answer", "HttpClient", "origin"]

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a body. A page of 1,000 tags of the greatest length has 131,000; a manifest at most 4 MiB."""
_AGENT: Final = "chores-infra"


class Answer(NamedTuple):
    """An answer of a server. ``headers`` are found whatever their case."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def origin(url: str) -> str:
    """The scheme, host and port of a URL: who is asked.

    >>> origin("https://Registry.example.com/v2/")
    'https://registry.example.com:443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{_port(parts)}"


class HttpClient:
    """Asks servers. Threads may share it."""

    def __init__(self) -> None:
        self._idle: dict[str, list[_Connection]] = {}
        self._lock = threading.Lock()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], *, until: float, body: bytes | None = None
    ) -> Answer:
        """Send one request and read its answer, whatever its status is.

        Args:
            method: ``GET``, ``HEAD`` or ``POST``.
            url: with scheme ``https`` or ``http``.
            headers: of the request.
            until: when to give up, by ``time.monotonic()``.
            body: of the request.

        Raises:
            RegistryUnavailableError: no connection, or no whole answer in time.
            RegistryError: what came is no answer of HTTP, or too large.
        """
        host = origin(url)
        try:
            with self._lock:
                idle = self._idle.get(host)
                kept = idle.pop() if idle else None
            answer = None
            if kept is not None:
                # The server may have closed it since; it is asked again then.
                with suppress(
                    http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError
                ):
                    answer = kept.ask(method, url, headers, body, until)
            if kept is None or answer is None:
                kept = within(_left(until), lambda: self._connect(url, until), host)
                answer = kept.ask(method, url, headers, body, until)
            if kept.is_open:
                with self._lock:
                    self._idle.setdefault(host, []).append(kept)
        except TimeoutError:
            raise RegistryUnavailableError(f"{host} did not answer in time") from None
        except ssl.SSLError as error:
            # A certificate that is not trusted is no silence: somebody may be in between.
            reason = getattr(error, "verify_message", None) or error.reason or "TLS failed"
            raise RegistryError(f"{host}: no secure connection: {reason}") from None
        except http.client.HTTPException as error:
            raise RegistryError(f"{host}: no answer of HTTP ({type(error).__name__})") from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise RegistryUnavailableError(f"{host} cannot be reached: {reason}") from None
        return answer

    def _connect(self, url: str, until: float) -> _Connection:
        parts = urlsplit(url)
        connection = _Connection(parts, self._tls if parts.scheme == "https" else None, until)
        connection.connect()
        return connection


class _Connection:
    """One connection to a server, through a proxy where the environment names one."""

    def __init__(self, url: SplitResult, tls: ssl.SSLContext | None, until: float) -> None:
        # Of its own, so that nothing refers back to the connection and it is closed when it is dropped.
        self._clock = _Clock(until)
        self._prefix = ""
        self._extra: dict[str, str] = {}
        host, port = url.hostname or "", _port(url)
        proxy = _proxy(url)
        near = proxy or url
        near_host, near_port = near.hostname or "", _port(near)
        made: http.client.HTTPConnection
        if url.scheme == "https":
            made = http.client.HTTPSConnection(near_host, near_port, timeout=_left(until), context=tls)
            if proxy:
                made.set_tunnel(host, port, _proxy_headers(proxy))
        else:
            made = http.client.HTTPConnection(near_host, near_port, timeout=_left(until))
            if proxy:
                self._prefix = f"http://{url.netloc}"
                self._extra = _proxy_headers(proxy)
        made.response_class = partial(_TimedResponse, self._clock)  # type: ignore[assignment]
        self._made = made

    @property
    def is_open(self) -> bool:
        """Whether the server leaves it open for another request."""
        return self._made.sock is not None

    def connect(self) -> None:
        self._made.connect()

    def close(self) -> None:
        self._made.close()

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, until: float
    ) -> Answer:
        self._clock.until = until
        self._made.sock.settimeout(self._clock.left())
        parts = urlsplit(url)
        target = self._prefix + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": _AGENT, **self._extra, **headers}
        try:
            self._made.request(method, target, body=body, headers=sent)
            response = self._made.getresponse()
            return Answer(response.status, response.headers, _content(response, url))
        except BaseException:
            self._made.close()
            raise

    def __del__(self) -> None:
        self.close()


class _Clock:
    """When the request that a connection carries now is given up."""

    def __init__(self, until: float) -> None:
        self.until = until

    def left(self) -> float:
        return _left(self.until)


def _content(response: http.client.HTTPResponse, url: str) -> bytes:
    content = response.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RegistryError(f"{origin(url)} sends more than {LARGEST} bytes, which no registry needs")
    if response.length:
        raise http.client.IncompleteRead(content, response.length)
    return content


class _TimedResponse(http.client.HTTPResponse):
    """A response that is read with what is left of the time, at each read anew."""

    def __init__(self, clock: _Clock, sock: socket.socket, **kwargs: Any) -> None:
        super().__init__(sock, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_TimedRaw(raw, sock, clock))


class _TimedRaw(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, clock: _Clock) -> None:
        self._raw = raw
        self._sock = sock
        self._clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        self._sock.settimeout(self._clock.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _proxy(url: SplitResult) -> SplitResult | None:
    """The proxy that the environment names for a URL (``HTTPS_PROXY``, ``NO_PROXY``), if any."""
    found = getproxies().get(url.scheme)
    if not found or proxy_bypass(url.netloc.rpartition("@")[2]):
        return None
    proxy = urlsplit(found if "://" in found else f"http://{found}")
    return proxy if proxy.scheme == "http" and proxy.hostname else None


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
