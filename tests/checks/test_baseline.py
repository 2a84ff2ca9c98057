"""A big repository adopts the checks, and sees only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chores_infra.checks import run
from chores_infra.checks.baseline import Baseline, read_baseline
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.rule import Hit, Place, Rule
from chores_infra.errors import FileError

FINDING = Finding("a-rule", Severity.ERROR, "apps/a.yaml", 3, 1, "Service/x/y", "spec", "message", "help")


def written(folder: Path, *findings: Finding) -> Baseline:
    file = folder / "baseline.json"
    file.write_text(Baseline.of(folder, findings).text())
    return read_baseline(file)


def test_what_was_there_is_known_wherever_its_line_went(tmp_path: Path) -> None:
    baseline = written(tmp_path, FINDING)

    assert baseline.new([FINDING._replace(line=99, column=7, message="in better words")]) == []


@pytest.mark.parametrize(
    "change", [{"rule": "b"}, {"file": "b.yaml"}, {"resource": "Service/x/z"}, {"path": "p"}]
)
def test_another_finding_is_new(tmp_path: Path, change: dict[str, str]) -> None:
    other = FINDING._replace(**change)  # type: ignore[arg-type]

    assert written(tmp_path, FINDING).new([FINDING, other]) == [other]


def test_of_more_than_were_recorded_all_are_shown(tmp_path: Path) -> None:
    second = FINDING._replace(line=9)

    assert written(tmp_path, FINDING).new([FINDING, second]) == [FINDING, second]
    assert written(tmp_path, FINDING, second).new([FINDING]) == []


def test_what_is_gone_is_counted(tmp_path: Path) -> None:
    other = FINDING._replace(rule="b")

    assert written(tmp_path, FINDING, other).gone([FINDING]) == 1


def test_it_holds_from_whichever_folder_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path)
    baseline = written(tmp_path, FINDING)
    monkeypatch.chdir(tmp_path / "apps")

    assert baseline.new([FINDING._replace(file="a.yaml")]) == []


def test_it_is_sorted_and_a_line_each(tmp_path: Path) -> None:
    other = FINDING._replace(rule="0-rule")
    monkey = Baseline.of(tmp_path, [FINDING, other, FINDING]).text()

    assert monkey == Baseline.of(tmp_path, [FINDING, FINDING, other]).text()
    assert len(monkey.splitlines()) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": [{"rule": 1}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)

    with pytest.raises(FileError, match=r"baseline\.json: is no baseline"):
        read_baseline(file)


def test_a_baseline_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_baseline(tmp_path)


class Counting(Rule):
    """Finds one thing, and counts how often it was asked."""

    id, title, severity, help = "counting", "Something", Severity.ERROR, "do something"
    asked = 0

    def check(self, context: Context) -> Iterator[Hit]:
        type(self).asked += 1
        yield Hit(Place("a.yaml", 1), "found")


def test_recording_asks_every_rule_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "rules_for", lambda _settings: [Counting()])

    recorded = run.check_paths([tmp_path], baseline=tmp_path / "baseline.json")

    assert (len(recorded.findings), recorded.known, Counting.asked) == (0, 1, 1)
    again = run.check_paths([tmp_path], baseline=tmp_path / "baseline.json")
    assert (len(again.findings), again.known, again.gone) == (0, 1, 0)
