"""ApplicationSets: one template, many Applications."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.argocd import (
    Application,
    ApplicationSet,
    ApplicationTemplate,
    AppProject,
    Automated,
    ClusterGenerator,
    Destination,
    GitDirectories,
    GitDirectory,
    GitFiles,
    GithubRepository,
    HelmDirectory,
    IgnoredField,
    Kustomize,
    ListGenerator,
    MatrixGenerator,
    ProjectDestination,
    PullRequestGenerator,
    RollingStep,
    SyncPolicy,
)
from chores_infra.constructs.config import Secret
from chores_infra.constructs.scheduling import Requirement

REPOSITORY = "https://github.com/example/infrastructure"
ENVIRONMENTS = ListGenerator(elements=[{"env": "staging", "size": 1}, {"env": "live", "size": 3}])
FOLDERS = GitDirectories(repo_url=REPOSITORY, revision="main", paths=["base-apps/*"])
SOURCE = GitDirectory(repo_url=REPOSITORY, path="apps/{{.env}}", target_revision="main")
PLACE = Destination(namespace="shop-{{.env}}")


def template(**arguments: Any) -> ApplicationTemplate:
    given: dict[str, Any] = {"name": "shop-{{.env}}", "destination": PLACE, **arguments}
    if "sources" not in given:
        given.setdefault("source", SOURCE)
    return ApplicationTemplate(**given)


def application_set(scope: Any, **arguments: Any) -> ApplicationSet:
    given = {"generators": [ENVIRONMENTS], "template": template(), **arguments}
    return ApplicationSet(scope, "set", name="shop", **given)


def test_one_application_per_environment(tree: Tree, valid: Any) -> None:
    made = application_set(tree)
    assert valid(made) == {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"list": {"elements": [{"env": "staging", "size": 1}, {"env": "live", "size": 3}]}}],
        "template": {
            "metadata": {"name": "shop-{{.env}}"},
            "spec": {
                "project": "default",
                "source": {"repoURL": REPOSITORY, "targetRevision": "main", "path": "apps/{{.env}}"},
                "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop-{{.env}}"},
            },
        },
    }
    assert made.manifest["metadata"] == {"name": "shop", "namespace": "argo-cd"}


def test_everything_about_a_set(tree: Tree, valid: Any) -> None:
    made = application_set(
        tree,
        template=template(
            namespace="argo-cd",
            labels={"env": "{{.env}}"},
            annotations={"note": "{{ .env | upper }}"},
            finalizers=["resources-finalizer.argocd.argoproj.io"],
            sync_policy=SyncPolicy(automated=Automated(prune=True)),
        ),
        template_patch="spec: {}",
        go_template_options=[],
        applications_sync="create-update",
        preserve_resources_on_deletion=True,
        rolling_steps=[
            RollingStep(match_expressions=[Requirement(key="env", operator="In", values=["staging"])]),
            RollingStep(
                match_expressions=[Requirement(key="env", operator="NotIn", values=["staging"])],
                max_update="10%",
            ),
        ],
        deletion_order="Reverse",
        preserved_labels=["team"],
        preserved_annotations=["notifications.argoproj.io/subscribe"],
        ignore_application_differences=[IgnoredField(json_pointers=["/spec/source/targetRevision"])],
        apply_nested_selectors=True,
    )
    spec = valid(made)
    assert "goTemplateOptions" not in spec
    assert spec["template"]["metadata"] == {
        "name": "shop-{{.env}}",
        "namespace": "argo-cd",
        "labels": {"env": "{{.env}}"},
        "annotations": {"note": "{{ .env | upper }}"},
        "finalizers": ["resources-finalizer.argocd.argoproj.io"],
    }
    assert spec["template"]["spec"]["syncPolicy"] == {"automated": {"prune": True}}
    assert spec["templatePatch"] == "spec: {}"
    assert spec["syncPolicy"] == {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True}
    assert spec["strategy"] == {
        "type": "RollingSync",
        "rollingSync": {
            "steps": [
                {"matchExpressions": [{"key": "env", "operator": "In", "values": ["staging"]}]},
                {
                    "matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["staging"]}],
                    "maxUpdate": "10%",
                },
            ]
        },
        "deletionOrder": "Reverse",
    }
    assert spec["preservedFields"] == {
        "labels": ["team"],
        "annotations": ["notifications.argoproj.io/subscribe"],
    }
    assert spec["ignoreApplicationDifferences"] == [{"jsonPointers": ["/spec/source/targetRevision"]}]
    assert spec["applyNestedSelectors"] is True


def test_the_older_templates(tree: Tree, valid: Any) -> None:
    old = template(
        name="shop-{{env}}",
        source=GitDirectory(repo_url=REPOSITORY, path="apps/{{env}}"),
        destination=Destination(namespace="{{env}}"),
    )
    spec = valid(application_set(tree, template=old, go_template=False))
    assert "goTemplate" not in spec
    assert "goTemplateOptions" not in spec


@pytest.mark.parametrize(
    "source",
    [
        GitDirectory(
            repo_url="{{ .url }}", path="{{ index .path.segments 0 }}", target_revision="{{.branch}}"
        ),
        HelmDirectory(repo_url=REPOSITORY, path="a", release_name="{{.name}}", target_namespace="{{.name}}"),
        Kustomize(repo_url=REPOSITORY, path="a", name_prefix="{{.env}}-", images=["shop:{{ .head_sha }}"]),
    ],
)
def test_parameters_stand_for_names_and_places(tree: Tree, valid: Any, source: Any) -> None:
    generators = [GitFiles(repo_url=REPOSITORY, revision="main", paths=["*/config.json"])]
    assert valid(application_set(tree, template=template(source=source), generators=generators))


def test_parameters_are_none_of_a_single_application(shop: Component, refused: Any) -> None:
    source = Kustomize(repo_url=REPOSITORY, path="{{.path}}", images=["shop:{{.tag}}"])
    problems = refused(
        lambda: Application(shop, "a", name="a", source=source, destination=Destination(namespace="{{.env}}"))
    )
    assert list(problems) == ["destination.namespace", "source.path", "source.images"]
    assert all("only the template of an ApplicationSet" in message for message in problems.values())


def test_two_braces_of_a_glob_are_no_parameter(shop: Component, valid: Any) -> None:
    source = GitDirectory(repo_url=REPOSITORY, path="a", include="{{a,b}*,c}.yaml")
    destination = Destination(namespace="shop")
    assert valid(Application(shop, "a", name="a", source=source, destination=destination))


def test_a_project_is_held_against_what_is_known(tree: Tree, valid: Any, refused: Any) -> None:
    project = AppProject(
        tree,
        "project",
        name="shop",
        source_repos=[REPOSITORY],
        destinations=[ProjectDestination(server="*", namespace="shop-*")],
    )
    assert valid(application_set(tree, template=template(project=project)))
    other = GitDirectory(repo_url="https://github.com/other/repository", path="a")
    problems = refused(
        lambda: ApplicationSet(
            tree,
            "other",
            name="other",
            generators=[ENVIRONMENTS],
            template=template(
                project=project, source=other, destination=Destination(namespace="kube-system")
            ),
        )
    )
    assert list(problems) == ["template.project"]


PULL_REQUESTS = PullRequestGenerator(
    repository=GithubRepository(
        owner="example", repo="shop", token=Secret.existing("github", namespace="web").key("token")
    )
)
ALIKE = template(
    name="shop", source=GitDirectory(repo_url=REPOSITORY, path="a"), destination=Destination(namespace="a")
)


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"generators": []}, "generators", "at least one"),
        ({"template": template(sources=[])}, "template.source", "exactly one of"),
        (
            {"template": template(sync_policy=SyncPolicy(create_namespace=True), destination=Destination())},
            "template.destination.namespace",
            "the namespace to create",
        ),
        ({"template": template(project="shop")}, "template.project", "AppProject.existing"),
        ({"template": template(name="Shop-{.env}")}, "template.name", "a DNS name"),
        ({"template": ALIKE}, "template.name", "let a parameter tell them apart"),
        (
            {"template": template(labels={"env": "{{.environment}}"})},
            "template.metadata.labels.env",
            "generators[0] gives no parameter 'environment'; it gives env, size",
        ),
        (
            {
                "generators": [FOLDERS],
                "template": template(
                    name="{{path.basename}}", source=ALIKE.source, destination=ALIKE.destination
                ),
            },
            "template.metadata.name",
            "written with a dot before it: '{{.path}}'",
        ),
        (
            {
                "generators": [MatrixGenerator(generators=[FOLDERS, ENVIRONMENTS])],
                "template": template(name="{{.name}}"),
            },
            "template.metadata.name",
            "it gives env, path, size",
        ),
        ({"generators": [PULL_REQUESTS]}, "generators[0].repository.token", "lives in namespace 'web'"),
        ({"deletion_order": "Reverse"}, "deletion_order", "rolling_steps"),
        (
            {"rolling_steps": [RollingStep(match_expressions=[Requirement(key="env", operator="Exists")])]},
            "rolling_steps[0].match_expressions[0].operator",
            "In and NotIn only",
        ),
        (
            {"ignore_application_differences": [IgnoredField()]},
            "ignore_application_differences[0]",
            "it ignores nothing",
        ),
    ],
)
def test_sets_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: application_set(tree, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_one_element_needs_no_name_of_its_own(tree: Tree, valid: Any) -> None:
    assert valid(application_set(tree, template=ALIKE, generators=[ListGenerator(elements=[{"a": "b"}])]))


def test_what_only_argo_cd_can_tell_is_not_held_against_the_template(tree: Tree, valid: Any) -> None:
    for number, generator in enumerate(
        [ClusterGenerator(), GitFiles(repo_url=REPOSITORY, revision="main", paths=["*.json"])]
    ):
        made = ApplicationSet(tree, f"set{number}", name="shop", generators=[generator], template=template())
        assert valid(made)
