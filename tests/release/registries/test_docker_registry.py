"""Debian's docker-registry, with images that skopeo pushed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chores_infra.errors import RegistryError, VersionError
from chores_infra.release.registries import Registry, open_registry, resolve
from chores_infra.versions import TagFormat
from tests.release.registries.conftest import DockerRegistry, digest_in, docker_registry, layout

# docker-registry takes bcrypt alone: this is "open sesame".
HTPASSWD = "reader:$2b$04$6rK0IPWtIh28775gLEOlj.6g6V04gYQ7/VLgBJsYBO/I5V2I0AfXm"
LOGIN = "reader:open sesame"


@pytest.fixture(autouse=True)
def _no_logins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DOCKER_CONFIG", "XDG_RUNTIME_DIR", "REGISTRY_AUTH_FILE", "DOCKER_AUTH_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("images")
    return {
        "old": layout(folder / "old", "2025-06-27T13:47:00.123456789Z", "old"),
        "new": layout(folder / "new", "2025-06-28T08:00:00+02:00", "new"),
        "undated": layout(folder / "undated", None, "undated"),
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, images: dict[str, Path]) -> Iterator[DockerRegistry]:
    with docker_registry(tmp_path_factory.mktemp("registry")) as running:
        running.push(images["old"], "team/shop", "v3.0.0", "sha-abc1234", "latest")
        running.push(images["new"], "team/shop", "3.1.0", "latest")  # latest moves
        running.push(images["undated"], "team/shop", "main")
        yield running


@pytest.fixture
def registry(server: DockerRegistry) -> Registry:
    opened = open_registry(server.url, "registry.example.com/team/shop")
    assert opened is not None
    return opened


def test_finds_the_digest_of_a_tag(registry: Registry, images: dict[str, Path]) -> None:
    found = registry.find("v3.0.0")
    assert found is not None
    assert found.digest == digest_in(images["old"])


def test_a_tag_that_moved_points_at_the_new_image(registry: Registry, images: dict[str, Path]) -> None:
    found = registry.find("latest")
    assert found is not None
    assert found.digest == digest_in(images["new"])


def test_a_tag_that_is_not_there_is_none(registry: Registry) -> None:
    assert registry.find("9.9.9") is None


def test_lists_images_with_the_tags_that_share_them(registry: Registry, images: dict[str, Path]) -> None:
    assert {image.digest: image.tags for image in registry.images()} == {
        digest_in(images["old"]): ("sha-abc1234", "v3.0.0"),
        digest_in(images["new"]): ("3.1.0", "latest"),
        digest_in(images["undated"]): ("main",),
    }


def test_an_image_is_as_old_as_its_configuration_says(registry: Registry) -> None:
    found = {tag: registry.find(tag) for tag in ("v3.0.0", "3.1.0", "main")}
    created = {tag: registry.dated(image).created_at for tag, image in found.items() if image}
    assert created == {
        "v3.0.0": datetime(2025, 6, 27, 13, 47, 0, 123456, UTC),
        "3.1.0": datetime(2025, 6, 28, 6, 0, tzinfo=UTC),
        "main": None,
    }


def test_a_version_is_found_with_and_without_its_v(registry: Registry) -> None:
    found = [resolve(registry, version, TagFormat()) for version in ("v3.0.0", "v3.1.0", "v3.2.0")]
    assert [each.tag if each else None for each in found] == ["v3.0.0", "3.1.0", None]


def test_a_tag_of_a_commit_is_the_version_with_its_image(registry: Registry) -> None:
    found = resolve(registry, "sha-abc1234", TagFormat())
    assert found is not None
    assert str(found.version) == "v3.0.0"
    with pytest.raises(VersionError, match="no version has the image of tag 'main'"):
        resolve(registry, "main", TagFormat())


def test_the_path_of_a_url_is_what_the_repository_is_called_there(server: DockerRegistry) -> None:
    mirrored = open_registry(f"{server.url}/team/shop", "registry.example.com/other")
    assert mirrored is not None
    assert mirrored.find("v3.0.0") is not None


def test_a_local_host_in_the_name_is_asked_without_tls(server: DockerRegistry) -> None:
    local = open_registry(None, f"{server.host}/team/shop")
    assert local is not None
    assert local.find("v3.0.0") is not None


def test_a_repository_that_is_not_there_is_an_error(server: DockerRegistry) -> None:
    empty = open_registry(server.url, "registry.example.com/nobody/home")
    assert empty is not None
    assert empty.find("1.0.0") is None
    with pytest.raises(RegistryError, match="there is no such repository in the registry"):
        list(empty.images())


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, images: dict[str, Path]) -> Iterator[DockerRegistry]:
    """A registry that only lets in who has a login."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "htpasswd").write_text(f"{HTPASSWD}\n")
    settings = f"auth: {{htpasswd: {{realm: closed, path: {folder / 'htpasswd'}}}}}\n"
    with docker_registry(folder, settings) as running:
        running.push(images["old"], "shop", "v1.0.0", login=LOGIN)
        yield running


def logged_in(folder: Path, host: str, login: str) -> None:
    (folder / ".docker").mkdir()
    auth = base64.b64encode(login.encode()).decode()
    (folder / ".docker" / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))


def test_a_login_of_docker_opens_a_closed_registry(
    closed: DockerRegistry, images: dict[str, Path], tmp_path: Path
) -> None:
    logged_in(tmp_path, closed.host, LOGIN)
    registry = open_registry(None, f"{closed.host}/shop")
    assert registry is not None
    assert [image.digest for image in registry.images()] == [digest_in(images["old"])]


def test_without_a_login_the_error_says_how_to_get_one(closed: DockerRegistry) -> None:
    registry = open_registry(None, f"{closed.host}/shop")
    assert registry is not None
    with pytest.raises(RegistryError, match=f"it needs a login; docker login {closed.host}"):
        registry.find("v1.0.0")


def test_a_wrong_login_is_not_shown(closed: DockerRegistry, tmp_path: Path) -> None:
    logged_in(tmp_path, closed.host, "reader:wrong-secret")
    registry = open_registry(None, f"{closed.host}/shop")
    assert registry is not None
    with pytest.raises(RegistryError, match="the login may not read it") as caught:
        registry.find("v1.0.0")
    assert "wrong-secret" not in str(caught.value)
