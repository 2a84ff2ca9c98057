"""AWS ECR, by moto's server and real boto3."""

from __future__ import annotations

import importlib.util
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries import open_registry, resolve
from chores_infra.versions import TagFormat
from tests.release.registries.conftest import ECR, digest_of, push, serving


def test_finds_an_image_with_every_tag_that_shares_it(ecr: Any) -> None:
    digest = push(ecr, "one", "3.0.0", "v3", "latest")
    registry = open_registry("ecr", ECR)
    assert registry is not None
    found = registry.find("3.0.0")
    assert found is not None
    assert found.digest == digest
    assert found.tags == ("3.0.0", "latest", "v3")
    assert found.pushed_at is not None
    assert abs(datetime.now(UTC) - found.pushed_at) < timedelta(hours=1)


def test_a_tag_that_is_not_there_is_none(ecr: Any) -> None:
    registry = open_registry("ecr", ECR)
    assert registry is not None
    assert registry.find("9.9.9") is None


def test_a_tag_that_moved_points_at_the_new_image(ecr: Any) -> None:
    push(ecr, "one", "1.0.0", "latest")
    second = push(ecr, "two", "1.1.0", "latest")
    registry = open_registry("ecr", ECR)
    assert registry is not None
    found = registry.find("latest")
    assert found is not None
    assert found.digest == second


class Pages(BaseHTTPRequestHandler):
    """ECR's answers a page at a time, which moto does not do: five images, two on each."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        start = int(asked.get("nextToken", 0))
        numbers = range(start, min(start + 2, 5))
        answer: dict[str, Any] = {
            "imageDetails": [{"imageDigest": digest_of(str(n)), "imageTags": [f"1.0.{n}"]} for n in numbers]
        }
        if start + 2 < 5 or "endless" in asked["repositoryName"]:
            answer["nextToken"] = str(min(start + 2, 4))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def pages(ecr: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with serving(Pages) as address, monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        yield


def test_lists_all_images_over_several_pages(pages: None) -> None:
    registry = open_registry("ecr", ECR)
    assert registry is not None
    assert [image.tags for image in registry.images()] == [(f"1.0.{number}",) for number in range(5)]


def test_pages_that_never_end_are_refused(pages: None) -> None:
    registry = open_registry("ecr", ECR.replace("chores-tracker", "endless"))
    assert registry is not None
    with pytest.raises(RegistryError, match="answers the same page again and again"):
        list(registry.images())


def test_the_name_of_the_repository_says_that_it_is_ecr(ecr: Any) -> None:
    push(ecr, "one", "v3.1.0", "sha-abc1234")
    registry = open_registry(None, ECR)
    assert registry is not None
    by_version = resolve(registry, "3.1.0", TagFormat())
    by_commit = resolve(registry, "sha-abc1234", TagFormat())
    assert by_version is not None
    assert by_commit is not None
    assert by_version.tag == by_commit.tag == "v3.1.0"


def test_a_repository_that_is_not_there_is_an_error_with_the_way_out(ecr: Any) -> None:
    registry = open_registry("ecr", ECR.replace("chores-tracker", "elsewhere"))
    assert registry is not None
    with pytest.raises(RegistryError, match="there is no such repository in that account and region"):
        registry.find("1.0.0")


def test_without_credentials_the_error_says_how_to_get_some(
    moto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    registry = open_registry("ecr", ECR)
    assert registry is not None
    with pytest.raises(RegistryError, match="no credentials for AWS; set AWS_PROFILE"):
        registry.find("1.0.0")


def test_without_boto3_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RegistryError, match=r"pip install 'chores-infra\[aws\]'"):
        open_registry("ecr", ECR)


def test_ecr_needs_a_repository_of_ecr() -> None:
    with pytest.raises(RegistryError, match=r"example\.com/shop is no repository of AWS ECR"):
        open_registry("ecr", "registry.example.com/shop")


def test_a_server_that_never_answers_is_told_apart(ecr: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        registry = open_registry("ecr", ECR, timeout=0.3)
        assert registry is not None
        with pytest.raises(RegistryUnavailableError, match=r"did not answer within 0\.3 seconds"):
            registry.find("1.0.0")
