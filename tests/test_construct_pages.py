"""The pages of the constructs: each says what a construct is for, shows one, and the YAML that it gives.

That the Python runs and the YAML is what it renders is held by test_docs.py, for every page.
"""

from __future__ import annotations

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
def test_a_page_makes_a_construct_of_its_title_and_tells_of_the_others(page: Path) -> None:
    title, _, text = page.read_text(encoding="utf-8").partition("\n")
    python = "".join(re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    assert "```yaml\n" in text
    names = constructs_of(page)
    assert any(re.search(rf"\b{name}\(", python) for name in names), f"none of {title} is made"
    for name in names:
        assert issubclass(getattr(chores_infra, name), KubernetesObject)
        assert re.search(rf"\b{name}\b", text), f"{page.name} does not tell of {name}"


def test_the_index_has_every_page_under_its_title() -> None:
    rows = re.findall(
        r"^\| \[(.+)\]\(([\w-]+\.md)\) \| .+ \|$", INDEX.read_text(encoding="utf-8"), re.MULTILINE
    )
    titles = {
        page.name: page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in PAGES
    }
    assert {name: title for title, name in rows} == titles
    assert len(rows) == len(titles)
