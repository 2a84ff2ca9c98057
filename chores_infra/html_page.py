"""One HTML page that stands alone: no request goes out of it, and nothing runs in it but its own script.

The style and the script are named by their digests in a Content-Security-Policy, so that not even a mistake
in escaping could make a browser run what stands in a manifest or a commit message.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

__all__ = ["page"]


def page(title: str, body: str, style: str, script: str = "") -> str:
    """A whole document.

    Args:
        title: as text.
        body: as HTML; everything in it that came from elsewhere has been escaped.
        style: CSS.
        script: JavaScript that runs once the body is there; the page must be readable without it.

    >>> text = page("Shop <1>", "<main>...</main>", "main { margin: 0 }")
    >>> text.startswith("<!doctype html>"), "<title>Shop &lt;1&gt;</title>" in text
    (True, True)
    """
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    if script:
        policy += f"; script-src {_digest(script)}"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        '<link rel="icon" href="data:,">',
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        body,
        *([f"<script>{script}</script>"] if script else []),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
