"""Chromium without a window, for tests of what people look at: pages and pictures.

``browser`` of ``conftest.py`` gives one to a test:

    def test_the_page_says_its_name(browser: Browser, tmp_path: Path) -> None:
        browser.open(tmp_path / "report.html", width=1600)
        assert browser.run("return document.title") == "Report"
        assert (browser.errors(), browser.requests()) == ([], [])
        browser.screenshot(tmp_path / "report.png")
"""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

__all__ = ["Browser", "chromium"]

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # Tests run without network, on machines that have one too: a page that wants something gets nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
_OF_THE_BROWSER: Final = ("data:", "about:", "blob:", "chrome:")


class Browser:
    """One tab; ``driver`` is Selenium's, for what is missing here."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self._address = ""

    def open(self, page: Path | str, *, width: int = 1600, height: int = 1000) -> None:
        """Show a file or an address and wait for it; the window is ``width`` x ``height`` pixels inside."""
        # The size of the page itself, whatever a window has around it.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self._forget()
        self._address = page.absolute().as_uri() if isinstance(page, Path) else page
        self.driver.get(self._address)

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a JavaScript function returns, as plain values; a promise is waited for."""
        return self.driver.execute_script(script, *arguments)

    def screenshot(self, file: Path) -> None:
        """Write the whole page, what has to be scrolled to as well, as PNG."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        file.write_bytes(b64decode(self.driver.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]))

    def keys(self, keys: str) -> None:
        """Press keys where the focus is; Selenium's ``Keys`` are characters, too."""
        self.driver.switch_to.active_element.send_keys(keys)

    def color_scheme(self, scheme: str) -> None:
        """Prefer ``light`` or ``dark`` from the next page on."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    @contextmanager
    def without_javascript(self) -> Iterator[None]:
        """Pages opened in here run no script of their own."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def violations(self) -> list[str]:
        """What axe, the accessibility checker, finds wrong with the page: the rule and where."""
        axe = resources.files("axe_core_python") / "axe.min.js"
        self.driver.execute_script(axe.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then(found => done(found.violations))"
        )
        return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]

    def errors(self) -> list[str]:
        """What the console had to complain about since the page was opened, or since the last call."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] in {"SEVERE", "WARNING"}]

    def requests(self) -> list[str]:
        """The addresses that the page asked for beside itself, since it was opened or since the last call."""
        found = []
        for entry in self._log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(str(message["params"]["request"]["url"]))
        return [url for url in found if url != self._address and not url.startswith(_OF_THE_BROWSER)]

    def _forget(self) -> None:
        """Nothing of the page before is said of the next one."""
        self.driver.get("about:blank")
        self._log("browser")
        self._log("performance")

    def _log(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.driver.execute("getLog", {"type": name})["value"]
        return found


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """A browser with an empty profile, or None where there is no Chromium or no driver for it."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        yield None
        return
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = program
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        started = Chrome(options, ChromeService(driver))
        try:
            yield Browser(started)
        finally:
            started.quit()
