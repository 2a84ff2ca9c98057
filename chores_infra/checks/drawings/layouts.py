"""Where the cards of a panel stand, and the ways of its arrows: worked out by Graphviz.

Graphviz gets the sizes of the boxes and gives places; it never sees a text, so the fonts that it has do not
matter. One process lays out all panels.

Source: https://graphviz.org/docs/outputs/json/
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chores_infra.checks.drawings.panels import Panel
from chores_infra.errors import DrawingError

__all__ = ["GROUP_LABEL", "Box", "Group", "Layout", "Sketch", "lay_out"]

GROUP_LABEL: Final = 18
"""Pixels above the cards of a namespace, for its name."""
_SECONDS: Final = 60
"""How long Graphviz may take; 400 objects in 20 Applications take about one second."""
_INCH: Final = 72


class Box(NamedTuple):
    """A rectangle; pixels from the upper left corner of the panel."""

    x: float
    y: float
    width: float
    height: float


class Group(NamedTuple):
    """The box around the cards of one namespace."""

    namespace: str
    box: Box


class Layout(NamedTuple):
    """The size of a panel, its cards by their keys, its groups, and a way for each arrow.

    A way is what a Bezier curve goes through: a point, and three more for each piece.
    """

    width: float
    height: float
    boxes: Mapping[str, Box]
    groups: Sequence[Group]
    ways: Sequence[Sequence[tuple[float, float]]]


class Sketch(NamedTuple):
    """What is laid out: a panel, the size of each of its cards, the width of the name of each namespace."""

    panel: Panel
    sizes: Mapping[str, tuple[float, float]]
    labels: Mapping[str, float]


def lay_out(sketches: Sequence[Sketch]) -> list[tuple[Layout, Layout]]:
    """Each panel from top to bottom, and from left to right.

    Raises:
        DrawingError: there is no ``dot``, or it fails.
    """
    asked = [(sketch, direction) for sketch in sketches for direction in ("TB", "LR")]
    answer = _run("\n".join(line for each in asked for line in _lines(*each)))
    decoder, end, layouts = json.JSONDecoder(), 0, []
    for sketch, _ in asked:
        data, end = decoder.raw_decode(answer, answer.index("{", end))
        layouts.append(_layout(sketch.panel, data))
    return list(zip(layouts[::2], layouts[1::2], strict=True))


def _lines(sketch: Sketch, direction: str) -> Iterator[str]:
    panel, sizes = sketch.panel, sketch.sizes
    names = {key: f"n{number}" for number, key in enumerate(panel.cards)}
    alone = panel.cards.keys() - {end for arrow in panel.arrows for end in (arrow.source, arrow.target)}
    yield "digraph {"
    yield f"graph [rankdir={direction} nodesep=0.16 ranksep=0.3 labeljust=l]"
    yield 'node [shape=box fixedsize=true label=""]'
    yield "edge [arrowhead=none]"
    for number, namespace in enumerate((*sketch.labels, None)):
        keys = [key for key, card in panel.cards.items() if card.namespace == namespace]
        if namespace is not None:
            yield f"subgraph cluster_{number} {{ {_room(sketch.labels[namespace])}"
        yield from (_node(names[key], sizes[key]) for key in keys)
        if namespace is not None:
            yield "}"
        yield from _in_a_block([names[key] for key in keys if key in alone], direction)
    for number, arrow in enumerate(panel.arrows):
        yield f"{names[arrow.source]} -> {names[arrow.target]} [id=a{number}]"
    yield "}"


def _room(width: float) -> str:
    """Room for a text that is drawn later."""
    size = f'WIDTH="{math.ceil(width)}" HEIGHT="{GROUP_LABEL}"'
    return f'label=<<TABLE BORDER="0" FIXEDSIZE="TRUE" {size}><TR><TD></TD></TR></TABLE>>'


def _node(name: str, size: tuple[float, float]) -> str:
    return f"{name} [width={size[0] / _INCH:.4f} height={size[1] / _INCH:.4f}]"


def _in_a_block(names: Sequence[str], direction: str) -> Iterator[str]:
    """Unseen arrows, which make a block of what would be one long row or column."""
    columns = max(1, round(math.sqrt(len(names) * 0.5)))
    down = direction == "TB"
    chains = columns if down else math.ceil(len(names) / columns)
    for first in range(chains):
        if len(chain := names[first::chains]) > 1:
            yield f"{' -> '.join(chain)} [style=invis]"


def _run(text: str) -> str:
    try:
        done = subprocess.run(
            ["dot", "-Tjson0"], input=text, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError:
        raise DrawingError(
            "there is no program dot to draw with; install Graphviz (https://graphviz.org/download/), "
            "or take --format dot and draw it elsewhere"
        ) from None
    except subprocess.TimeoutExpired:
        raise DrawingError(
            f"Graphviz did not finish in {_SECONDS} seconds; draw one Application with --app"
        ) from None
    if done.returncode:
        raise DrawingError(f"Graphviz failed: {' '.join(done.stderr.split())[:300]}")
    return done.stdout


def _layout(panel: Panel, data: Mapping[str, Any]) -> Layout:
    left, bottom, right, top = _numbers(data["bb"])
    boxes: dict[str, Box] = {}
    groups = []
    namespaces = panel.namespaces()
    for found in data.get("objects", ()):
        if "bb" in found:
            x, low, x2, high = _numbers(found["bb"])
            namespace = namespaces[int(found["name"].removeprefix("cluster_"))]
            groups.append(Group(namespace, Box(x - left, top - high, x2 - x, high - low)))
    named = {found["name"]: found for found in data.get("objects", ()) if "pos" in found}
    for number, key in enumerate(panel.cards):
        found = named[f"n{number}"]
        x, y = _numbers(found["pos"])
        width, height = float(found["width"]) * _INCH, float(found["height"]) * _INCH
        boxes[key] = Box(x - left - width / 2, top - y - height / 2, width, height)
    drawn: dict[str, Sequence[tuple[float, float]]] = {}
    for edge in data.get("edges", ()):
        if "id" in edge:  # the unseen ones have none
            points = (_numbers(point) for point in edge["pos"].split())
            drawn[edge["id"]] = [(x - left, top - y) for x, y in points]
    ways = [drawn[f"a{number}"] for number in range(len(panel.arrows))]
    return Layout(right - left, top - bottom, boxes, groups, ways)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
