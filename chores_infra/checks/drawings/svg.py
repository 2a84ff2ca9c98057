"""A graph as a picture: panels side by side, 1600 pixels wide; Graphviz works out what is in a panel.

Source: https://www.w3.org/TR/SVG11/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from chores_infra.checks.drawings.layouts import Box, Layout, Sketch, lay_out
from chores_infra.checks.drawings.lettering import printable, shortened, width_of
from chores_infra.checks.drawings.packing import pack
from chores_infra.checks.drawings.panels import ELSEWHERE, Panel, overview_of, panels_of
from chores_infra.checks.drawings.shapes import (
    HEAD,
    PADDING,
    SMALL,
    TITLE,
    arrow_shape,
    card_shape,
    card_size,
    line,
    rectangle,
)
from chores_infra.checks.graph import Graph, State

__all__ = ["render"]

_WIDTH: Final = 1600
_EDGE: Final = 20
"""Between the panels and around them."""
_TOP: Final = 50
"""Above the panels, for what the colours mean."""
_MARGIN: Final = 12
"""Inside of a panel; and above what is in it, for its title."""
_TITLE_ROOM: Final = 34
_LETTERS: Final = 80
"""Of a title, and of the name of a namespace."""
_LEGEND: Final = (
    (State.PRESENT, "in the repository"),
    (State.MADE, "made by an operator"),
    (State.EXTERNAL, "made by others"),
    (State.MISSING, "missing"),
    (ELSEWHERE, "of another panel"),
)


class _Drawn(NamedTuple):
    """A panel with the places of what is in it."""

    panel: Panel
    layout: Layout
    anchor: str

    @property
    def size(self) -> tuple[float, float]:
        width = max(self.layout.width, width_of(_short(self.panel.title), TITLE))
        return width + 2 * _MARGIN, self.layout.height + _TITLE_ROOM + _MARGIN


def render(graph: Graph) -> str:
    """SVG with a panel for each Application, in which every object has a tooltip and its namespace around it.

    Broken references are red, what others make is dashed. Pointers lead to the panels that they name.

    Raises:
        DrawingError: there is no ``dot``, or it fails.
    """
    panels = panels_of(graph)
    if len(panels) > 1:
        panels = [overview_of(panels), *panels]
    anchors: Mapping[str | None, str] = {
        panel.title: f"panel-{number}" for number, panel in enumerate(panels)
    }
    drawn = [
        _the_smaller([_Drawn(panel, layout, anchors[panel.title]) for layout in layouts])
        for panel, layouts in zip(panels, lay_out([_sketch(panel) for panel in panels]), strict=True)
    ]
    # The overview, then the tallest first: that leaves the least room between them.
    drawn[1:] = sorted(drawn[1:], key=lambda each: -each.size[1])
    places = pack([each.size for each in drawn], _WIDTH - 2 * _EDGE, _EDGE)
    placed = list(zip(drawn, places, strict=True))
    legend, legend_width = _legend()
    width = max([legend_width, *(x + each.size[0] for each, (x, _) in placed)]) + 2 * _EDGE
    height = max([0, *(y + each.size[1] for each, (_, y) in placed)]) + _TOP + _EDGE
    parts = [part for each, place in placed for part in _panel(each, place, anchors)]
    return "\n".join((_opening(width, height), HEAD, *legend, *parts, "</svg>\n"))


def _the_smaller(drawn: Sequence[_Drawn]) -> _Drawn:
    """Of the ways to draw a panel the one that takes less of the sheet, if it fits into it."""
    fitting = [each for each in drawn if each.size[0] <= _WIDTH - 2 * _EDGE]
    return min(fitting or drawn, key=lambda each: each.size[0] * each.size[1] if fitting else each.size[0])


def _opening(width: float, height: float) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    # A browser shows it as wide as it is, or as the window.
    style = 'style="max-width: 100%; height: auto; background: #ffffff"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="chores-infra-graph" {size} {style}>'


def _sketch(panel: Panel) -> Sketch:
    return Sketch(
        panel,
        {key: card_size(card) for key, card in panel.cards.items()},
        {namespace: width_of(_short(namespace), SMALL) for namespace in panel.namespaces()},
    )


def _panel(drawn: _Drawn, place: tuple[float, float], anchors: Mapping[str | None, str]) -> Iterator[str]:
    panel, layout = drawn.panel, drawn.layout
    yield f'<g id="{drawn.anchor}" transform="translate({place[0] + _EDGE:.1f} {place[1] + _TOP:.1f})">'
    yield rectangle(Box(0, 0, *drawn.size), 8, "panel")
    yield line("title", _short(panel.title), _MARGIN, _TITLE_ROOM - 12)
    yield f'<g transform="translate({_MARGIN} {_TITLE_ROOM})">'
    for namespace, box in layout.groups:
        yield rectangle(box, 6, "group")
        yield line("small", _short(namespace), box.x + 8, box.y + SMALL + 6)
    for arrow, way in zip(panel.arrows, layout.ways, strict=True):
        yield arrow_shape(arrow, way)
    for key, card in panel.cards.items():
        yield card_shape(card, layout.boxes[key], anchors.get(card.points_to))
    yield "</g></g>"


def _legend() -> tuple[Sequence[str], float]:
    """What the colours mean, and how wide that is."""
    shapes, x = [], float(_EDGE)
    for look, text in _LEGEND:
        width = width_of(text, SMALL) + 2 * PADDING
        shapes.append(
            f'<g class="card {look}">{rectangle(Box(x, 14, width, 22), 4)}'
            f"{line('small', text, x + PADDING, 29)}</g>"
        )
        x += width + PADDING
    return shapes, x - PADDING - _EDGE


def _short(text: str) -> str:
    return shortened(printable(text), _LETTERS)
