"""What commits did, in histories that go straight on: judged by the manifests, whatever messages say."""

from __future__ import annotations

import pytest

from chores_infra.release.history.events import History
from tests.release.history.repositories import Infra, deployment, told

DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
INTENT = "app: shop\nenvironments:\n  production:\n    version: {0}\n    tag: {1}\n"


def notes(history: History, number: int = -1) -> dict[str, str]:
    return {note.kind: note.text for note in history.events[number].notes}


def test_versions_go_forward_and_back_and_forward_again(infra: Infra) -> None:
    for tag in ("1.0.0", "1.1.0", "1.0.0", "1.1.0", "1.2.0"):
        infra.run(tag, message="chore: nothing to see here")
    history = infra.history()
    assert told(history.events) == [
        "production deploy >v1.0.0",
        "production deploy v1.0.0>v1.1.0",
        "production rollback v1.1.0>v1.0.0",
        "production deploy v1.0.0>v1.1.0",
        "production deploy v1.1.0>v1.2.0",
    ]
    assert notes(history, 3) == {"again": "v1.1.0 ran here before"}
    assert history.events[0].author == "Ada"
    assert dict(history.running["production"].versions) == {("Deployment/shop", "web"): "v1.2.0"}
    assert history.running["production"].since == history.events[-1]


def test_a_lower_version_that_never_ran_is_no_rollback(infra: Infra) -> None:
    infra.run("2.0.0")
    infra.run("1.9.9")
    history = infra.history()
    assert told(history.events)[-1] == "production deploy v2.0.0>v1.9.9"
    assert "lower" in notes(history)


def test_tags_that_are_no_versions_are_known_by_what_came_first(infra: Infra) -> None:
    for tag in ("sha-aaaaaaa", "sha-bbbbbbb", "sha-aaaaaaa", "sha-bbbbbbb"):
        infra.run(tag)
    assert [event.action for event in infra.history().events] == ["deploy", "deploy", "rollback", "deploy"]


def test_git_revert_and_the_revert_of_that(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.run("2.0.0", message="release")
    infra.at += 3_600
    infra.git("revert", "--no-edit", "HEAD")
    undone = infra.git("rev-parse", "HEAD")
    infra.at += 3_600
    infra.git("revert", "--no-edit", "HEAD")
    history = infra.history()
    assert told(history.events)[2:] == [
        "production rollback v2.0.0>v1.0.0",
        "production deploy v1.0.0>v2.0.0",
    ]
    assert notes(history, 2)["reverts"].endswith("(deploy v1.0.0 to v2.0.0)")
    assert notes(history, 3)["reverts"] == f"reverts {undone[:7]} (rollback v2.0.0 to v1.0.0)"


def test_environments_are_told_apart(infra: Infra) -> None:
    infra.commit(
        {
            "base-apps/shop/deployment.yaml": deployment("1.0.0"),
            "base-apps/shop-staging/deployment.yaml": deployment("1.1.0"),
            "base-apps/shopping/deployment.yaml": deployment("9.9.9"),
        }
    )
    infra.run("1.2.0", "shop-staging")
    infra.run("1.1.0", "shop")
    assert sorted(told(infra.history().events)) == [
        "production deploy >v1.0.0",
        "production deploy v1.0.0>v1.1.0",
        "staging deploy >v1.1.0",
        "staging deploy v1.1.0>v1.2.0",
    ]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("1.0.0", "v1.0.0", "spelling"),
        ("1.0.0", f"1.0.0@{DIGEST}", "digest"),
        (f"1.0.0@{DIGEST}", "1.0.0", "digest"),
        (f"1.0.0@{DIGEST}", f"1.0.0@{OTHER}", "moved-tag"),
        (f"2.0.0@{DIGEST}", f"3.0.0@{DIGEST}", "same-image"),
    ],
)
def test_a_name_that_changes_and_not_what_runs_is_a_retag(
    before: str, after: str, kind: str, infra: Infra
) -> None:
    infra.run(before)
    infra.run(after)
    history = infra.history()
    assert history.events[-1].action == "re-tag"
    assert kind in notes(history)


