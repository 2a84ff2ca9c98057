"""A comparison as one HTML page: nothing is loaded, and all of it can be read without JavaScript.

With it, the page can be searched, and filtered by class. Values are marked as ``del`` and ``ins``, with their
signs, so that nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources
from typing import Final

from chores_infra.diff.folding import Entry, Variant
from chores_infra.diff.model import ABSENT, ChangeClass, Comparison, Effect, FieldChange, Identity, What
from chores_infra.diff.outline import Outline, Part, outline
from chores_infra.diff.reports.values import counted, differing_lines, entry_name, harmless, values_on_a_line
from chores_infra.html_page import page

__all__ = ["render"]

_FEW: Final = 5
"""So many names are shown at once; more are folded away."""


def render(comparison: Comparison, title: str = "What changes") -> str:
    """The page.

    Args:
        comparison: what differs.
        title: what stands above it, as text.
    """
    told = outline(comparison)
    articles = [
        *("".join(_entry(entry, told)) for entry in told.alike),
        *("".join(_part(part)) for part in told.parts),
    ]
    body = [
        '<a class="skip" href="#changes">Skip to the changes</a>',
        f"<header><h1>{_text(title)}</h1>",
        *_head(comparison),
        *_tools(told),
        "</header>",
        '<main id="changes" tabindex="-1">',
        *articles,
        *_text_only(comparison.text_only),
        "</main>",
    ]
    return page(title, "\n".join(body), _file("page.css"), _file("page.js") if comparison else "")


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _head(comparison: Comparison) -> Iterator[str]:
    if not comparison:
        yield "<p>No difference.</p>"
        return
    objects = counted(len(comparison.changes), "object")
    yield f"<p>{objects} changed, at worst {_badge(comparison.classes[0])}</p>"
    yield "<table><thead><tr><th>worst class</th><th>objects</th></tr></thead><tbody>"
    for each, count in comparison.counts().items():
        yield f"<tr><td>{_badge(each)}</td><td>{count:,}</td></tr>"
    yield "</tbody></table>"


def _tools(told: Outline) -> Iterator[str]:
    """What works with JavaScript only, which shows it."""
    classes = (*(entry.classes for entry in told.alike), *(part.classes for part in told.parts))
    present = {each for found in classes for each in found}
    if not present:
        return
    yield '<div class="tools" hidden>'
    yield '<label class="search" for="search"><span>Search (press /)</span>'
    yield '<input type="search" id="search" autocomplete="off"></label>'
    yield "<fieldset><legend>Classes</legend>"
    for each in (each for each in ChangeClass if each in present):
        box = f'<input type="checkbox" name="class" value="{each}" checked>'
        yield f"<label>{box} {each}</label>"
    yield "</fieldset>"
    yield '<button type="button" id="details">Open all details</button>'
    yield '<p class="soft" id="shown" role="status"></p></div>'


def _entry(entry: Entry, told: Outline) -> Iterator[str]:
    main, *others = entry.variants
    objects = counted(len(told.identities(main.occurrences)), "object")
    title = f"<code>{_text(entry_name(entry))}</code> {main.what} in {objects}"
    yield from _article(entry.classes, title)
    yield from _values(main)
    yield from _effects(main.effects)
    yield from _names(told.identities(main.occurrences))
    if others:
        differ = sum(len(told.identities(variant.occurrences)) for variant in others)
        yield f"<h3>{differ:,} differ</h3><ul>"
        for variant in others:
            yield f"<li>{_badges(variant.classes)} {variant.what}"
            yield from _values(variant)
            yield from _names(told.identities(variant.occurrences))
            yield "</li>"
        yield "</ul>"
    yield "</article>"


def _part(part: Part) -> Iterator[str]:
    change = part.change
    yield from _article(part.classes, f"<code>{_text(str(change.identity))}</code> {change.what}")
    yield from _where(part)
    yield from _effects(part.reasons)
    for field in part.fields:
        yield f"<h3><code>{_text(field.field)}</code> {field.what} {_badges(field.classes)}</h3>"
        yield from _values(field)
    yield "</article>"


def _article(classes: Sequence[ChangeClass], title: str) -> Iterator[str]:
    yield f'<article class="{classes[0]}" data-classes="{" ".join(classes)}">'
    yield f"<h2>{_badges(classes)} {title}</h2>"


def _where(part: Part) -> Iterator[str]:
    change = part.change
    if change.what is What.RENAMED:
        yield f'<p class="soft">was <code>{_text(str(change.before))}</code></p>'
    line = change.after_line if change.after is not None else change.before_line
    file = change.after_file or change.before_file
    if change.moved:
        moved = f"<code>{_text(change.before_file or '')}</code> to <code>{_text(file or '')}</code>"
        yield f'<p class="soft">moved from {moved}</p>'
    elif file and change.identity.kind:
        yield f'<p class="soft"><code>{_text(file)}{f":{line}" if line else ""}</code></p>'


def _values(change: FieldChange | Variant) -> Iterator[str]:
    if change.before is ABSENT and change.after is ABSENT:  # of an object as a whole
        return
    short = values_on_a_line(change)
    if short is not None:
        before, after = map(_text, short)
        yield f'<p class="values"><del>- {before}</del> <ins>+ {after}</ins></p>'
        return
    # It can be scrolled by keyboard: it may be wider and higher than its place.
    yield '<pre tabindex="0" role="region" aria-label="difference">'
    yield "".join(map(_line, differing_lines(change.before, change.after)))
    yield "</pre>"


def _line(line: str) -> str:
    tag = {"-": "del", "+": "ins"}.get(line[:1], "span")
    return f"<{tag}>{_text(line)}</{tag}>"


def _effects(effects: Iterable[Effect]) -> Iterator[str]:
    lines = [f"<li>{effect.change_class}: {_text(effect.why)}</li>" for effect in effects]
    if lines:
        yield f'<ul class="why">{"".join(lines)}</ul>'


def _names(identities: Sequence[Identity]) -> Iterator[str]:
    names = "".join(f"<li><code>{_text(str(identity))}</code></li>" for identity in identities)
    if len(identities) <= _FEW:
        yield f"<ul>{names}</ul>"
    else:
        yield f"<details><summary>{counted(len(identities), 'object')}</summary><ul>{names}</ul></details>"


def _text_only(files: Sequence[str]) -> Iterator[str]:
    if files:
        names = "".join(f"<li><code>{_text(file)}</code></li>" for file in files)
        summary = f"{counted(len(files), 'file')} only as text: comments, layout, spelt-out defaults"
        yield f"<details><summary>{summary}</summary><ul>{names}</ul></details>"


def _text(text: str) -> str:
    return escape(harmless(text))


def _badges(classes: Iterable[ChangeClass]) -> str:
    return "".join(map(_badge, classes))


def _badge(each: ChangeClass) -> str:
    return f'<span class="class {each}">{each}</span>'
