"""Checks of files that were rendered and are not written yet, alone and among those that are there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.rendered import check_rendered, check_within
from chores_infra.checks.report import Report
from chores_infra.checks.settings import Settings

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}}
spec:
  project: default
  source: {{repoURL: https://example.com/infrastructure, path: base-apps/{name}, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: {namespace}}}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  serviceAccountName: {account}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env:
    - name: LEVEL
      valueFrom:
        configMapKeyRef: {{name: settings, key: {key}}}
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
"""
ACCOUNT = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
"""


def app(name: str, *manifests: str, namespace: str = "shop") -> dict[PurePosixPath, str]:
    return {
        PurePosixPath(f"base-apps/{name}.yaml"): APPLICATION.format(name=name, namespace=namespace),
        PurePosixPath(f"base-apps/{name}/manifests.yaml"): "---\n".join(manifests),
    }


def pod(name: str, account: str = "default", key: str = "LEVEL", namespace: str = "shop") -> str:
    return POD.format(name=name, account=account, key=key, namespace=namespace)


def write(repository: Path, files: dict[PurePosixPath, str]) -> None:
    for path, text in files.items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text(text)


def errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def test_a_mistake_within_an_app_is_found_at_its_line_before_anything_is_written(tmp_path: Path) -> None:
    repository = tmp_path / "dist"
    (found,) = errors(check_rendered(app("shop", SETTINGS, pod("shop", key="LEVLE")), repository))

    assert found.rule == "key-missing"
    assert found.file == (repository / "base-apps/shop/manifests.yaml").as_posix()
    assert found.line == 17
    assert not repository.exists()


def test_what_another_app_may_make_is_no_error_of_an_app_by_itself(tmp_path: Path) -> None:
    assert not errors(check_rendered(app("shop", pod("shop", "of-another")), tmp_path))


def test_what_another_app_does_make_is_known_within_the_repository(tmp_path: Path) -> None:
    write(tmp_path, app("base", ACCOUNT))

    assert not errors(check_within(app("shop", pod("shop", "web")), tmp_path))
    (found,) = errors(check_within(app("shop", pod("shop", "of-nobody")), tmp_path))
    assert found.rule == "reference-missing"


def test_what_breaks_elsewhere_is_found_and_what_was_broken_before_is_not(tmp_path: Path) -> None:
    broken = app("broken", pod("broken", "of-nobody", namespace="other"), namespace="other")
    write(tmp_path, app("base", ACCOUNT) | app("shop", pod("shop", "web")) | broken)

    (found,) = errors(check_within(app("base", ACCOUNT.replace("web", "renamed")), tmp_path))

    assert found.rule == "reference-missing"
    assert found.file == (tmp_path / "base-apps/shop/manifests.yaml").as_posix()
    assert (tmp_path / "base-apps/base/manifests.yaml").read_text() == ACCOUNT


def test_a_file_that_will_be_pruned_is_taken_to_be_gone(tmp_path: Path) -> None:
    files = app("base", ACCOUNT) | app("shop", pod("shop", "web"))
    write(tmp_path, files)
    gone = PurePosixPath("base-apps/base/manifests.yaml")

    found = errors(check_within(app("shop", pod("shop", "web")), tmp_path, pruned=[gone]))

    # The Application of the file breaks with it, and so does the pod that used what was in it.
    assert {each.rule for each in found} == {"application-reads-nothing", "reference-missing"}


def test_the_first_app_of_a_repository_that_is_not_there_yet_is_checked_like_any_other(
    tmp_path: Path,
) -> None:
    report = check_within(app("shop", SETTINGS, pod("shop", key="LEVLE")), tmp_path / "new")

    assert [found.rule for found in errors(report)] == ["key-missing"]


def test_the_settings_of_the_configuration_hold(tmp_path: Path) -> None:
    files = app("shop", SETTINGS, pod("shop", key="LEVLE"))

    assert not errors(check_rendered(files, tmp_path, settings=Settings(severities={"key-missing": None})))