def test_an_image_from_another_registry_is_a_retag(infra: Infra) -> None:
    infra.run("1.0.0")
    text = deployment("1.0.0").replace("registry.example.com", "other.example.com")
    infra.commit({"base-apps/shop/deployment.yaml": text})
    assert told(infra.history().events)[-1] == "production re-tag v1.0.0>v1.0.0"
    assert "repository" in notes(infra.history())


def test_settings_are_configuration_and_comments_are_nothing(infra: Infra) -> None:
    infra.run("1.0.0")
    text = deployment("1.0.0")
    infra.commit({"base-apps/shop/deployment.yaml": f"# a comment\n{text}"})
    infra.commit({"base-apps/shop/deployment.yaml": text.replace("replicas: 1", "replicas: 3")})
    infra.commit({"base-apps/shop/README.md": "# Shop"})
    infra.commit({"base-apps/shop/mkdocs.yml": "site_name: Shop\n"})
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {image: 'x:1'}\n"
    infra.commit({"base-apps/shop/config.yaml": config})
    infra.commit({"base-apps/shop/config.yaml": None})
    history = infra.history()
    assert told(history.events)[1:] == ["production config"] * 3
    assert [dict(event.notes) for event in history.events[1:]] == [
        {"changes": "changes Deployment/shop"},
        {"adds": "adds ConfigMap/settings"},
        {"removes": "removes ConfigMap/settings"},
    ]


def test_several_changes_of_one_commit_stand_together(infra: Infra) -> None:
    infra.run("1.0.0")
    text = deployment("1.1.0").replace("replicas: 1", "replicas: 3")
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
    infra.commit({"base-apps/shop/deployment.yaml": text, "base-apps/shop/config.yaml": config})
    history = infra.history()
    assert told(history.events)[1:] == ["production deploy v1.0.0>v1.1.0"]
    assert notes(history) == {"changes": "changes Deployment/shop", "adds": "adds ConfigMap/settings"}


def test_containers_are_known_one_by_one(infra: Infra) -> None:
    infra.run("1.0.0", proxy="envoy:v1.30.0", migrate="registry.example.com/shop:1.0.0")
    infra.run("1.1.0", proxy="envoy:v1.30.0", migrate="registry.example.com/shop:1.1.0")
    infra.run("1.1.0", proxy="envoy:v1.31.0", migrate="registry.example.com/shop:1.1.0")
    infra.run("1.2.0", proxy="envoy:v1.30.0", migrate="registry.example.com/shop:1.2.0")
    infra.run("1.2.0", migrate="registry.example.com/shop:1.2.0")
    history = infra.history()
    assert told(history.events)[1:] == [
        "production deploy v1.0.0>v1.1.0",
        "production deploy v1.30.0>v1.31.0",
        "production rollback v1.1.0>v1.2.0 v1.31.0>v1.30.0",
        "production config v1.30.0>",
    ]
    assert history.events[1].moves[0].containers == (
        ("Deployment/shop", "web"),
        ("Deployment/shop", "migrate"),
    )
    assert history.events[2].moves[0].containers == (("Deployment/shop", "proxy"),)
    assert notes(history) == {
        "removes": "removes proxy (envoy v1.30.0)",
        "changes": "changes Deployment/shop",
    }


