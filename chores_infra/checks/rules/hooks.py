"""What Argo CD makes of hooks, and of words that it does not understand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.argocd_options import (
    ANNOTATIONS,
    COMPARE_OPTIONS,
    DELETE_POLICIES,
    HOOK,
    HOOKS,
    PREFIX,
    SYNC_OPTIONS,
    WAVE,
    entries,
    nearest,
)
from chores_infra.checks.context import Context
from chores_infra.checks.fields import text
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["HookStays", "JobRepeats", "NameGenerated", "OptionIgnored"]

_POLICY: Final = f"{PREFIX}hook-delete-policy"
_HELM_HOOK: Final = "helm.sh/hook"
_HELM_POLICY: Final = "helm.sh/hook-delete-policy"
_SYNC_OPTIONS: Final = f"{PREFIX}sync-options"
_COMPARE_OPTIONS: Final = f"{PREFIX}compare-options"


class OptionIgnored(Rule):
    """A word that Argo CD does not understand, and passes over.

    Hooks, waves and options are written as text, and nothing checks it. `CreateNamespace=True` creates
    nothing, `Prune=no` keeps nothing, a wave `first` is wave 0. An object whose hook is none of Argo CD's
    belongs to no phase of a sync: it is never applied.
    """

    id = "option-ignored"
    title = "Argo CD does not understand a word of its annotations or options"
    severity = Severity.ERROR
    help = "write it as Argo CD's documentation does, with its capital letters"
    bad = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop, annotations: {argocd.argoproj.io/hook: Presync}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: registry.example.com/shop:1.4.2}]
"""
    good = bad.replace("Presync", "PreSync")

    def check(self, context: Context) -> Iterator[Hit]:
        """An error for what is never applied, a warning for what has no effect."""
        for resource in context.repository.resources:
            for name, value in resource.annotations.items():
                if name.startswith(PREFIX):
                    yield from _annotation(resource, name, text(value))
            if resource.is_a(ARGOCD, "Application", "ApplicationSet"):
                for field in ("spec.syncPolicy.syncOptions[]", "spec.template.spec.syncPolicy.syncOptions[]"):
                    for path, option in resource.each(field):
                        yield from _options(resource, path, [text(option)], SYNC_OPTIONS)


