"""The release intent: what is written is read back the same, and everything else is refused with its line."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.environments import Environment
from chores_infra.errors import IntentError
from chores_infra.release.intent import Intent, Quarantine, Running
from chores_infra.release.intent_as_written import read_as_written
from chores_infra.release.intent_reading import read_intent
from chores_infra.versions import FloatingTag, Version

FILE = PurePosixPath("releases/chores-tracker.yaml")
DIGEST = f"sha256:{'0123456789abcdef' * 4}"

# The example of the design, with a digest.
WRITTEN = f"""\
# Release intent, kept by chores_infra; change it with its commands or by hand, your comments stay
app: chores-tracker
environments:
  production:
    version: v3.0.0
    tag: 3.0.0
    rendered: {DIGEST}
    digest: {DIGEST}
quarantine:
- version: v3.1.0
  reason: login fails behind Traefik
  since: "2025-07-01T10:00:00Z"
"""
INTENT = Intent(
    "chores-tracker",
    {Environment.PRODUCTION: Running(Version(3, 0, 0), "3.0.0", DIGEST, DIGEST)},
    (Quarantine(Version(3, 1, 0), "login fails behind Traefik", "2025-07-01T10:00:00Z"),),
)

numbers = st.integers(0, 10**18 - 1)
identifiers = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
versions = st.builds(Version, numbers, numbers, numbers, st.lists(identifiers, max_size=2).map(tuple))
tags = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}", fullmatch=True)
digests = st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True)
moving = st.sampled_from(["latest", "main", "sha-abc1234", "v3"]).map(FloatingTag)
moments = st.datetimes(
    min_value=datetime(1000, 1, 1), timezones=st.just(timezone(timedelta(hours=2, minutes=30)))
).map(datetime.isoformat)
quarantines = st.lists(
    st.builds(
        Quarantine, versions, st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), moments
    ),
    max_size=3,
    unique_by=lambda entry: entry.version,
).map(tuple)


def running(releases: st.SearchStrategy[Version | FloatingTag]) -> st.SearchStrategy[Running]:
    found = st.builds(Running, releases, tags, st.none() | digests, st.none() | digests, st.booleans())
    return found.map(lambda each: each._replace(pinned=each.pinned and each.digest is not None))


environments = st.fixed_dictionaries(
    {},
    optional={
        Environment.PRODUCTION: running(versions),
        Environment.STAGING: running(versions),
        Environment.DEVELOPMENT: running(versions | moving),
    },
)
names = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda name: name not in {"con", "prn", "aux", "nul"}
)
intents = st.builds(Intent, names, environments, quarantines)


def test_an_intent_is_written_as_the_design_shows_it() -> None:
    assert INTENT.text() == WRITTEN.partition("\n")[2]


def test_an_intent_is_read_as_the_design_shows_it() -> None:
    assert Intent.read(WRITTEN, FILE) == INTENT


@given(intents)
def test_what_is_written_is_read_back_the_same(intent: Intent) -> None:
    assert Intent.read(intent.text(), FILE) == intent
    assert read_intent(intent.text(), FILE) == intent


@given(intents)
def test_the_short_way_of_reading_gives_what_the_strict_one_gives(intent: Intent) -> None:
    assert read_as_written(intent.text()) in (intent, None)


def test_the_short_way_is_taken_for_what_synth_writes() -> None:
    text, _, _ = WRITTEN.partition("quarantine:")
    assert read_as_written(text) == Intent("chores-tracker", INTENT.environments)
    commented = text.replace("v3.0.0", "v3.0.0  # pinned, see #12").replace(
        "    tag", "\n  # as it is\n    tag"
    )
    assert read_as_written(commented) == read_as_written(text) == read_intent(commented, FILE)


@pytest.mark.parametrize(
    "changed",
    [
        "  staging:\n    version: v1.0.0\n    tag: a b\n",
        "  staging:\n    version: latest\n    tag: latest\n",
        "  staging:\n    version: v1.0.0\n    tag: 1.0.0\n    rendered: sha256:0\n",
        "  staging:\n    version: v1.0.0\n    tag: 1.0.0\n    colour: blue\n",
        "  staging:\n    version: v1.0.0\n    tag: '1.0.0'\n",
        "  staging:\n    version: v1.0.0\n    tag: 1.0.0# by hand\n",
        "  staging:\n    version: v1.0.0\n    tag: 1.0.0  # by hand\x85\n",
        "  staging:\n    version: v1.0.0\n    tag: 1.0.0\t# by hand\n",
        "  staging:\n    version: v1.0.0\n    # tag: 1.0.0\n",
        "  staging:\n    tag: 1.0.0\n    version: v1.0.0\n",
        "  staging:\n    version: v1.0.0\n    version: v1.0.0\n    tag: 1.0.0\n",
        "  prod:\n    version: v1.0.0\n    tag: 1.0.0\n",
    ],
)
def test_the_short_way_leaves_what_we_would_not_write_to_the_strict_one(changed: str) -> None:
    assert read_as_written(f"app: shop\nenvironments:\n{changed}") is None


@given(st.text() | st.builds(lambda intent, junk: intent.text() + junk, intents, st.text()))
def test_any_text_is_an_intent_or_an_intent_error(text: str) -> None:
    try:
        intent = Intent.read(text, FILE)
    except IntentError as error:
        said = str(error)
    else:
        said = f"{FILE}:" if Intent.read(intent.text(), FILE) == intent else "another intent"
    assert said.startswith(f"{FILE}:")


def test_one_environment_can_be_changed_and_the_others_stay() -> None:
    staging = Running(Version(3, 1, 0), "3.1.0")
    changed = INTENT.running(Environment.STAGING, staging)
    assert changed.environments == {**INTENT.environments, Environment.STAGING: staging}
    assert Environment.STAGING not in INTENT.environments


def test_a_quarantine_is_found_by_its_version() -> None:
    assert INTENT.quarantined(Version.parse("3.1.0")) == INTENT.quarantine[0]
    assert INTENT.quarantined(Version.parse("v3.0.0")) is None
    assert INTENT.quarantined(FloatingTag("v3.1.0")) is None


def test_a_quarantine_is_told_on_one_line() -> None:
    entry = INTENT.quarantine[0]._replace(reason="login fails\n\nbehind Traefik\n")
    assert str(entry) == "quarantined since 2025-07-01T10:00:00Z: login fails behind Traefik"


SHOP = "app: shop\nenvironments:\n  production:\n    version: v1.0.0\n    tag: 1.0.0\n"
HELD = f"{SHOP}quarantine:\n- version: v1.1.0\n  reason: it is slow\n  since: '2025-07-01T10:00:00Z'\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (SHOP.replace("shop", "Shop"), 1, "app: 'Shop' cannot be the name of an app"),
        (SHOP.replace("app: shop", "app: 7"), 1, "app: expected text, found 7"),
        (SHOP.replace("app: shop\n", ""), 1, "app: this field is required"),
        (SHOP + "enviroments: {}\n", 6, "enviroments: there is no such field; did you mean 'environments'?"),
        (SHOP + "app: shop\n", 6, "app: is given twice, first in line 1"),
        (SHOP.replace("production", "prod"), 3, "environments.prod: there is no such field"),
        (SHOP.replace("v1.0.0", "v1"), 4, "environments.production.version: 'v1' is a partial version"),
        (SHOP.replace("v1.0.0", "1.0"), 4, "environments.production.version: expected text, found 1.0"),
        (SHOP.replace("v1.0.0", "latest"), 4, "'latest' is a tag that does not say which version it is"),
        (SHOP.replace("    tag: 1.0.0\n", ""), 3, "environments.production.tag: this field is required"),
        (SHOP.replace("tag: 1.0.0", "tag: ../etc"), 5, "expected the tag of an image, such as 3.0.0"),
        (SHOP.replace("tag: 1.0.0", "tag: null"), 5, "tag: expected text, found nothing"),
        (SHOP + "    rendered: sha256:00\n", 6, "rendered: expected sha256: and 64 hexadecimal digits"),
        (SHOP + "    digest: md5:00\n", 6, "digest: expected sha256: and 64 hexadecimal digits"),
        (SHOP + "    pinned: true\n", 6, "pinned: there is no digest to pin"),
        (SHOP + f'    digest: {DIGEST}\n    pinned: "yes"\n', 7, "pinned: expected true or false"),
        (SHOP + "    replicas: 2\n", 6, "environments.production.replicas: there is no such field"),
        (HELD.replace("v1.1.0", "v1.1"), 7, "quarantine[0].version: 'v1.1' is a partial version"),
        (HELD.replace("it is slow", "''"), 8, "quarantine[0].reason: expected a reason, found nothing"),
        (HELD.replace("2025-07-01T", "2025-07-01 "), 9, "expected a moment such as 2025-07-01T10:00:00Z"),
        (HELD.replace("07-01", "02-30"), 9, "since: expected a moment such as 2025-07-01T10:00:00Z"),
        (HELD.replace("10:00:00Z", "10:00:00"), 9, "since: expected a moment such as 2025-07-01T10:00:00Z"),
        (HELD + HELD.partition("quarantine:\n")[2], 10, "quarantine[1].version: v1.1.0 stands in the quaran"),
        (SHOP + "quarantine: v1.1.0\n", 6, "quarantine: expected a list of versions with reasons"),
        (SHOP + "quarantine: [v1.1.0]\n", 6, "quarantine[0]: expected a mapping with version, reason, since"),
        ("- app: shop\n", 1, "expected a mapping with app, environments, quarantine"),
        ("app: shop\nenvironments: [\n", "2:15", "did not find expected node content"),
    ],
)
def test_an_error_says_where_and_what(text: str, line: int | str, said: str) -> None:
    with pytest.raises(IntentError) as error:
        Intent.read(text, FILE)
    lines = [each for each in str(error.value).splitlines() if said in each]
    assert [each.split(": ")[0] for each in lines] == [f"{FILE}:{line}"]


@pytest.mark.parametrize(
    ("text", "found"), [("", "nothing"), ("# empty\n", "nothing"), ("a: 1\n---\nb: 2\n", "2 doc")]
)
def test_the_file_is_one_document(text: str, found: str) -> None:
    with pytest.raises(IntentError, match=f"expected one YAML document .*, found {found}"):
        Intent.read(text, FILE)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(IntentError) as error:
        Intent.read("app: A\nenvironments:\n  staging: {version: v1}\n  prod: {}\n", FILE)
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == [
        "app",
        "environments.staging.tag",
        "environments.staging.version",
        "environments.prod",
    ]


def test_development_may_run_a_tag_that_moves() -> None:
    text = "app: shop\nenvironments:\n  development: {version: latest, tag: latest}\n"
    intent = Intent.read(text, FILE)
    assert intent.environments[Environment.DEVELOPMENT].release == FloatingTag("latest")