def test_an_app_that_goes_and_comes_back(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.commit({"base-apps/shop/deployment.yaml": None})
    infra.run("1.0.0")
    history = infra.history()
    assert told(history.events)[1:] == ["production remove v1.0.0>", "production deploy >v1.0.0"]


def test_what_cannot_be_read_is_a_note_and_hides_nothing(infra: Infra) -> None:
    infra.run("1.0.0")
    infra.commit({"base-apps/shop/deployment.yaml": "kind: Deployment\n  bad: [\n"})
    infra.run("1.1.0")
    history = infra.history()
    assert told(history.events)[1:] == ["production config", "production deploy v1.0.0>v1.1.0"]
    assert notes(history, 1)["unreadable"].startswith("base-apps/shop/deployment.yaml cannot be read: line 2")


def test_a_quarantine_is_a_note_and_the_intent_alone_an_event(infra: Infra) -> None:
    name, stands = (
        "releases/shop.yaml",
        "quarantine:\n- version: v1.1.0\n  reason: login fails\n  since: 2025-06-20T00:00:00Z\n",
    )
    place = "base-apps/shop/deployment.yaml"
    infra.commit({place: deployment("1.0.0"), name: INTENT.format("v1.0.0", "1.0.0")})
    infra.commit({place: deployment("1.1.0"), name: INTENT.format("v1.1.0", "1.1.0")})
    infra.commit({place: deployment("1.0.0"), name: INTENT.format("v1.0.0", "1.0.0") + stands})
    infra.commit({name: INTENT.format("v1.0.0", "1.0.0")})
    infra.commit({name: INTENT.format("v1.1.0", "1.1.0")})
    infra.commit({name: INTENT.format("v1.1.0", "1.1.0") + "# a comment\n"})
    infra.commit({name: "{["})
    history = infra.history()
    assert told(history.events)[2:] == [
        "production rollback v1.1.0>v1.0.0",
        "- intent",
        "- intent",
        "- intent",
    ]
    assert notes(history, 2) == {"quarantined": "v1.1.0 is quarantined: login fails"}
    assert notes(history, 3) == {"lifted": "v1.1.0 is quarantined no more"}
    assert notes(history, 4) == {"recorded": "production is to run v1.1.0, the manifests are as they were"}
    assert list(notes(history, 5)) == ["unreadable"]
    (quarantined,) = history.quarantines
    assert (quarantined.version, quarantined.since, quarantined.until) == (
        "v1.1.0",
        history.events[2].at,
        history.events[3].at,
    )


def test_an_edit_by_hand_is_told_from_the_intent(infra: Infra) -> None:
    place, name = "base-apps/shop/deployment.yaml", "releases/shop.yaml"
    infra.commit({place: deployment("rel-1"), name: INTENT.format("v1.0.0", "rel-1")})
    infra.commit({place: deployment("1.1.0")})
    history = infra.history()
    assert told(history.events) == ["production deploy >v1.0.0", "production deploy v1.0.0>v1.1.0"]
    assert notes(history) == {"by-hand": "by hand: the release intent says v1.0.0"}


def test_a_quarantined_version_that_runs_again_is_noted(infra: Infra) -> None:
    place, name = "base-apps/shop/deployment.yaml", "releases/shop.yaml"
    stands = "quarantine:\n- version: v1.1.0\n  reason: login fails\n  since: 2025-06-20T00:00:00Z\n"
    infra.commit({place: deployment("1.0.0"), name: INTENT.format("v1.0.0", "1.0.0") + stands})
    infra.commit({place: deployment("1.1.0")})
    assert "quarantined-runs" in notes(infra.history())


def test_a_commit_from_the_past_does_not_turn_the_order(infra: Infra) -> None:
    infra.run("1.0.0")
    first = infra.at
    infra.commit({"base-apps/shop/deployment.yaml": deployment("1.1.0")}, at=1_000_000_000)
    history = infra.history()
    assert told(history.events)[-1] == "production deploy v1.0.0>v1.1.0"
    assert (history.events[-1].committed_at, history.events[-1].at) == (1_000_000_000, first)
    assert "clock" in notes(history)


def test_a_chart_and_a_kustomization_have_versions_too(infra: Infra) -> None:
    chart = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: shop}}\nspec:\n  source:\n"
        "    repoURL: https://charts.example.com\n    chart: shop\n    targetRevision: {}\n"
    )
    images = "kind: Kustomization\nimages:\n- name: api\n  newTag: {}\n"
    infra.commit({"base-apps/shop.yaml": chart.format("1.0.0")})
    infra.commit({"base-apps/shop.yaml": chart.format("1.1.0")})
    infra.commit({"base-apps/shop/kustomization.yaml": images.format("'2.0'")})
    infra.commit({"base-apps/shop/kustomization.yaml": images.format("'2.1'")})
    assert told(infra.history().events) == [
        "production deploy >v1.0.0",
        "production deploy v1.0.0>v1.1.0",
        "production config >2.0",
        "production deploy 2.0>2.1",
    ]