class HookStays(Rule):
    """A hook that is in its own way.

    A hook with a fixed name is made anew with each sync only if the one before is gone. Without a policy Argo
    CD deletes it first (`BeforeHookCreation`). With `HookSucceeded` alone a hook that failed once stays, and
    each later sync finds the failed one, and fails; with `HookFailed` alone one that succeeded stays, and
    does not run again. A Job with `ttlSecondsAfterFinished` goes by itself, however it ended.
    """

    id = "hook-stays"
    title = "A hook stays, and the next sync finds it"
    severity = Severity.WARNING
    help = f"add BeforeHookCreation to {_POLICY}, or use metadata.generateName"
    bad = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  namespace: shop
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: registry.example.com/shop:1.4.2}]
"""
    good = bad.replace("HookSucceeded", '"BeforeHookCreation,HookSucceeded"')

    _RUN: Final = (("", "Pod"), ("batch", "Job"), (ARGOCD, "Workflow"))

    def check(self, context: Context) -> Iterator[Hit]:
        """At the policy of what runs once."""
        for group, kind in self._RUN:
            for resource in context.repository.of_kind(group, kind):
                policies = set(entries(text(resource.annotations.get(_POLICY))))
                named = text(resource.at("metadata", "name"))
                is_hook = HOOK in resource.annotations
                helm = resource.annotations.get(_HELM_POLICY) is not None
                goes = resource.at("spec", "ttlSecondsAfterFinished") is not None
                if (
                    named
                    and is_hook
                    and not helm
                    and not goes
                    and policies in ({"HookSucceeded"}, {"HookFailed"})
                ):
                    outcome = "failed" if "HookSucceeded" in policies else "succeeded"
                    message = f"with {policies.pop()} alone, one that {outcome} stays in the way of the next"
                    yield Hit(resource, message, ("metadata", "annotations", _POLICY))


class NameGenerated(Rule):
    """An object without a name of its own.

    `generateName` lets the API server choose a name when an object is created. Argo CD applies, and what is
    applied needs a name: the sync fails with "resource name may not be empty". Only hooks, which are created
    anew each time, may do without.
    """

    id = "name-generated"
    title = "An Application applies an object that has no name"
    severity = Severity.ERROR
    help = f"give it metadata.name, or make it a hook ({HOOK})"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/migration.yaml
apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: registry.example.com/shop:1.4.2}]
"""
    good = bad.replace(
        "namespace: shop}\nspec:\n  template",
        "namespace: shop, annotations: {argocd.argoproj.io/hook: PreSync}}\nspec:\n  template",
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """At the metadata; of what is created instead of applied nothing is said."""
        for resource in context.repository.resources:
            application = resource.application
            generated = resource.at("metadata", "generateName")
            if application is None or not generated or resource.at("metadata", "name"):
                continue
            hooks = {HOOK, _HELM_HOOK} & set(resource.annotations)
            options = {*application.sync_options, *entries(text(resource.annotations.get(_SYNC_OPTIONS)))}
            if not hooks and "Replace=true" not in options:
                message = f"Application {application} applies it, and what has only a generateName cannot be"
                yield Hit(resource, message, ("metadata", "generateName"))


class JobRepeats(Rule):
    """A Job that runs again whenever it is done.

    `ttlSecondsAfterFinished` deletes a Job that is done. To Argo CD it is missing then, and `selfHeal` makes
    it again: a migration that was meant to run once runs for ever. As a hook it runs once in each sync.
    """

    id = "job-repeats"
    title = "A Job is deleted when it is done, and made again"
    severity = Severity.WARNING
    help = f"make it a hook ({HOOK}: Sync), or remove ttlSecondsAfterFinished; a CronJob runs repeatedly"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {automated: {selfHeal: true}}
# file: shop/migration.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  ttlSecondsAfterFinished: 300
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: registry.example.com/shop:1.4.2}]
"""
    good = bad.replace("  ttlSecondsAfterFinished: 300\n", "")

    def check(self, context: Context) -> Iterator[Hit]:
        """At the time that the Job has."""
        for job in context.repository.of_kind("batch", "Job"):
            seconds = job.at("spec", "ttlSecondsAfterFinished")
            application = job.application
            if application is None or type(seconds) is not int or not application.heals:
                continue
            if not {HOOK, _HELM_HOOK} & set(job.annotations):
                message = (
                    f"{seconds} s after it is done it is gone, and Application {application} makes it again"
                )
                yield Hit(job, message, ("spec", "ttlSecondsAfterFinished"))


def _annotation(resource: Resource, name: str, value: str) -> Iterator[Hit]:
    path = ("metadata", "annotations", name)
    given = list(entries(value))
    match name:
        case _ if name == HOOK:
            yield from _hooks(resource, path, given)
        case _ if name == _POLICY:
            yield from _words(resource, path, given, DELETE_POLICIES)
        case _ if name == WAVE:
            if value and not value.lstrip("+-").isdecimal():
                message = f"{value!r} is no integer, so this is wave 0"
                yield Hit(resource, message, path, severity=Severity.WARNING)
        case _ if name == _SYNC_OPTIONS:
            yield from _options(resource, path, given, SYNC_OPTIONS)
        case _ if name == _COMPARE_OPTIONS:
            yield from _options(resource, path, given, COMPARE_OPTIONS)
        case _ if (own := name.removeprefix(PREFIX)) not in ANNOTATIONS and (
            meant := nearest(own, ANNOTATIONS)
        ):
            message = f"Argo CD knows no annotation {name}; did you mean {PREFIX}{meant}?"
            yield Hit(resource, message, path, severity=Severity.WARNING)


def _hooks(resource: Resource, path: FieldPath, given: list[str]) -> Iterator[Hit]:
    unknown = [each for each in given if each not in HOOKS]
    if unknown and len(unknown) == len(given) and _HELM_HOOK not in resource.annotations:
        message = f"{unknown[0]} is no phase of a sync, so this is never applied{_meant(unknown[0], HOOKS)}"
        yield Hit(resource, message, path)
    else:
        yield from _words(resource, path, unknown, HOOKS)


def _words(resource: Resource, path: FieldPath, given: list[str], known: Collection[str]) -> Iterator[Hit]:
    for each in given:
        if each not in known:
            message = f"Argo CD knows no {each}{_meant(each, known)}"
            yield Hit(resource, message, path, severity=Severity.WARNING)


def _options(
    resource: Resource, path: FieldPath, given: list[str], known: Mapping[str, Collection[str]]
) -> Iterator[Hit]:
    for each in given:
        name, _, value = each.partition("=")
        if "{{" in each or (name in known and value in (known[name] or ("",))):
            continue
        if name in known:
            message = f"Argo CD does not understand {each}; {name} is one of {', '.join(known[name])}"
        else:
            message = f"Argo CD knows no {name or each}{_meant(name, known)}"
        yield Hit(resource, message, path, severity=Severity.WARNING)


def _meant(word: str, known: Collection[str]) -> str:
    meant = nearest(word, known)
    return f"; did you mean {meant}?" if meant else f"; it knows {', '.join(known)}"
