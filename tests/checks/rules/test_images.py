"""Tags that are written unlike the others of their image."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def pod(*images: str) -> str:
    containers = ", ".join(f"{{name: c{number}, image: {image}}}" for number, image in enumerate(images))
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{containers}]}}\n"


@pytest.mark.parametrize(
    ("images", "at"),
    [
        (("shop:1.4.2", "shop:1.4.1", "shop:v1.4.2"), [2]),
        (("shop:v2.0.0", "shop:v2.0.1-rc.1", "shop:2.0.0"), [2]),
        (("shop:v1.4.2", "shop:1.4.2"), [0, 1]),  # which of them is right is not told
        (("r.example.com/a/shop:v1.4.2", "r.example.com/a/shop:1.4.2", "r.example.com/a/shop:1.4"), [0]),
    ],
)
def test_another_format(found: Callable[..., dict[str, str]], images: tuple[str, ...], at: list[int]) -> None:
    assert list(found("tag-format", pod(*images))) == [f"spec.containers[{number}].image" for number in at]


@pytest.mark.parametrize(
    "images",
    [
        ("shop:1.4.2", "blog:v1.4.2"),
        ("a.example.com/shop:1.4.2", "b.example.com/shop:v1.4.2"),
        ("shop:1.4.2", "shop:latest", "shop:3f2a91c"),
        ("nginx:1.27.3", "nginx:1.27.3-alpine"),
    ],
)
def test_one_format(found: Callable[..., dict[str, str]], images: tuple[str, ...]) -> None:
    assert not found("tag-format", pod(*images))
