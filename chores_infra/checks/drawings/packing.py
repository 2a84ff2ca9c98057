"""Rectangles side by side in a sheet of one width, as high up as they find room."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["pack"]


def pack(sizes: Sequence[tuple[float, float]], width: float, gap: float) -> list[tuple[float, float]]:
    """The upper left corners of rectangles, put one after the other as high up, then as far left as they fit.

    Args:
        sizes: width and height of each, in the order in which they are put.
        width: of the sheet; what is wider sticks out to the right.
        gap: between them.

    Example:
        >>> pack([(60, 40), (30, 10), (30, 10)], width=100, gap=5)
        [(0.0, 0.0), (65.0, 0.0), (65.0, 15.0)]
    """
    places: list[tuple[float, float]] = []
    # The outline of what is there: from each x on, how far down it goes.
    outline = [(0.0, 0.0)]
    for wide, high in sizes:
        possible = [x for x, _ in outline if x + wide <= width] or [0.0]
        y, x = min((_depth(outline, x, x + wide + gap), x) for x in possible)
        places.append((x, y))
        outline = _covered(outline, x, x + wide + gap, y + high + gap)
    return places


def _depth(outline: Sequence[tuple[float, float]], left: float, right: float) -> float:
    """How far down the outline goes between two places."""
    ends = [*(x for x, _ in outline[1:]), float("inf")]
    return max(y for (x, y), end in zip(outline, ends, strict=True) if x < right and end > left)


def _covered(
    outline: Sequence[tuple[float, float]], left: float, right: float, bottom: float
) -> list[tuple[float, float]]:
    """The outline after something was put down."""
    before = [piece for piece in outline if piece[0] < left]
    after = [piece for piece in outline if piece[0] > right]
    at_the_right = max(piece for piece in outline if piece[0] <= right)[1]
    return [*before, (left, bottom), (right, at_the_right), *after]
