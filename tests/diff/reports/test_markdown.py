"""The comment on a pull request, as a Markdown renderer makes HTML of it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chores_infra.diff import Comparison, Located, compare
from chores_infra.diff.reports.markdown import LONGEST, render

#: What the reports use, as a renderer writes it.
TAGS = {"code", "details", "h3", "li", "p", "pre", "strong", "summary"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr", "ul"}


class Page(HTMLParser):
    """The tags that are there, and the text outside of code, where GitHub looks for mentions and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.prose: list[str] = []
        self._code = 0
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.prose.append(data)


def config_map(name: str, value: str) -> Located:
    metadata = {"name": name, "namespace": "shop"}
    return Located({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"KEY": value}})


def test_forty_apps_are_one_entry_and_the_two_that_differ(forty: Comparison) -> None:
    text = render(forty)
    assert text.startswith("### 🔵 40 objects changed, at worst: restart\n")
    assert "🔵 **restart** `Deployment spec.template.spec.containers[].image` changed in 38 objects\n" in text
    image = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"
    assert f"`{image}:3.0.0` → `{image}:3.1.0`" in text
    assert "\n2 differ:\n" in text
    assert f"`{image}:3.0.0` → `{image}:3.2.0`" in text


def test_one_object_is_open_and_says_why_it_matters(deployed: Comparison) -> None:
    text = render(deployed)
    assert "<details open><summary>🔵 restart <code>Deployment/chores-tracker/chores-tracker</code>" in text
    assert "- restart: the pod template changes, so new pods replace all that run" in text


@pytest.mark.parametrize("name", ["forty", "deployed", "hostile"])
def test_it_has_the_tags_of_reports_and_no_others(name: str, request: pytest.FixtureRequest) -> None:
    page = Page(render(request.getfixturevalue(name)))
    assert set(page.tags) <= TAGS
    assert not [text for text in page.prose if "@" in text.removesuffix("@") or "://" in text]


def test_what_has_no_width_or_turns_the_text_is_spelt_out(hostile: Comparison) -> None:
    text = render(hostile)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\u202e" in text


@pytest.mark.parametrize("longest", [600, 2_000, LONGEST])
def test_it_is_never_too_long_and_says_what_it_left_out(longest: int) -> None:
    many = range(300)
    before = [config_map(f"settings-{number}", "old") for number in many]
    # All of them different, so that nothing can be told once.
    after = [config_map(f"settings-{number}", f"{number}-{'x' * 390}") for number in many]
    text = render(compare(before, after), longest=longest)
    assert len(text) <= longest
    told = text.count("<details")
    assert f"**{300 - told} parts of this report left out**" in text
    assert Page(text).tags.count("details") == told


def test_no_difference_is_one_line() -> None:
    assert render(compare([], [])) == "### No difference\n"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_no_value_becomes_markup(before: str, after: str, key: str) -> None:
    metadata = {"name": "settings", "annotations": {key: before}}
    old = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": f"1\n{before}\n"}}
    new = {**old, "metadata": {**metadata, "annotations": {key: after}}, "data": {"a": f"1\n{after}\n"}}
    page = Page(render(compare([Located(old)], [Located(new)])))
    assert set(page.tags) <= TAGS
    assert page.tags.count("details") <= 1
