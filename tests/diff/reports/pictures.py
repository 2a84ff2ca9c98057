"""Draw the pictures of ``docs/diff.md``: ``python -m tests.diff.reports.pictures docs/images``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from chores_infra.diff import Comparison, compare
from chores_infra.diff.reports.html import render
from tests.browser import chromium
from tests.diff.reports.conftest import forty_apps, rendered


def main() -> int:
    folder = Path(sys.argv[1])
    deployed = compare(rendered(["chores-tracker"], "v3.0.0"), rendered(["chores-tracker"], "v3.1.0"))
    pages: dict[str, Comparison] = {"diff-deploy": deployed, "diff-forty-apps": forty_apps()}
    with chromium() as browser, TemporaryDirectory() as work:
        if browser is None:
            print("chromium and chromedriver are not on PATH", file=sys.stderr)
            return 2
        for name, comparison in pages.items():
            page = Path(work) / f"{name}.html"
            page.write_text(render(comparison), encoding="utf-8")
            browser.open(page, width=900, height=300)
            browser.screenshot(folder / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
