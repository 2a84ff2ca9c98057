"""The page as a browser has it: with JavaScript and without, by keyboard, for a screen reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.diff import Comparison, compare
from chores_infra.diff.reports.html import render
from tests.browser import Browser

SCHEMES = ["light", "dark"]


def opened(browser: Browser, comparison: Comparison, folder: Path, width: int = 1280) -> Browser:
    page = folder / "page.html"
    page.write_text(render(comparison), encoding="utf-8")
    browser.open(page, width=width)
    return browser


def shown(browser: Browser) -> list[str]:
    titles = "article:not([hidden]) h2"
    found: list[str] = browser.run(f"return [...document.querySelectorAll('{titles}')].map(e => e.innerText)")
    return found


def typed(browser: Browser, text: str) -> None:
    browser.run(
        "const box = document.getElementById('search'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('input'))",
        text,
    )


def test_forty_apps_are_one_entry_and_the_two_that_differ(
    browser: Browser, forty: Comparison, tmp_path: Path
) -> None:
    opened(browser, forty, tmp_path)
    assert shown(browser) == [
        "restart Deployment spec.template.spec.containers[].image changed in 38 objects"
    ]
    text = browser.run("return document.querySelector('article').innerText")
    assert "2 differ" in text
    assert "chores-tracker:3.0.0\n+ " in text.replace("- ", "\n")
    assert browser.run("return document.querySelectorAll('article details li').length") == 38


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("comparison", ["forty", "deployed", "hostile"])
def test_it_asks_for_nothing_complains_of_nothing_and_everybody_can_use_it(
    comparison: str, scheme: str, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    browser.color_scheme(scheme)
    opened(browser, request.getfixturevalue(comparison), tmp_path)
    assert (browser.errors(), browser.requests()) == ([], [])
    assert browser.violations() == []


def test_nothing_of_a_manifest_becomes_markup(browser: Browser, hostile: Comparison, tmp_path: Path) -> None:
    opened(browser, hostile, tmp_path)
    assert browser.run("return document.scripts.length") == 1
    assert browser.run("return document.querySelector('article').innerText.includes('<script>alert(1)')")
    assert browser.run("return document.body.innerText.includes('\\u202e')") is False


def test_search_and_classes_hide_what_nobody_asked_for(
    browser: Browser, forty: Comparison, hostile: Comparison, tmp_path: Path
) -> None:
    opened(browser, Comparison((*forty.changes, *hostile.changes)), tmp_path)
    everything = shown(browser)
    assert len(everything) == 2
    typed(browser, "SHOP-7 restart")
    assert len(shown(browser)) == 1
    assert browser.run("return document.getElementById('shown').innerText") == "1 of 2 shown"
    typed(browser, "no such word")
    assert shown(browser) == []
    typed(browser, "")
    browser.run("document.querySelector('input[value=restart]').click()")
    assert shown(browser) == everything[1:]


def test_it_can_be_used_by_keyboard(browser: Browser, forty: Comparison, tmp_path: Path) -> None:
    opened(browser, forty, tmp_path)
    browser.keys("/")
    assert browser.run("return document.activeElement.id") == "search"
    browser.keys("nothing")
    assert shown(browser) == []
    browser.keys("\ue00c")  # escape
    assert len(shown(browser)) == 1
    for _ in range(2):  # past the only class
        browser.keys("\t")
    assert browser.run("return document.activeElement.id") == "details"
    browser.keys("\ue007")  # enter
    assert browser.run("return document.querySelector('details').open") is True


def test_without_javascript_it_is_all_there(browser: Browser, forty: Comparison, tmp_path: Path) -> None:
    with browser.without_javascript():
        opened(browser, forty, tmp_path)
        browser.screenshot(tmp_path / "page.png")
    text = browser.driver.find_element("css selector", "body").text
    assert "changed in 38 objects" in text
    assert "Search" not in text


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(
    width: int, browser: Browser, hostile: Comparison, tmp_path: Path
) -> None:
    opened(browser, hostile, tmp_path, width)
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_no_difference_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    opened(browser, compare([], []), tmp_path)
    assert browser.run("return document.querySelector('header p').innerText") == "No difference."
    assert browser.run("return document.querySelector('.tools')") is None
    assert browser.violations() == []
