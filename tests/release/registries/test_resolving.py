"""From what a user calls a version to its image, and names of repositories taken apart."""

from __future__ import annotations

import pytest

from chores_infra.errors import RegistryError, VersionError
from chores_infra.release.registries import Image, ImageRepository, resolve
from chores_infra.release.registries.repository import EcrPlace
from chores_infra.release.registries.saved import SavedImages
from chores_infra.versions import TagFormat

REGISTRY = SavedImages(
    [
        Image(f"sha256:{'a' * 64}", ("3.0.0", "sha-aaaaaaa", "v3")),
        Image(f"sha256:{'b' * 64}", ("v3.0.0", "v3.1.0", "3.1.0-rc.2", "sha-bbbbbbb")),
        Image(f"sha256:{'c' * 64}", ("4.0.0-rc.1", "sha-ccccccc")),
        Image(f"sha256:{'d' * 64}", ("main", "build-20250627-123456")),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "tag_format", "version", "tag"),
    [
        ("v3.0.0", "{version}", "v3.0.0", "3.0.0"),  # the format first
        ("3.0.0", "v{version}", "v3.0.0", "v3.0.0"),
        ("v3.1.0", "{version}", "v3.1.0", "v3.1.0"),  # then its twin
        ("sha-aaaaaaa", "{version}", "v3.0.0", "3.0.0"),
        ("sha-bbbbbbb", "{version}", "v3.1.0", "v3.1.0"),  # the newest, and no candidate
        ("sha-ccccccc", "{version}", "v4.0.0-rc.1", "4.0.0-rc.1"),
    ],
)
def test_a_version_is_found(wanted: str, tag_format: str, version: str, tag: str) -> None:
    found = resolve(REGISTRY, wanted, TagFormat(tag_format))
    assert found is not None
    assert (str(found.version), found.tag) == (version, tag)


@pytest.mark.parametrize("wanted", ["v9.9.9", "sha-fffffff"])
def test_what_is_not_there_is_none(wanted: str) -> None:
    assert resolve(REGISTRY, wanted, TagFormat()) is None


def test_an_image_without_a_version_says_what_it_is_called_besides() -> None:
    with pytest.raises(VersionError, match=r"no version has the image of tag 'main'.*build-20250627-123456"):
        resolve(REGISTRY, "main", TagFormat())


@pytest.mark.parametrize("wanted", ["--upload-pack=x", "$(id)", "../../x", "a\nb", ""])
def test_what_is_no_tag_is_refused(wanted: str) -> None:
    with pytest.raises(VersionError):
        resolve(REGISTRY, wanted, TagFormat())


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("nginx", "docker.io", "library/nginx"),
        ("envoyproxy/envoy", "docker.io", "envoyproxy/envoy"),
        ("localhost/shop", "localhost", "shop"),
        ("127.0.0.1:5000/team/shop", "127.0.0.1:5000", "team/shop"),
        ("[::1]:5000/shop", "[::1]:5000", "shop"),
    ],
)
def test_the_name_of_a_repository_says_where_it_is(text: str, host: str, path: str) -> None:
    assert ImageRepository.parse(text) == ImageRepository(host, path)


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("852893458518.dkr.ecr.us-east-2.amazonaws.com", EcrPlace("852893458518", "us-east-2")),
        ("852893458518.dkr.ecr-fips.us-gov-west-1.amazonaws.com", EcrPlace("852893458518", "us-gov-west-1")),
        ("852893458518.dkr.ecr.cn-north-1.amazonaws.com.cn", EcrPlace("852893458518", "cn-north-1")),
        ("public.ecr.aws", None),
        ("852893458518.dkr.ecr.us-east-2.amazonaws.com.evil.example", None),
    ],
)
def test_the_host_of_ecr_says_account_and_region(host: str, place: EcrPlace | None) -> None:
    assert ImageRepository(host, "shop").ecr == place


@pytest.mark.parametrize(
    "text", ["", "Shop", "shop:1.0.0", "a b", "host.example/", "https://x/y", "../x", "x@sha256:1"]
)
def test_what_is_no_repository_is_refused(text: str) -> None:
    with pytest.raises(RegistryError, match="is no repository of images"):
        ImageRepository.parse(text)
