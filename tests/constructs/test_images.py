"""Images: the grammar of their references, and that a manifest always means the same one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.arguments import ArgumentChecker, InvalidArguments
from chores_infra.constructs.images import Image

DIGEST = "sha256:" + "a1" * 32
CHECKER = ArgumentChecker(lambda: {"image": Image})


def problems(**image: Any) -> dict[str, str]:
    try:
        CHECKER.check({"image": Image(**image)})
    except InvalidArguments as error:
        return {problem.argument: problem.message for problem in error.problems}
    return {}


@pytest.mark.parametrize(
    ("image", "reference"),
    [
        ({"tag": "3.0.0"}, "shop:3.0.0"),
        ({"digest": DIGEST}, f"shop@{DIGEST}"),
        ({"tag": "3.0.0", "digest": DIGEST}, f"shop:3.0.0@{DIGEST}"),
        ({"floating": True}, "shop"),
        ({"tag": "latest", "floating": True}, "shop:latest"),
        ({"tag": "latest", "digest": DIGEST}, f"shop:latest@{DIGEST}"),
    ],
)
def test_the_reference(image: dict[str, Any], reference: str) -> None:
    assert problems(repository="shop", **image) == {}
    assert str(Image(repository="shop", **image)) == reference


# The grammar's corners, from reference_test.go of github.com/distribution/reference.
@pytest.mark.parametrize(
    "repository",
    [
        "shop",
        "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker",
        "test.com:8080/repo",
        "localhost:5000/team/shop",
        "192.168.1.1:5000/repo",
        "[2001:db8::1]:5000/repo",
        "xn--n3h.com/myimage",
        "a/a/a/a/b/b/b/b",
        "foo__bar/a.b-c--d_e",
        "Uppercase.com/lowercase",
        "a" * 255,
    ],
)
def test_a_repository(repository: str) -> None:
    assert problems(repository=repository, tag="1.2.3") == {}


@pytest.mark.parametrize(
    "repository",
    ["", ":justtag", "repo:tag", f"repo@{DIGEST}", "Uppercase", "https://a.com/docker", "a//b", "a/", "/a",
     "-test", "test-", "a..b", "foo_bar.com:8080/repo", "aa/asdf$$^/aa", "a b", "a\n", "a" * 256],
)  # fmt: skip
def test_no_repository(repository: str) -> None:
    assert list(problems(repository=repository, tag="1.2.3")) == ["image.repository"]


@pytest.mark.parametrize("tag", ["", ".a", "-a", "a b", "a/b", "a:b", "1.2.3+build", "x" * 129, "1.2.3\n"])
def test_no_tag(tag: str) -> None:
    assert list(problems(repository="shop", tag=tag)) == ["image.tag"]


@pytest.mark.parametrize(
    "digest", ["", "sha256:", "sha256:" + "A1" * 32, "sha256:" + "a" * 63, "md5:" + "a" * 32]
)
def test_no_digest(digest: str) -> None:
    assert list(problems(repository="shop", digest=digest)) == ["image.digest"]


@pytest.mark.parametrize("tag", ["latest", "main", "v3", "3.1", "sha-abc1234", "build-20250627-123456"])
def test_a_tag_that_may_move_is_refused_unless_it_is_meant(tag: str) -> None:
    assert f"{tag!r} may point at another image tomorrow" in problems(repository="shop", tag=tag)["image.tag"]
    assert problems(repository="shop", tag=tag, floating=True) == {}


def test_no_tag_at_all_is_refused_unless_it_is_meant() -> None:
    assert "whatever 'latest' points at" in problems(repository="shop")["image.tag"]


@given(numbers=st.lists(st.integers(0, 99), min_size=3, max_size=3), v=st.sampled_from(["", "v"]))
def test_every_full_version_is_final(numbers: list[int], v: str) -> None:
    assert problems(repository="shop", tag=v + ".".join(map(str, numbers))) == {}


def test_text_is_no_image() -> None:
    with pytest.raises(InvalidArguments, match=r"image: expected an Image, found 'shop:3\.0\.0'"):
        CHECKER.check({"image": "shop:3.0.0"})
