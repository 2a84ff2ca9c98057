"""What is a change, and what is not: objects, lists, values, defaults, secrets."""

from __future__ import annotations

import pytest

from chores_infra.diff import ABSENT, Comparison, Identity, Located, What, compare
from chores_infra.rendering.reader import read


def located(text: str, file: str = "a.yaml") -> list[Located]:
    return [Located(document.value, file) for document in read(text) if document.value]


def differ(before: str, after: str) -> Comparison:
    return compare(located(before), located(after))


def fields(comparison: Comparison) -> list[tuple[str, str]]:
    return [(field.field, field.what.value) for change in comparison.changes for field in change.fields]


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: shop:3.0.0
        resources: {limits: {cpu: "1"}}
        ports: [{containerPort: 80}]
        env: [{name: A, value: a}, {name: B, value: b}]
      - name: proxy
        image: envoy:1
"""


def test_one_field_of_one_item_is_one_change() -> None:
    comparison = differ(DEPLOYMENT, DEPLOYMENT.replace("shop:3.0.0", "shop:3.1.0"))
    (change,) = comparison.changes
    (field,) = change.fields
    assert (change.what, change.identity) == (What.CHANGED, Identity("apps", "Deployment", "shop", "web"))
    assert (field.field, field.before, field.after) == (
        "spec.template.spec.containers[web].image",
        "shop:3.0.0",
        "shop:3.1.0",
    )
    assert field.before_pointer == field.after_pointer == "/spec/template/spec/containers/0/image"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cpu: "1"', "cpu: 1000m"),
        ('cpu: "1"', "cpu: 1"),
        ("{containerPort: 80}", "{containerPort: 80, protocol: TCP}"),
        ("image: envoy:1", "image: envoy:1\n        imagePullPolicy: IfNotPresent"),
        ("image: envoy:1", "image: envoy:1\n        command: null"),
        ("selector: {", "replicas: 1\n  selector: {"),
        ("selector: {", "strategy: {}\n  selector: {"),
        ("selector: {", "strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}\n  selector: {"),
    ],
)
def test_what_an_api_server_takes_for_the_same_is_no_change(old: str, new: str) -> None:
    assert not differ(DEPLOYMENT, DEPLOYMENT.replace(old, new))
    assert not differ(DEPLOYMENT.replace(old, new), DEPLOYMENT)


def test_what_differs_from_a_default_says_what_the_default_is() -> None:
    comparison = differ(DEPLOYMENT, DEPLOYMENT.replace("selector: {", "replicas: 3\n  selector: {"))
    (field,) = comparison.changes[0].fields
    assert (field.field, field.what, field.before, field.after, field.default) == (
        "spec.replicas",
        What.ADDED,
        ABSENT,
        3,
        1,
    )


def test_a_default_depends_on_what_stands_beside_it() -> None:
    latest = DEPLOYMENT.replace("envoy:1", "envoy:latest")
    given = latest.replace("envoy:latest", "envoy:latest\n        imagePullPolicy: IfNotPresent")
    assert fields(differ(latest, given)) == [
        ("spec.template.spec.containers[proxy].imagePullPolicy", "added")
    ]


def test_an_image_of_the_same_digits_is_no_quantity() -> None:
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {cpu: '%s', every: '%s'}\n"
    comparison = differ(settings % ("1000m", "60m"), settings % ("1", "1h"))
    assert fields(comparison) == [("data.cpu", "changed"), ("data.every", "changed")]


def test_durations_are_compared_by_value_where_the_schema_says_so() -> None:
    text = (
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}\n"
        "spec: {refreshInterval: %s, data: [{secretKey: a, remoteRef: {key: b}}]}\n"
    )
    assert not differ(text % "60m", text % "1h0m0s")
    assert not differ(text % "1h", text.replace("refreshInterval: %s, ", ""))
    assert fields(differ(text % "60m", text % "2h")) == [("spec.refreshInterval", "changed")]


def test_another_order_of_items_with_keys_is_called_so() -> None:
    other = DEPLOYMENT.replace(
        "[{name: A, value: a}, {name: B, value: b}]", "[{name: B, value: b}, {name: A, value: a}]"
    )
    comparison = differ(DEPLOYMENT, other)
    assert comparison.changes[0].what is What.REORDERED
    assert fields(comparison) == [("spec.template.spec.containers[web].env", "reordered")]
    assert comparison.changes[0].fields[0].before == ["A", "B"]


def test_arguments_are_compared_place_by_place() -> None:
    text = POD + "spec: {containers: [{name: a, image: a, args: %s}]}\n"
    comparison = differ(text % "[-a, -b, -c]", text % "[-a, -x, -c, -d]")
    assert fields(comparison) == [
        ("spec.containers[a].args[1]", "changed"),
        ("spec.containers[a].args[3]", "added"),
    ]


def test_the_version_of_an_api_is_a_field() -> None:
    new = "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: a, namespace: b}\n"
    comparison = differ(new.replace("/v1", "/v1beta1"), new)
    assert fields(comparison) == [("apiVersion", "changed")]


def test_the_group_of_an_api_is_not() -> None:
    new = "apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: a, namespace: b}\n"
    old = new.replace("traefik.io", "traefik.containo.us")
    assert sorted(change.what.value for change in differ(old, new).changes) == ["added", "removed"]


def test_an_object_in_another_file_has_moved() -> None:
    comparison = compare(located(DEPLOYMENT, "a.yaml"), located(DEPLOYMENT, "b.yaml"))
    (change,) = comparison.changes
    assert (change.what, change.moved, change.before_file, change.after_file) == (
        What.MOVED,
        True,
        "a.yaml",
        "b.yaml",
    )


def test_an_object_of_another_name_and_the_same_content_was_renamed() -> None:
    comparison = differ(
        DEPLOYMENT, DEPLOYMENT.replace("name: web, n", "name: front, n").replace("3.0.0", "3.1.0")
    )
    (change,) = comparison.changes
    assert change.what is What.RENAMED
    assert (change.before, change.after) == (
        Identity("apps", "Deployment", "shop", "web"),
        Identity("apps", "Deployment", "shop", "front"),
    )
    assert fields(comparison) == [("spec.template.spec.containers[web].image", "changed")]


def test_objects_with_little_in_common_were_not_renamed() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: '%s', b: '%s', c: '3', d: '4'}\n"
    assert [c.what for c in differ(text % ("one", 1, 2), text % ("two", 1, 3)).changes] == [What.RENAMED]
    assert {c.what for c in differ(text % ("one", 1, 2), text % ("two", 0, 3)).changes} == {
        What.ADDED,
        What.REMOVED,
    }


def test_a_repository_that_has_an_object_twice_is_compared_file_by_file() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: n}\ndata: {a: '%s'}\n"
    before = located(text % 1, "x.yaml") + located(text % 2, "y.yaml")
    after = located(text % 2, "y.yaml") + located(text % 3, "x.yaml")
    comparison = compare(before, after)
    assert [(change.after_file, change.fields[0].after) for change in comparison.changes] == [("x.yaml", "3")]


def test_a_namespace_that_is_only_spelt_out_is_no_other_object() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%s}\n"
    comparison = differ(text % "", text % ", namespace: shop")
    assert fields(comparison) == [("metadata.namespace", "added")]


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\n"


def test_string_data_is_data() -> None:
    assert not differ(SECRET + "stringData: {a: hunter2}\n", SECRET + "data: {a: aHVudGVyMg==}\n")
    # What both have, stringData has.
    assert not differ(
        SECRET + "stringData: {a: hunter2}\ndata: {a: eA==}\n", SECRET + "data: {a: aHVudGVyMg==}\n"
    )


def test_no_change_holds_the_value_of_a_secret() -> None:
    comparison = differ(SECRET + "stringData: {a: hunter2, b: x}\n", SECRET + "data: {a: aHVudGVyMw==}\n")
    assert "hunter2" not in str(comparison)
    assert "aHVudGVyMw==" not in str(comparison)
    (one, two) = comparison.changes[0].fields
    assert (one.field, one.what, one.before, one.after, one.masked) == (
        "data.a",
        What.CHANGED,
        "***",
        "***",
        True,
    )
    assert (one.before_pointer, one.after_pointer) == ("/stringData/a", "/data/a")
    assert (two.field, two.what, two.masked) == ("data.b", What.REMOVED, True)


def test_a_credential_in_the_environment_is_masked() -> None:
    old = DEPLOYMENT.replace("{name: A, value: a}", "{name: DB_PASSWORD, value: hunter2}")
    new = old.replace("hunter2", "correct-horse")
    comparison = differ(old, new)
    assert "hunter2" not in str(comparison)
    assert "correct-horse" not in str(comparison)
    assert comparison.changes[0].fields[0].masked
    whole = differ(DEPLOYMENT, old)
    assert "hunter2" not in str(whole)


def test_a_credential_in_a_file_of_a_config_map_is_masked() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    text += "data:\n  a.ini: |\n    host=%s\n    password=hunter2\n"
    (field,) = differ(text % "a", text % "b").changes[0].fields
    assert (field.before, field.masked) == ("host=a\npassword=***\n", True)


def test_a_credential_in_the_name_of_an_item_is_masked() -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}\nspec: {sourceRepos: [%s]}\n"
    )
    comparison = differ(text % "https://ci:hunter2@example.com/a", text % "https://ci:hunter3@example.com/a")
    assert "hunter" not in str(comparison)
    assert len(comparison.changes[0].fields) == 2


def test_an_integer_is_no_boolean_and_no_text() -> None:
    text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {a: %s, l: [%s]}\n"
    for one, other in (("1", "true"), ("1", "'1'"), ("0", "false")):
        assert len(differ(text % (one, one), text % (other, other)).changes[0].fields) == 2
    assert not differ(text % ("1", "[1]"), text % ("1.0", "[1]"))


def test_an_empty_object_that_is_no_default_is_a_change() -> None:
    pod = POD + "spec: {containers: [{name: a, image: a}], volumes: [{name: v%s}]}\n"
    assert fields(differ(pod % ", emptyDir: {}", pod % ", secret: {secretName: s}")) == [
        ("spec.volumes[v].emptyDir", "removed"),
        ("spec.volumes[v].secret", "added"),
    ]
