"""The page as a browser has it: light and dark, wide and narrow, by keyboard, for a screen reader."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from chores_infra.git import Repository
from chores_infra.release.history.opening import read_history
from chores_infra.release.history.report import Report, Window, at_moment, report_of
from chores_infra.release.history.reports.as_html import moment_as_html, report_as_html
from tests.browser import Browser
from tests.release.history.repositories import DAY, START, Infra, deployment

HOSTILE = "</title></svg><script>alert(1)</script> \"'><img src=x onerror=alert(2)> \x1b[31m\u202e"
INTENT = "app: shop\nenvironments: {}\nquarantine:\n"
ENTRY = "- version: {}\n  reason: {}\n  since: 2025-06-20T00:00:00Z\n"
BOXES = """
return [...document.querySelectorAll('.scroll svg text')].map(e => {
  const box = e.getBoundingClientRect();
  return [e.textContent, box.left, box.top, box.right, box.bottom];
}).filter(each => each[0])
"""


@pytest.fixture
def report(infra: Infra) -> Report:
    """A history with everything that is drawn, some of it on one day, and names that want to be markup."""
    for number in range(8):
        infra.run(f"1.{number}.0")
    infra.run("1.0.0-a-very-long-prerelease", "shop-staging")
    for tag in ("1.6.0", "1.7.0", "1.6.0", "v1.6.0"):
        infra.at -= DAY - 600
        infra.run(tag)
    quarantine = ENTRY.format("v1.7.0", f"'{HOSTILE.replace(chr(39), '')}'".replace("\x1b", ""))
    infra.commit({"releases/shop.yaml": INTENT + quarantine}, HOSTILE, author=HOSTILE)
    infra.commit({"releases/shop.yaml": INTENT + quarantine + ENTRY.format("v1.5.0", "slow")})
    infra.commit({"releases/shop.yaml": "app: shop\nenvironments: {}\n"})
    infra.commit(
        {"base-apps/shop/deployment.yaml": deployment("1.8.0").replace("replicas: 1", "replicas: 2")}
    )
    infra.commit({"base-apps/shop-staging/deployment.yaml": None})
    history = read_history(Repository(infra.folder), "shop").history
    return report_of(history, Window(None, None, START + 30 * DAY, 0))


def opened(browser: Browser, text: str, folder: Path, width: int = 1280) -> Browser:
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    browser.open(page, width=width)
    return browser


def test_it_can_be_used_by_everybody_and_asks_for_nothing(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    for scheme in ("light", "dark"):
        browser.color_scheme(scheme)
        opened(browser, report_as_html(report), tmp_path)
        assert (browser.errors(), browser.requests()) == ([], [])
        assert browser.violations() == []
        browser.screenshot(tmp_path / f"{scheme}.png")
    for text in (
        report_as_html(report._replace(events=(), figures=(), running={})),
        moment_as_html(at_moment(report.history, None, START + 30 * DAY)),
    ):
        opened(browser, text, tmp_path)
        assert (browser.errors(), browser.requests(), browser.violations()) == ([], [], [])


def test_every_event_is_drawn_in_its_lane_and_told_in_its_row(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    opened(browser, report_as_html(report), tmp_path)
    links = browser.run(
        "return [...document.querySelectorAll('svg a')].map(a => a.getAttribute('aria-label'))"
    )
    rows = browser.run("return [...document.querySelectorAll('tbody tr[id]')].map(e => e.cells[2].innerText)")
    assert len(links) == len(rows) == len(report.events)
    assert {"deploy", "rollback", "re-tag", "remove", "intent"} == set(rows)
    broken = "return [...document.querySelectorAll('a')].filter(a => !document.querySelector(a.hash)).length"
    assert (
        browser.run(
            broken.replace("querySelector(a.hash)", "getElementById(a.getAttribute('href').slice(1))")
        )
        == 0
    )
    ids = browser.run("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    lanes = browser.run("return [...document.querySelectorAll('svg .lane + text')].map(e => e.textContent)")
    assert lanes == ["production", "staging", "intent"]
    spans = browser.run("return [...document.querySelectorAll('svg .span')].map(e => e.getBBox().width)")
    assert len(spans) == 2
    assert spans[0] > spans[1] > 0
    marks = "return [...document.querySelectorAll('.scroll svg path')].map(e => e.getBoundingClientRect())"
    for one, other in combinations(browser.run(marks), 2):
        assert abs(one["x"] - other["x"]) > 12 or abs(one["y"] - other["y"]) > 12
    order = (
        "return [...document.querySelectorAll('svg a')].slice(0, 8).map(a => a.getBoundingClientRect().left)"
    )
    places = browser.run(order)
    assert places == sorted(places)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_two_texts_are_over_one_another(
    width: int, browser: Browser, report: Report, tmp_path: Path
) -> None:
    opened(browser, report_as_html(report), tmp_path, width)
    boxes = browser.run(BOXES)
    assert len(boxes) > 10
    for (one, left, top, right, bottom), (other, left2, top2, right2, bottom2) in combinations(boxes, 2):
        apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
        assert apart, (one, other)
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_a_mark_leads_to_its_row_by_keyboard(browser: Browser, report: Report, tmp_path: Path) -> None:
    opened(browser, report_as_html(report), tmp_path)
    browser.keys("\t\t\t\ue007")  # past the link to the events and the timeline
    assert browser.run("return document.querySelector('tr:target').cells[2].innerText") == "deploy"


def test_nothing_that_others_wrote_becomes_markup(browser: Browser, report: Report, tmp_path: Path) -> None:
    with browser.without_javascript():
        opened(browser, report_as_html(report), tmp_path)
        text = browser.driver.find_element("css selector", "body").text
    assert "<script>alert(1)</script>" in text
    opened(browser, report_as_html(report), tmp_path)
    assert browser.run("return document.scripts.length + document.images.length") == 0
    assert browser.run("return document.body.innerText.includes('\\u202e')") is False
