"""What a picture is made of, as SVG: cards, arrows, rectangles, lines of text, and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from chores_infra.checks.drawings.layouts import Box
from chores_infra.checks.drawings.lettering import FONT, printable, shortened, width_of, wrapped
from chores_infra.checks.drawings.panels import Arrow, Card

__all__ = ["HEAD", "PADDING", "SMALL", "TITLE", "arrow_shape", "card_shape", "card_size", "line", "rectangle"]

SMALL: Final = 10
"""Pixels of the letters of a kind, a note, a namespace."""
_NAME: Final = 12
TITLE: Final = 14
PADDING: Final = 6
"""Pixels between the edge of a card and what stands in it."""
_LINE: Final = 1.25
"""The height of a line, in sizes of its letters."""
_LETTERS: Final = {"name": 20, "small": 30}
"""In one line; and in all lines of a text, for no Kubernetes name has more than 253."""
_ALL_LETTERS: Final = 260

_LOOKS: Final = {
    "text": f"font-family: {FONT}; fill: #1f2933",
    ".title": f"font-size: {TITLE}px; font-weight: bold",
    ".name": f"font-size: {_NAME}px",
    ".small": f"font-size: {SMALL}px; fill: #52606d",
    ".panel": "fill: #f7f9fb; stroke: #9fb3c8",
    ".group": "fill: #ffffff; stroke: #bcccdc; stroke-dasharray: 1 3",
    ".card rect": "fill: #ffffff; stroke: #7b8794",
    ".made rect": "fill: #e6ecff; stroke: #6678aa",
    ".external rect": "stroke-dasharray: 5 3",
    ".missing rect": "fill: #ffe3e3; stroke: #cc0000; stroke-width: 1.5",
    ".missing text": "fill: #990000",
    ".elsewhere rect": "fill: #e4e9ee; stroke: none",
    ".arrow": "fill: none; stroke: #7b8794",
    ".optional": "stroke-dasharray: 5 3",
    ".broken": "stroke: #cc0000; stroke-width: 1.5",
}
_ENDS: Final = {"arrow-end": "#7b8794", "broken-end": "#cc0000"}
HEAD: Final = "\n".join(
    (
        # A picture may stand in a page that has classes of its own.
        "<style>",
        *(f".chores-infra-graph {selector} {{ {look} }}" for selector, look in _LOOKS.items()),
        "</style>",
        "<defs>",
        *(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{color}"/></marker>'
            for name, color in _ENDS.items()
        ),
        "</defs>",
    )
)
"""What stands once at the beginning of a picture of the class chores-infra-graph."""


def card_size(card: Card) -> tuple[float, float]:
    """The width and height of a card around its lines."""
    lines = _lines(card)
    return (
        max(width_of(text, size) for _, text, size in lines) + 2 * PADDING,
        sum(size * _LINE for _, _, size in lines) + 2 * PADDING,
    )


def card_shape(card: Card, box: Box, link: str | None) -> str:
    """A card at its place, which leads to the element of an id."""
    y = box.y + PADDING
    parts = [_title(card.tooltip), rectangle(box, 4)]
    for look, text, size in _lines(card):
        y += size * _LINE
        parts.append(line(look, text, box.x + PADDING, y - size * (_LINE - 1)))
    shape = f'<g class="card {card.look}">{"".join(parts)}</g>'
    return shape if link is None else f'<a href="#{link}">{shape}</a>'


def arrow_shape(arrow: Arrow, way: Sequence[tuple[float, float]]) -> str:
    """An arrow along a Bezier curve; its tooltip names the fields that it stands for."""
    looks = ["arrow", *(["optional"] * arrow.optional), *(["broken"] * arrow.broken)]
    points = [f"{x:.1f},{y:.1f}" for x, y in way]
    end = "broken-end" if arrow.broken else "arrow-end"
    curve = f'<path d="M{points[0]} C{" ".join(points[1:])}" marker-end="url(#{end})"/>'
    return f'<g class="{" ".join(looks)}">{_title(", ".join(arrow.fields))}{curve}</g>'


def rectangle(box: Box, corner: int, look: str | None = None) -> str:
    """A rectangle with round corners."""
    named = "" if look is None else f' class="{look}"'
    size = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect{named} {size} rx="{corner}"/>'


def line(look: str, text: str, x: float, y: float) -> str:
    """A line of text, which begins at a place and stands on it."""
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}">{escape(printable(text))}</text>'


def _lines(card: Card) -> list[tuple[str, str, int]]:
    """The lines of a card: class, text, size of the letters."""
    found = [("small", card.kind, SMALL), ("name", card.name, _NAME), ("small", card.note, SMALL)]
    return [
        (look, part, size)
        for look, text, size in found
        if text
        for part in wrapped(shortened(printable(text), _ALL_LETTERS), _LETTERS[look])
    ]


def _title(text: str) -> str:
    return f"<title>{escape(printable(text))}</title>"
