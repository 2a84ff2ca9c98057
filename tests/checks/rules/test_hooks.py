"""What Argo CD understands of hooks and options, as its source and its documentation say.

Sources: ``pkg/sync/common/types.go`` and ``pkg/sync/hook`` of gitops-engine,
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.rendering.field_path import format_path

Found = Callable[..., dict[str, str]]

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argo-cd}}
spec:
  source: {{repoURL: https://example.com/infrastructure, path: shop}}
  destination: {{server: https://kubernetes.default.svc, namespace: shop}}
  syncPolicy: {{{}}}
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{{name}, namespace: shop, annotations: {{{annotations}}}}}
spec: {{ttlSecondsAfterFinished: 60, template: {{spec: {{containers: [{{name: c}}]}}}}}}
"""


def job(annotations: str = "", name: str = "name: migrate") -> str:
    return JOB.format(annotations=annotations, name=name)


def tree(text: str, policy: str = "") -> dict[str, str]:
    return {"apps/shop.yaml": APPLICATION.format(policy), "shop/all.yaml": text}


def annotated(name: str, value: str) -> str:
    return job(f"argocd.argoproj.io/{name}: {value!r}")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hook", "PreSync", ""),
        ("hook", "PreSync, PostSync", ""),
        ("hook", "PostDelete", ""),
        ("hook", "Skip", ""),
        (
            "hook",
            "Presync",
            "error: Presync is no phase of a sync, so this is never applied; did you mean PreSync?",
        ),
        (
            "hook",
            "before",
            "error: before is no phase of a sync, so this is never applied; "
            "it knows PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete, Skip",
        ),
        ("hook", "Sync,postsync", "warning: Argo CD knows no postsync; did you mean PostSync?"),
        ("hook-delete-policy", "HookSucceeded,BeforeHookCreation", ""),
        (
            "hook-delete-policy",
            "HookSuceeded",
            "warning: Argo CD knows no HookSuceeded; did you mean HookSucceeded?",
        ),
        ("sync-wave", "-5", ""),
        ("sync-wave", "first", "warning: 'first' is no integer, so this is wave 0"),
        ("sync-wave", "1.5", "warning: '1.5' is no integer, so this is wave 0"),
        ("sync-options", "Prune=false,Delete=confirm, Force=true", ""),
        (
            "sync-options",
            "Prune=no",
            "warning: Argo CD does not understand Prune=no; Prune is one of true, false, confirm",
        ),
        ("sync-options", "Prun=false", "warning: Argo CD knows no Prun; did you mean Prune?"),
        ("compare-options", "IgnoreExtraneous", ""),
        ("compare-options", "ServerSideDiff=true,IncludeMutationWebhook=true", ""),
        (
            "compare-options",
            "ignoreExtraneous",
            "warning: Argo CD knows no ignoreExtraneous; did you mean IgnoreExtraneous?",
        ),
        (
            "sync-waves",
            "1",
            "warning: Argo CD knows no annotation argocd.argoproj.io/sync-waves; "
            "did you mean argocd.argoproj.io/sync-wave?",
        ),
        ("something-new", "x", ""),
    ],
)
def test_annotations(found: Found, name: str, value: str, said: str) -> None:
    path = format_path(("metadata", "annotations", f"argocd.argoproj.io/{name}"))

    assert found("option-ignored", annotated(name, value)) == ({path: said} if said else {})


def test_an_unknown_hook_beside_one_of_helm_is_that_one(found: Found) -> None:
    both = job("argocd.argoproj.io/hook: before, helm.sh/hook: pre-install")

    assert [each.partition(":")[0] for each in found("option-ignored", both).values()] == ["warning"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("CreateNamespace=true", ""),
        ("PrunePropagationPolicy=foreground", ""),
        (
            "CreateNamespace=True",
            "warning: Argo CD does not understand CreateNamespace=True; "
            "CreateNamespace is one of true, false",
        ),
        ("CreateNamespce=true", "warning: Argo CD knows no CreateNamespce; did you mean CreateNamespace?"),
        (
            "CreateNamespace",
            "warning: Argo CD does not understand CreateNamespace; CreateNamespace is one of true, false",
        ),
        ("'CreateNamespace={{create}}'", ""),
    ],
)
def test_options_of_an_application(found: Found, option: str, said: str) -> None:
    application = {"a.yaml": APPLICATION.format(f"syncOptions: [{option}]")}

    assert found("option-ignored", application) == ({"spec.syncPolicy.syncOptions[0]": said} if said else {})


@pytest.mark.parametrize(
    ("policy", "stays"),
    [
        ("HookSucceeded", True),
        ("HookFailed", True),
        ("HookSucceeded,HookFailed", False),
        ("HookSucceeded,BeforeHookCreation", False),
        ("BeforeHookCreation", False),
        ("Nonsense", False),  # as if there were none: BeforeHookCreation
    ],
)
def test_a_hook_that_stays(found: Found, policy: str, stays: bool) -> None:
    hook = f"argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: '{policy}'"

    def left(annotations: str, name: str = "name: migrate") -> str:
        return job(annotations, name).replace("ttlSecondsAfterFinished: 60, ", "")

    assert bool(found("hook-stays", left(hook))) is stays
    assert not found("hook-stays", left(hook, "generateName: migrate-"))
    assert not found("hook-stays", left(hook.replace("hook:", "no-hook:")))
    # https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/: finished, failed or not
    assert not found("hook-stays", job(hook))


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        (job(name="generateName: migrate-"), True),
        (job(), False),
        (job("argocd.argoproj.io/hook: Sync", "generateName: migrate-"), False),
        (job("argocd.argoproj.io/sync-options: Replace=true", "generateName: migrate-"), False),
    ],
)
def test_what_is_applied_needs_a_name(found: Found, text: str, fails: bool) -> None:
    assert bool(found("name-generated", tree(text))) is fails
    assert not found("name-generated", text)  # kubectl create takes it


@pytest.mark.parametrize(
    ("policy", "annotations", "repeats"),
    [
        ("automated: {selfHeal: true}", "", True),
        ("automated: {prune: true}", "", False),
        ("", "", False),
        ("automated: {selfHeal: true}", "argocd.argoproj.io/hook: Sync", False),
    ],
)
def test_a_job_that_repeats(found: Found, policy: str, annotations: str, repeats: bool) -> None:
    assert bool(found("job-repeats", tree(job(annotations), policy))) is repeats
