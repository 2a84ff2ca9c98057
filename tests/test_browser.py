"""The browser that tests look at pages with."""

from __future__ import annotations

from pathlib import Path

from tests.browser import Browser

PAGE = """\
<!doctype html>
<title>Report</title>
<body style="margin: 0"><div style="height: 3000px">{}</div>
"""


def shown(browser: Browser, folder: Path, body: str) -> None:
    page = folder / "page.html"
    page.write_text(PAGE.format(body))
    browser.open(page, width=1600)


def test_a_page_runs_javascript_at_the_given_width(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, "")

    assert browser.run("return [document.title, innerWidth, arguments[0] + 1]", 2) == ["Report", 1600, 3]
    assert browser.run("return Promise.resolve({a: [1]})") == {"a": [1]}


def test_a_screenshot_has_the_whole_page(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, "")
    browser.screenshot(tmp_path / "page.png")

    data = (tmp_path / "page.png").read_bytes()
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])  # of its header
    assert data.startswith(b"\x89PNG")
    assert width == 1600
    assert height >= 3000


def test_errors_and_requests_of_a_page_are_seen_and_only_its_own(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, '<script src="https://example.com/a.js"></script><script>missing()</script>')

    assert "missing is not defined" in " ".join(browser.errors())
    assert browser.requests() == ["https://example.com/a.js"]

    shown(browser, tmp_path, "nothing more")

    assert (browser.errors(), browser.requests()) == ([], [])
