"""Histories of every form: each change counts once, when it arrives on the branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.errors import ChoresInfraError, ConfigurationError, GitError
from chores_infra.git import Repository
from chores_infra.release.history.events import History
from chores_infra.release.history.opening import open_repository, read_history
from chores_infra.release.history.report import Window, at_moment, report_of
from tests.git.served import Daemon, run_git
from tests.release.history.repositories import DAY, START, Infra, deployment, told

ALL = Window(None, None, 2**33, 0)


def branch(infra: Infra, name: str, tag: str, author: str, place: str = "shop") -> None:
    """A branch from where we are, on which somebody deploys."""
    infra.git("checkout", "-q", "-b", name)
    infra.commit({f"base-apps/{place}/deployment.yaml": deployment(tag)}, author=author)
    infra.git("checkout", "-q", "main")


def test_a_merge_counts_once_and_names_who_made_it(infra: Infra) -> None:
    infra.run("1.0.0")
    branch(infra, "side", "1.1.0", "Grace")
    infra.at += DAY
    infra.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    read = read_history(Repository(infra.folder), "shop")
    report = read.with_authors(Repository(infra.folder), report_of(read.history, ALL))
    assert told(read.history.events) == ["production deploy >v1.0.0", "production deploy v1.0.0>v1.1.0"]
    newest = report.events[0]
    assert (newest.author, newest.authors, newest.at) == ("Ada", ("Grace",), infra.at)


def test_both_parents_deploy(infra: Infra) -> None:
    infra.run("1.0.0")
    branch(infra, "side", "1.2.0", "Grace")
    infra.run("1.1.0")
    infra.at += DAY
    infra.git("merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", "side")
    assert told(infra.history().events)[1:] == [
        "production deploy v1.0.0>v1.1.0",
        "production deploy v1.1.0>v1.2.0",
    ]


def test_a_merge_that_keeps_ours_is_nothing(infra: Infra) -> None:
    infra.run("1.0.0")
    branch(infra, "side", "1.2.0", "Grace")
    infra.run("1.1.0")
    infra.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "merge", "side")
    assert told(infra.history().events)[1:] == ["production deploy v1.0.0>v1.1.0"]


def test_an_octopus_is_one_commit(infra: Infra) -> None:
    infra.run("1.0.0")
    branch(infra, "one", "1.1.0", "Grace")
    branch(infra, "two", "1.1.0", "Joan", "shop-staging")
    branch(infra, "three", "9.9.9", "Edith", "other")
    infra.git("merge", "-q", "--no-ff", "-m", "all", "one", "two", "three")
    read = read_history(Repository(infra.folder), "shop")
    assert sorted(told(read.history.events)[1:]) == [
        "production deploy v1.0.0>v1.1.0",
        "staging deploy >v1.1.0",
    ]
    report = read.with_authors(Repository(infra.folder), report_of(read.history, ALL))
    assert set(report.events[0].authors) == {"Grace", "Joan"}


def test_squashed_and_rebased_commits_are_commits(infra: Infra) -> None:
    infra.run("1.0.0")
    branch(infra, "side", "1.1.0", "Grace")
    branch(infra, "other", "1.2.0", "Joan")
    infra.commit({"README.md": "else"})
    infra.at += DAY
    infra.git("rebase", "-q", "main", "other")
    infra.git("checkout", "-q", "main")
    infra.git("merge", "-q", "--squash", "side")
    infra.git("commit", "-q", "-m", "squashed", author="Grace")
    assert told(infra.history().events)[1:] == ["production deploy v1.0.0>v1.1.0"]
    infra.git("checkout", "-q", "other")
    (rebased,) = infra.history().events[1:]
    assert (rebased.author, rebased.at) == ("Joan", infra.at)


@pytest.mark.parametrize("old", ["base-apps/store", "apps/store"])
def test_a_folder_that_was_moved_is_followed(old: str, infra: Infra) -> None:
    infra.commit({f"{old}/deployment.yaml": deployment("1.0.0"), f"{old}/more.yaml": "a: 1\n"})
    infra.commit({f"{old}/deployment.yaml": deployment("1.1.0")})
    (infra.folder / "base-apps").mkdir(exist_ok=True)
    infra.git("mv", old, "base-apps/shop")
    infra.commit({})
    infra.commit({f"{old}/deployment.yaml": deployment("9.0.0")})  # which is another app
    infra.run("1.0.0")
    history = infra.history()
    assert told(history.events) == [
        "production deploy >v1.0.0",
        "production deploy v1.0.0>v1.1.0",
        "production config",
        "production rollback v1.1.0>v1.0.0",
    ]
    assert history.events[2].notes[0].text == f"{old} became base-apps/shop/deployment.yaml"


def test_an_app_that_was_renamed_with_all_its_names_is_followed(infra: Infra) -> None:
    intent = (
        "app: {0}\nenvironments:\n  production:\n    version: v1.0.0\n    tag: 1.0.0\n"
        "quarantine:\n- version: v0.9.0\n  reason: slow\n  since: 2025-06-01T00:00:00Z\n"
    )
    infra.commit(
        {
            "base-apps/store/deployment.yaml": deployment("1.0.0", "store"),
            "releases/store.yaml": intent.format("store"),
        }
    )
    infra.commit(
        {
            "base-apps/store/deployment.yaml": None,
            "base-apps/shop/deployment.yaml": deployment("1.0.0", "shop"),
            "releases/store.yaml": None,
            "releases/shop.yaml": intent.format("shop"),
        }
    )
    infra.run("1.1.0")
    history = infra.history()
    assert [event.action for event in history.events] == ["deploy", "re-tag", "deploy"]
    assert [quarantined.since for quarantined in history.quarantines] == [START]


def test_files_that_are_renamed_within_the_folder_are_nothing(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.git("mv", "base-apps/shop/deployment.yaml", "base-apps/shop/web.yaml")
    infra.commit({})
    infra.commit({"base-apps/shop/web.yaml": None, "base-apps/shop/deployment.yaml": deployment("1.1.0")})
    assert told(infra.history().events)[1:] == ["production deploy v1.0.0>v1.1.0"]


def test_an_application_of_another_name_than_its_folder(infra: Infra) -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web-shop}\nspec:\n"
        "  source: {path: apps/shop, repoURL: https://example.com/x.git}\n"
    )
    infra.commit({"argocd/apps.yaml": text, "apps/shop/deployment.yaml": deployment("1.0.0")})
    infra.commit({"apps/shop/deployment.yaml": deployment("1.1.0")})
    assert told(infra.history("web-shop").events) == [
        "production deploy >v1.0.0",
        "production deploy v1.0.0>v1.1.0",
    ]


def test_an_app_that_is_gone_still_has_a_history(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.commit({"base-apps/shop/deployment.yaml": None, "README.md": "nothing"})
    assert told(infra.history().events)[-1] == "production remove v1.0.0>"


def test_an_infrastructure_repository_within_another(infra: Infra) -> None:
    infra.commit({"deploy/base-apps/shop/deployment.yaml": deployment("1.0.0")})
    infra.commit({"base-apps/shop/deployment.yaml": deployment("9.0.0")})
    history = read_history(Repository(infra.folder / "deploy"), "shop").history
    assert told(history.events) == ["production deploy >v1.0.0"]


def test_links_and_submodules_are_named_and_not_followed(infra: Infra, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(deployment("6.6.6"))
    infra.run("1.0.0")
    (infra.folder / "base-apps/shop/linked.yaml").symlink_to(outside)
    infra.commit({})
    other = Infra(tmp_path / "other")
    other.commit({"deployment.yaml": deployment("7.7.7")})
    infra.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(other.folder),
        "base-apps/shop/sub",
    )
    infra.commit({})
    history = infra.history()
    assert told(history.events)[1:] == ["production config"] * 2
    assert all("link or a submodule" in event.notes[0].text for event in history.events[1:])


def test_paths_and_people_of_any_name(infra: Infra) -> None:
    infra.commit({'base-apps/shop/a "b"\n\t☃.yaml': deployment("1.0.0")}, author="Ré\tne <&>|")
    infra.git("mv", 'base-apps/shop/a "b"\n\t☃.yaml', "base-apps/shop/--help.yaml")
    infra.commit({"base-apps/shop/--help.yaml": deployment("1.1.0")}, message="-- \x1b[31m")
    assert told(infra.history().events) == ["production deploy >v1.0.0", "production deploy v1.0.0>v1.1.0"]


def test_settings_of_the_user_change_nothing(infra: Infra, git_settings: Path) -> None:
    for key, value in {
        "log.showRoot": "false",
        "log.showSignature": "true",
        "log.follow": "true",
        "log.diffMerges": "off",
        "color.ui": "always",
        "diff.renames": "copies",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "core.abbrev": "5",
        "log.date": "relative",
        "format.pretty": "oneline",
    }.items():
        infra.git("config", "--file", str(git_settings), key, value)
    infra.run("1.0.0")
    branch(infra, "side", "1.1.0", "Grace")
    infra.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    assert told(infra.history().events) == ["production deploy >v1.0.0", "production deploy v1.0.0>v1.1.0"]


def shallow(infra: Infra, depth: int, folder: Path) -> History:
    run_git(folder.parent, "clone", "-q", f"--depth={depth}", infra.folder.as_uri(), str(folder))
    return read_history(Repository(folder), "shop").history


def test_a_clone_that_is_too_shallow_says_so(infra: Infra, tmp_path: Path) -> None:
    for tag in ("1.0.0", "1.1.0", "1.2.0", "1.1.0"):
        infra.run(tag)
    history = shallow(infra, 3, tmp_path / "three")
    assert told(history.events) == ["production deploy v1.1.0>v1.2.0", "production rollback v1.2.0>v1.1.0"]
    assert (history.is_partial, history.begins_at) == (True, START + DAY)
    (warning,) = report_of(history, ALL).warnings
    assert "what ran before 2025-06-16 15:06 UTC is not known" in warning
    only = shallow(infra, 1, tmp_path / "one")
    assert (only.events, only.running["production"].since) == ((), None)
    assert list(only.running["production"].versions.values()) == ["v1.1.0"]


def test_a_shallow_clone_that_has_all_of_an_app_is_complete(infra: Infra, tmp_path: Path) -> None:
    infra.commit({"README.md": "first"})
    infra.commit({"README.md": "second"})
    infra.run("1.0.0")
    history = shallow(infra, 2, tmp_path / "two")
    assert (told(history.events), history.is_partial) == (["production deploy >v1.0.0"], False)
    assert report_of(history, ALL).warnings == ()
    assert at_moment(history, None, START).is_known is False


def test_what_ran_at_a_moment(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.run("1.1.0")
    infra.run("2.0.0", "shop-staging")

    def ran(at: int, environment: str | None = None) -> dict[str, list[str]]:
        moment = at_moment(infra.history(until=at), environment, at)
        return {name: list(now.versions.values()) for name, now in moment.running.items()}

    assert ran(START - 1) == {}
    assert ran(START) == {"production": ["v1.0.0"]}
    assert ran(START + DAY - 1) == {"production": ["v1.0.0"]}
    assert ran(START + 9 * DAY) == {"production": ["v1.1.0"], "staging": ["v2.0.0"]}
    assert ran(START + 9 * DAY, "staging") == {"staging": ["v2.0.0"]}


def test_a_clone_of_a_url_has_all_of_it(daemon: Daemon, tmp_path: Path) -> None:
    remote = daemon.remote("infra", {"base-apps/shop/deployment.yaml": deployment("1.0.0")})
    work = remote.clone(tmp_path / "work")
    (work / "base-apps/shop/deployment.yaml").write_text(deployment("1.1.0"))
    run_git(work, "commit", "-qam", "next")
    run_git(work, "push", "-q")
    with open_repository(remote.url) as repository:
        history = read_history(repository, "shop").history
    assert told(history.events) == ["production deploy >v1.0.0", "production deploy v1.0.0>v1.1.0"]


def test_there_is_nothing_to_tell(infra: Infra, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="has no commit yet"):
        infra.history()
    infra.run("1.0.0")
    with pytest.raises(ConfigurationError, match="never was one; did you mean 'shop'"):
        infra.history("shopp")
    with pytest.raises(GitError, match="is in no git repository"), open_repository(tmp_path):
        pass


@pytest.mark.parametrize("name", ["", "..", "a/b", "x\n", "\x1b[0m", "x" * 300])
def test_what_is_no_name_never_reaches_git(name: str, infra: Infra) -> None:
    infra.run("1.0.0")
    with pytest.raises(ChoresInfraError, match="is the name of no app"):
        infra.history(name)


@pytest.mark.parametrize("name", ["--upload-pack=x", "$(id)", ":(top)*", "*"])
def test_names_that_git_might_take_for_more_are_names(name: str, infra: Infra) -> None:
    infra.run("1.0.0")
    with pytest.raises(ConfigurationError, match="has no folder"):
        infra.history(name)
