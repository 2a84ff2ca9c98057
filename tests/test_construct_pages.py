"""The pages of the constructs: each says what a construct is for, shows one, and the YAML that it gives.

That the Python runs and the YAML is what it renders is held by test_docs.py, for every page.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import chores_infra
from chores_infra.kubernetes_object import KubernetesObject

ROOT = Path(__file__).parent.parent
INDEX = ROOT / "docs" / "constructs" / "README.md"
PAGES = sorted(page for page in INDEX.parent.glob("*.md") if page != INDEX)


def constructs_of(page: Path) -> list[str]:
    """The classes in the title of a page: those of ``# Role, ClusterRole and RoleBinding``."""
    title = page.read_text(encoding="utf-8").partition("\n")[0]
    return re.findall(r"\b[A-Z]\w+", title)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_each_construct_of_its_title_and_what_it_renders(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    python = "".join(re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    assert "```yaml\n" in text
    assert constructs_of(page) != []
    for name in constructs_of(page):
        assert issubclass(getattr(chores_infra, name), KubernetesObject)
        assert re.search(rf"\b{name}[(.]", python), f"no {name} is made in {page.name}"


def test_every_public_construct_has_a_page() -> None:
    public = [getattr(chores_infra, name) for name in chores_infra.__all__]
    constructs = {
        construct.__name__
        for construct in public
        if inspect.isclass(construct) and issubclass(construct, KubernetesObject)
    }
    titles = [name for page in PAGES for name in constructs_of(page)]
    assert sorted(titles) == sorted(constructs - {"KubernetesObject"})


def test_the_index_has_every_page_under_its_title() -> None:
    rows = re.findall(
        r"^\| \[(.+)\]\(([\w-]+\.md)\) \| .+ \|$", INDEX.read_text(encoding="utf-8"), re.MULTILINE
    )
    titles = {
        page.name: page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in PAGES
    }
    assert {name: title for title, name in rows} == titles
    assert len(rows) == len(titles)
