"""What is seen of a picture."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from chores_infra.checks.drawings import draw
from chores_infra.checks.graph import Graph
from tests.browser import Browser

_SEEN = """
const inside = (a, b) => a.x >= b.x - 0.5 && a.y >= b.y - 0.5
  && a.right <= b.right + 0.5 && a.bottom <= b.bottom + 0.5;
const box = (e) => e.getBoundingClientRect();
const svg = document.querySelector("svg"), scale = svg.getScreenCTM().a;
const texts = [...document.querySelectorAll("text")];
return {
  width: box(svg).right,
  texts: texts.map((e) => [e.textContent, box(e).x, box(e).y, box(e).right, box(e).bottom]),
  clipped: texts.filter((e) => {
    const around = e.closest(".card")?.querySelector("rect") ?? e.previousElementSibling;
    return !inside(box(e), box(svg)) || !inside(box(e), box(around));
  }).map((e) => e.textContent),
  smallest: Math.min(...texts.map((e) => parseFloat(getComputedStyle(e).fontSize) * scale)),
  cards: [...document.querySelectorAll(".card")].map((e) => [
    e.classList[1], [...e.querySelectorAll("text.name")].map((e) => e.textContent).join(""),
    getComputedStyle(e.querySelector("rect")).stroke,
    getComputedStyle(e.querySelector("rect")).strokeDasharray,
  ]),
  arrows: [...document.querySelectorAll(".arrow path")].map((e) => getComputedStyle(e).stroke),
};
"""


class Text(NamedTuple):
    text: str
    left: float
    top: float
    right: float
    bottom: float


class Seen(NamedTuple):
    """What a browser shows of a picture: pixels; the cards as look, name, colour and dashes of the edge."""

    width: float
    texts: list[Text]
    clipped: list[str]
    smallest: float
    cards: list[tuple[str, str, str, str]]
    arrows: list[str]

    def overlaps(self) -> list[tuple[str, str]]:
        """Texts that share more than half a pixel."""
        found = []
        rows = sorted(self.texts, key=lambda text: text.top)
        for number, one in enumerate(rows):
            for other in rows[number + 1 :]:
                if other.top >= one.bottom - 0.5:
                    break
                if one.left < other.right - 0.5 and other.left < one.right - 0.5:
                    found.append((one.text, other.text))
        return found


@pytest.fixture
def seen(browser: Browser, tmp_path: Path) -> Callable[[Graph], Seen]:
    """Draw a graph and show it in a window 1600 pixels wide."""
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")

    def show(graph: Graph) -> Seen:
        picture = tmp_path / "graph.svg"
        picture.write_text(draw(graph, "svg"), encoding="utf-8")
        browser.open(picture, width=1600)
        assert browser.requests() == []
        assert browser.errors() == []
        found = browser.run(_SEEN)
        return Seen(
            found["width"],
            [Text(*text) for text in found["texts"]],
            found["clipped"],
            found["smallest"],
            [tuple(card) for card in found["cards"]],
            found["arrows"],
        )

    return show
