"""Credentials in Git: plain Secrets, and settings with the form of a credential."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.context import Context
from chores_infra.checks.credentials import forms_in, is_placeholder, names_a_credential, settings_in
from chores_infra.checks.fields import at, each, items, mapping, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.pods import pods_of
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["CredentialInPlain", "PlainSecret"]

_FILES: Final = (".yaml", ".yml", ".json", ".properties", ".env", ".ini", ".conf", ".cfg", ".toml")
_DEEPEST: Final = 40


class PlainSecret(Rule):
    """A Secret with its values in Git.

    Base64 is no encryption: whoever can read the repository, now or in ten years, or one of its copies, has
    the values. Removing them later does not help, because the history keeps them. Values that stand for
    others (`<password>`, `changeme`) are no secret, but they are what the cluster gets.
    """

    id = "plain-secret"
    title = "A Secret has its values in Git"
    severity = Severity.WARNING
    help = (
        "let an operator make it (ExternalSecret, SealedSecret, SOPS), and change the values: they are known"
    )
    bad = """\
apiVersion: v1
kind: Secret
metadata: {name: shop, namespace: shop}
stringData: {password: hunter2}
"""
    good = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: shop, namespace: shop}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data: [{secretKey: password, remoteRef: {key: shop/password}}]
"""

    #: Keys that are no secret: who, where, and certificates without their key.
    _OPEN: Final = frozenset(
        (
            *("username", "user", "name", "type", "url", "host", "hostname", "port", "database", "dbname"),
            *("project", "server", "region", "endpoint", "bucket", "email", "namespace", "insecure"),
            *("enablelfs", "ca.crt", "tls.crt"),
        )
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """One finding for each Secret, at its first value; an info where all of them stand for others."""
        for resource in context.repository.of_kind("", "Secret"):
            if resource.manifest.get("sops") or text(resource.at("type")) == "helm.sh/release.v1":
                continue  # encrypted, or written by Helm
            found = list(_values(resource))
            secret = [(path, value) for path, value in found if not _is_open(path, self._OPEN)]
            known = [path for path, value in secret if not is_placeholder(value)]
            if known:
                keys = ", ".join(str(path[-1]) for path in known)
                yield Hit(resource, f"the values of {keys} are in Git", known[0], secret=True)
            elif any(value.strip() and not _is_reference(value) for _, value in secret):
                message = "its values stand for others, and the cluster gets them as they are"
                yield Hit(resource, message, secret[0][0], severity=Severity.INFO, secret=True)


class CredentialInPlain(Rule):
    """A credential among plain settings.

    A ConfigMap and the variables of a container are shown to everybody who may look at the namespace, and
    stand in Git besides. A password or a token belongs into a Secret that an operator makes.
    """

    id = "credential-in-plain"
    title = "A credential stands among plain settings"
    severity = Severity.WARNING
    help = "put it into a Secret that an operator makes, refer to that, and change it: it is known"
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LOG_LEVEL: info, DB_PASSWORD: hunter2}
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LOG_LEVEL: info, DB_HOST: db}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """An error for what is a credential by its form, a warning for what is called one."""
        for resource in context.repository.resources:
            if resource.is_a("", "Secret"):
                continue
            told: set[FieldPath] = set()
            for path, value in _texts(resource.manifest, ()):
                for form in forms_in(value):
                    told.add(path)
                    severity = Severity.ERROR if form.certain else None
                    yield Hit(resource, f"this is {form.what}", path, severity=severity, secret=True)
            for path, name, value in _settings(resource):
                if path not in told and names_a_credential(name, value):
                    told.add(path)
                    yield Hit(resource, f"the value of {name} looks like a credential", path, secret=True)


def _values(secret: Resource) -> Iterator[tuple[FieldPath, str]]:
    """The values of a Secret, as its readers get them."""
    for key, value in mapping(secret.at("data")).items():
        try:
            plain = base64.b64decode(text(value), validate=True).decode(errors="replace")
        except (binascii.Error, ValueError):
            plain = text(value)  # a placeholder that is no base64 yet
        yield ("data", key), plain
    for key, value in mapping(secret.at("stringData")).items():
        yield ("stringData", key), value if isinstance(value, str) else str(value or "")


def _is_open(path: FieldPath, open_keys: frozenset[str]) -> bool:
    return str(path[-1]).lower() in open_keys


def _is_reference(value: str) -> bool:
    """Whether something fills the value in before it is applied."""
    return any(mark in value for mark in ("{{", "${", "<path:", "ref+", "ENC["))


def _texts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    """Every text of a manifest."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict) and len(path) < _DEEPEST:
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list) and len(path) < _DEEPEST:
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))


def _settings(resource: Resource) -> Iterator[tuple[FieldPath, str, str]]:
    """Named values: variables of containers, ConfigMaps and the files in them, values of charts."""
    for pod in pods_of(resource):
        for path, container in pod.containers():
            for number, variable in enumerate(items(container.get("env"))):
                yield (*path, "env", number, "value"), text(at(variable, "name")), text(at(variable, "value"))
    if resource.is_a("", "ConfigMap"):
        for key, value in mapping(resource.at("data")).items():
            path = ("data", key)
            if not isinstance(value, str):
                continue
            yield path, key, value.strip()
            if key.lower().endswith(_FILES):
                yield from ((path, name, inner) for name, inner in settings_in(value))
    elif resource.is_a(ARGOCD, "Application"):
        yield from _chart_values(resource)


def _chart_values(application: Resource) -> Iterator[tuple[FieldPath, str, str]]:
    for source in ("spec.source", "spec.sources[]"):
        for path, value in each(application.manifest, f"{source}.helm.values"):
            yield from ((path, name, inner) for name, inner in settings_in(text(value)))
        for path, parameter in each(application.manifest, f"{source}.helm.parameters[]"):
            name = text(at(parameter, "name")).rpartition(".")[2]
            yield (*path, "value"), name, text(at(parameter, "value"))
        for path, values in each(application.manifest, f"{source}.helm.valuesObject"):
            for below, value in _texts(values, path):
                yield below, str(below[-1]), value
