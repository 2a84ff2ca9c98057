"""`chores-infra history`: what is printed, for whom, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.git.served import run_git
from tests.release.history.repositories import DAY, START, Infra, deployment

HOSTILE = "Eve\x1b[31m\u202e <script>alert(1)</script> `x` | @admin"


@pytest.fixture
def infra(project: Path, git_settings: Path) -> Infra:
    assert git_settings.is_file()
    made = Infra(project / "infra")
    (project / "chores-infra.toml").write_text('repository = "infra"\n')
    return made


def test_the_newest_stand_first_and_what_is_left_out_is_counted(infra: Infra, run: Run) -> None:
    for number in range(4):
        infra.run(f"1.{number}.0")
    done = run("history", "shop", "--limit", "2")
    lines = done.out.splitlines()
    assert [line.split()[3] for line in lines[1:3]] == ["deploy"] * 2
    assert ["v1.2.0 → v1.3.0" in lines[1], "v1.1.0 → v1.2.0" in lines[2]] == [True, True]
    assert lines[3] == "and 2 older; --limit shows more"
    assert (done.code, done.err, "\x1b" in done.out) == (0, "", False)


def test_a_window_and_an_environment(infra: Infra, run: Run) -> None:
    for number in range(4):
        infra.run(f"1.{number}.0", "shop-staging")
    infra.run("1.0.0")
    told = json.loads(
        run("history", "shop", "--since", "2025-06-16", "--until", "2025-06-17", "--format", "json").out
    )
    assert [event["date"] for event in told["events"]] == ["2025-06-17T15:06:40Z", "2025-06-16T15:06:40Z"]
    told = json.loads(run("history", "shop", "--env", "production", "--format", "json").out)
    assert [event["changes"][0]["after"] for event in told["events"]] == ["v1.0.0"]
    assert [each["environment"] for each in told["environments"]] == ["production"]
    same = json.loads(run("history", "shop-staging", "--format", "json").out)
    assert [each["environment"] for each in same["environments"]] == ["staging"]


def test_json_says_everything(infra: Infra, run: Run) -> None:
    infra.run("1.0.0")
    infra.run("1.1.0", message="Ship it\n\nnow")
    told = json.loads(run("history", "shop", "--format", "json", "--until", "2025-06-18").out)
    newest = infra.git("rev-parse", "HEAD")
    image = {"image": "registry.example.com/shop", "digest": None}
    container = {"object": "Deployment/shop", "container": "web"}
    assert told.pop("figures") == [
        {
            "environment": "production",
            "from": "2025-06-15T15:06:40Z",
            "to": "2025-06-18T23:59:59Z",
            "deployments": 2,
            "rollbacks": 0,
            "deploymentsPerWeek": 2.0,
            "rolledBack": 0,
            "rollbackRate": 0.0,
            "timeToRestoreSeconds": None,
            "leadTimeSeconds": None,
            "leadTimeDeployments": 0,
        }
    ]
    assert told["events"][0] == {
        "commit": newest,
        "date": "2025-06-16T15:06:40Z",
        "action": "deploy",
        "environment": "production",
        "changes": [
            {
                "action": "deploy",
                "before": "v1.0.0",
                "after": "v1.1.0",
                "imageBefore": {**image, "tag": "1.0.0"},
                "imageAfter": {**image, "tag": "1.1.0"},
                "containers": [container],
            }
        ],
        "author": "Ada",
        "authors": ["Ada"],
        "subject": "Ship it",
        "notes": [],
    }
    del told["events"]
    assert told == {
        "app": "shop",
        "complete": True,
        "begins": None,
        "environments": [
            {
                "environment": "production",
                "running": [{**container, "version": "v1.1.0", **image, "tag": "1.1.0"}],
                "since": {"commit": newest, "date": "2025-06-16T15:06:40Z"},
            }
        ],
        "more": 0,
        "quarantines": [],
        "warnings": [],
    }


@pytest.mark.parametrize("given", ["2025-06-16", "2025-06-16T15:06:40Z", "2025-06-16 17:06:40+02:00"])
def test_what_ran_at_a_moment(given: str, infra: Infra, run: Run) -> None:
    for tag in ("1.0.0", "1.1.0", "1.2.0"):
        infra.run(tag)
    done = run("history", "shop", "--at", given)
    assert "production: shop v1.1.0  since 2025-06-16 15:06 UTC" in done.out
    assert (done.code, done.err) == (0, "")
    told = json.loads(run("history", "shop", "--at", given, "--format", "json").out)
    assert told["environments"][0]["running"][0]["version"] == "v1.1.0"
    assert "v1.1.0" in run("history", "shop", "--at", given, "--format", "markdown").out
    assert (
        run("history", "shop", "--at", "2025-06-01").out == "at 2025-06-01 23:59 UTC\nnothing of shop ran\n"
    )


def test_tags_of_the_application_tell_lead_times_and_versions_that_are_one(
    infra: Infra, tmp_path: Path, run: Run
) -> None:
    app = Infra(tmp_path / "application")
    app.at = START - 3 * DAY
    app.commit({"main.py": "1"})
    app.git("tag", "-a", "-m", "one", "v2.0.0")
    app.git("tag", "v3.0.0")
    app.git("tag", "-a", "-m", "other", "admin-v2.0.0", "HEAD")
    for tag in ("1.0.0", "2.0.0", "3.0.0"):
        infra.run(tag)
    told = json.loads(
        run("history", "shop", "--app-repo", app.folder, "--format", "json", "--until", "2025-06-18").out
    )
    assert [event["action"] for event in told["events"]] == ["re-tag", "deploy", "deploy"]
    figures = told["figures"][0]
    assert (figures["leadTimeSeconds"], figures["leadTimeDeployments"]) == (3 * DAY, 1)


def test_a_shallow_clone_warns_and_ends_well(infra: Infra, project: Path, run: Run) -> None:
    for tag in ("1.0.0", "1.1.0", "1.2.0"):
        infra.run(tag)
    run_git(project, "clone", "-q", "--depth=2", infra.folder.as_uri(), "shallow")
    done = run("history", "shop", "--repo", "shallow", "--format", "json")
    told = json.loads(done.out)
    assert (done.code, told["complete"], told["begins"]) == (0, False, "2025-06-16T15:06:40Z")
    assert [event["changes"][0]["after"] for event in told["events"]] == ["v1.2.0"]
    assert done.err.startswith("warning: the clone is too shallow: what ran before 2025-06-16 15:06 UTC")
    then = run("history", "shop", "--repo", "shallow", "--at", "2025-06-15")
    assert (then.code, then.out) == (0, "at 2025-06-15 23:59 UTC\nwhat ran then is not known\n")
    assert "it begins at 2025-06-16" in then.err


def test_nothing_of_an_author_or_a_message_is_obeyed(infra: Infra, run: Run) -> None:
    intent = {"app": "shop", "environments": {}, "quarantine": [{"version": "v9.0.0", "reason": HOSTILE}]}
    files = {"base-apps/shop/deployment.yaml": deployment("1.0.0"), "releases/shop.yaml": json.dumps(intent)}
    infra.commit(files, message=HOSTILE, author=HOSTILE)
    text = run("history", "shop").out
    assert text.count("Eve\\u001b[31m\\u202e") == 3
    assert "\x1b" not in text
    markdown = run("history", "shop", "--format", "markdown").out
    (row,) = (line for line in markdown.splitlines() if "deploy |" in line)
    assert "&lt;script&gt;" in row
    assert "@<!-- -->admin" in row
    assert "\\`x\\` \\| " in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 8


def test_a_credential_in_a_message_is_not_repeated(infra: Infra, run: Run) -> None:
    infra.commit(
        {"base-apps/shop/deployment.yaml": deployment("1.0.0")},
        message="use https://bot:s3cret@example.com/x",
    )
    assert "s3cret" not in run("history", "shop", "--format", "json").out


@pytest.mark.parametrize("width", [50, 80, 200])
def test_the_table_fits_the_terminal(width: int, infra: Infra) -> None:
    infra.run("1.0.0")
    text = deployment("1.1.0").replace("replicas: 1", "replicas: 2")
    more = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-of-the-whole-shop}\n"
    infra.commit(
        {"base-apps/shop/deployment.yaml": text, "base-apps/shop/more.yaml": more}, author="名前の長い人" * 5
    )
    main, other = pty.openpty()
    subprocess.run(["stty", "cols", str(width), "rows", "50"], stdin=other, check=True)
    command = [sys.executable, "-m", "chores_infra", "history", "shop"]
    environment = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR"}}
    subprocess.run(
        command, stdout=other, cwd=infra.folder.parent, check=True, env={**environment, "TERM": "xterm"}
    )
    os.close(other)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert "\x1b[32mdeploy" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).split("\r\n")
    assert max(len(line) + sum("\u3000" < char < "\ue000" for char in line) for line in plain) <= width
    assert "ConfigMap/settings-of-the-whole-shop" in shown
    assert "deployments" in shown.lower()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "did you mean"),
        (["--at", "yesterday", "shop"], "is no date: expected ISO 8601"),
        (["shop", "--since", "2025-13-01"], "is no date"),
        (["shop", "--repo", ""], "expected a place"),
        (["shop", "--repo", "missing"], "there is no folder missing"),
        (["shop", "--repo", "ext::sh -c id"], "is no URL"),
        (["../shop"], "is the name of no app"),
        (["shop", "--app-repo", "."], "is in no git repository"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], said: str, infra: Infra, run: Run
) -> None:
    infra.run("1.0.0", "nothin")
    infra.run("1.0.0")
    done = run("history", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
