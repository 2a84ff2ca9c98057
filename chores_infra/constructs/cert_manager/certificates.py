"""The Certificate: which names it is for, who signs it, and the Secret that cert-manager keeps it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cert_manager.certificate_parts import (
    JksKeystore,
    NameConstraints,
    OtherName,
    Pkcs12Keystore,
    PrivateKey,
    Renewal,
    SignatureAlgorithm,
    Subject,
    Usage,
)
from chores_infra.constructs.cert_manager.issuers import AnyIssuer, ExternalIssuer, Issuer
from chores_infra.constructs.config import MakesSecret, Secret
from chores_infra.constructs.durations import seconds
from chores_infra.constructs.parts import rendered, spelled
from chores_infra.constructs.references import check_same_namespace
from chores_infra.fields import (
    Annotations,
    DataKey,
    DnsLabel,
    DnsSubdomain,
    Duration,
    Email,
    IpAddress,
    Items,
    Labels,
    Matching,
    Positive,
    Text,
    Unordered,
    WildcardHostname,
)
from chores_infra.kubernetes_object import checked_existing

__all__ = ["Certificate"]

#: cert-manager's defaults and limits, in seconds: DefaultCertificateDuration, MinimumCertificateDuration and
#: MinimumRenewBefore of its API package.
_NINETY_DAYS, _SHORTEST, _LATEST_RENEWAL = 90 * 24 * 3600, 3600, 300
#: Extra formats of the key and the certificate, and the keys of the Secret that they are in.
_FORMATS = {"CombinedPEM": "tls-combined.pem", "DER": "key.der"}
#: Which keys a signature can be made with; the default is RSA.
_SIGNED_WITH = {"RSA": "WithRSA", "ECDSA": "ECDSA", "Ed25519": "Ed25519"}

Uri = Annotated[
    str, Matching(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", 2048, "a URI such as 'spiffe://cluster.local/ns/shop'")
]


class Certificate(MakesSecret):
    """A certificate that cert-manager gets signed and renews, in a Secret of type ``kubernetes.io/tls``.

    The Secret is called like the Certificate unless ``secret_name`` says otherwise. ``.secret`` refers to it,
    ``.key("tls.crt")`` to one key; Ingresses, Gateways and IngressRoutes take the Certificate itself. Its
    keys are ``tls.crt``, ``tls.key``, ``ca.crt`` (which ACME authorities do not give), and those of
    ``additional_output_formats`` and keystores.

    ``duration`` is 90 days by default, at least 1 hour; it is renewed ``renew_before`` its end (at least 5
    minutes; a third of its time by default), or when that per cent of its time is left.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.cert_manager import ClusterIssuer
    >>> issuer = ClusterIssuer.existing("letsencrypt")
    >>> certificate = Certificate(
    ...     Tree(namespace="shop"), "tls", name="shop-tls", issuer=issuer, dns_names=["shop.example.com"]
    ... )
    >>> certificate.manifest["spec"]["issuerRef"], certificate.secret.name
    ({'kind': 'ClusterIssuer', 'name': 'letsencrypt'}, 'shop-tls')

    Raises:
        ConstructError: no name at all, an Issuer or Secret of another namespace, and whatever cert-manager
            would refuse, all at once.
    """

    api_version = "cert-manager.io/v1"
    kind = "Certificate"
    #: The names that it is for. None: another party's, of which that is not known.
    dns_names: Sequence[str] | None

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        issuer: AnyIssuer,
        dns_names: Annotated[Items[WildcardHostname], Field(min_length=1)] | None = None,
        common_name: Annotated[str, Field(min_length=1, max_length=64)] | None = None,
        ip_addresses: Items[IpAddress] | None = None,
        uris: Items[Uri] | None = None,
        email_addresses: Items[Email] | None = None,
        other_names: Items[OtherName] | None = None,
        subject: Subject | None = None,
        literal_subject: Text | None = None,
        secret_name: DnsSubdomain | None = None,
        secret_labels: Labels | None = None,
        secret_annotations: Annotations | None = None,
        duration: Duration | None = None,
        renew_before: Duration | None = None,
        renew_before_percentage: Annotated[int, Field(ge=1, le=99)] | None = None,
        renewal: Renewal | None = None,
        private_key: PrivateKey | None = None,
        signature_algorithm: SignatureAlgorithm | None = None,
        usages: Annotated[Items[Usage], Field(min_length=1)] | None = None,
        encode_usages_in_request: bool | None = None,
        is_ca: bool | None = None,
        name_constraints: NameConstraints | None = None,
        jks: JksKeystore | None = None,
        pkcs12: Pkcs12Keystore | None = None,
        additional_output_formats: Items[Literal["CombinedPEM", "DER"]] | None = None,
        revision_history_limit: Positive | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        if isinstance(issuer, Issuer):
            check_same_namespace(problems, "issuer", issuer, here)
        if not any(
            (common_name, dns_names, ip_addresses, uris, email_addresses, other_names, literal_subject)
        ):
            problems.add("dns_names", "expected at least one name that the certificate is for")
        for argument, value in (("common_name", common_name), ("subject", subject)):
            if literal_subject is not None and value is not None:
                problems.add(argument, "literal_subject says it all; give one of them")
        _check_times(problems, duration, renew_before, renew_before_percentage)
        _check_signature(problems, signature_algorithm, private_key)
        for key in secret_annotations or ():
            if key.startswith("cert-manager.io/") and key != "cert-manager.io/allow-direct-injection":
                problems.add(f"secret_annotations.{key}", "cert-manager sets its annotations itself")
        if name_constraints is not None and not is_ca:
            problems.add("name_constraints", "only an authority has them: is_ca=True")
        formats = list(additional_output_formats or ())
        problems.add_repeats((f"additional_output_formats[{i}]", value) for i, value in enumerate(formats))
        keystores = {"jks": jks, "pkcs12": pkcs12}
        for argument, keystore in keystores.items():
            if keystore is not None:
                check_same_namespace(problems, f"{argument}.password", keystore.password.source, here)
        problems.raise_if_any()
        self.issuer = issuer
        self.dns_names = dns_names or ()
        self.secret_name = secret_name or name
        self._formats = formats
        self._keystores = {argument: store for argument, store in keystores.items() if store is not None}
        template = {"labels": secret_labels, "annotations": secret_annotations}
        # The order of the manifest, in Python's spelling; what is None is left out.
        self._options: dict[str, Any] = {
            "common_name": common_name,
            "dns_names": dns_names,
            "ip_addresses": ip_addresses,
            "uris": uris,
            "email_addresses": email_addresses,
            "other_names": other_names,
            "subject": subject,
            "literal_subject": literal_subject,
            "duration": duration,
            "renew_before": renew_before,
            "renew_before_percentage": renew_before_percentage,
            "renewal": renewal,
            "private_key": private_key,
            "signature_algorithm": signature_algorithm,
            "usages": usages,
            "encode_usages_in_request": encode_usages_in_request,
            "isCA": is_ca,
            "name_constraints": name_constraints,
            "keystores": self._keystores or None,
            "additional_output_formats": [{"type": value} for value in formats] or None,
            "secret_template": {key: value for key, value in template.items() if value} or None,
            "revision_history_limit": revision_history_limit,
        }
        self._secret: Secret | None = None
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    @classmethod
    @checked_existing
    def existing(
        cls,
        name: str,
        *,
        namespace: str | None = None,
        secret_name: DnsSubdomain | None = None,
        keys: Unordered[DataKey] | None = None,
    ) -> Self:
        """Declare a Certificate of another party, to refer to its Secret: of the same name by default."""
        external = cls._external(name, namespace)
        external.dns_names = None
        external.secret_name = secret_name or name
        external._secret = Secret.existing(external.secret_name, namespace=namespace, keys=keys)
        return external

    @property
    def secret(self) -> Secret:
        """The Secret that cert-manager keeps the certificate in, with its keys."""
        if self._secret is None:
            self._secret = Secret.existing(self.secret_name, namespace=self.namespace, keys=self._keys())
        return self._secret

    def covers(self, host: str) -> bool:
        """Whether it is for this host, or ``*.`` and a host; True where its names are not known.

        A wildcard is for names with one more part: ``*.example.com`` for ``shop.example.com``.
        """
        if self.dns_names is None:
            return True
        _, _, domain = host.partition(".")
        return host in self.dns_names or f"*.{domain}" in self.dns_names

    def _keys(self) -> set[str]:
        authority = None if isinstance(self.issuer, ExternalIssuer) else self.issuer.authority
        gives_ca = authority is None or authority.gives_ca
        keys = {"tls.crt", "tls.key"} | ({"ca.crt"} if gives_ca else set())
        keys |= {_FORMATS[value] for value in self._formats}
        for store in self._keystores.values():
            keys.add(f"keystore.{store.extension}")
            if gives_ca:
                keys.add(f"truststore.{store.extension}")
        return keys

    def fields(self) -> Manifest:
        """``spec``: the Secret, the issuer, the names and the rest."""
        spec: Manifest = {"secretName": self.secret_name, "issuerRef": _issuer_reference(self.issuer)}
        for name, value in self._options.items():
            if value is not None:
                spec[spelled(name)] = rendered(value)
        return {"spec": spec}


def _issuer_reference(issuer: AnyIssuer) -> Manifest:
    """``issuerRef``: the group is left out where it is cert-manager's own."""
    reference: Manifest = {"kind": issuer.kind, "name": issuer.name}
    return {"group": issuer.group, **reference} if isinstance(issuer, ExternalIssuer) else reference


def _check_times(
    problems: Problems, duration: str | None, renew_before: str | None, percentage: int | None
) -> None:
    """Note times that cert-manager refuses: its limits, and a renewal before the certificate is made."""
    whole = _NINETY_DAYS if duration is None else seconds(duration)
    said = "90 days, the default" if duration is None else f"the duration of {duration}"
    if whole < _SHORTEST:
        problems.add("duration", f"expected at least 1h, found {duration!r}")
    if renew_before is not None and percentage is not None:
        problems.add("renew_before_percentage", "give renew_before or renew_before_percentage, not both")
    if renew_before is not None and seconds(renew_before) < _LATEST_RENEWAL:
        problems.add("renew_before", f"expected at least 5m, found {renew_before!r}")
    if renew_before is not None and seconds(renew_before) >= whole:
        problems.add("renew_before", f"expected less than {said}, found {renew_before!r}")
    if percentage is not None and whole * percentage / 100 < _LATEST_RENEWAL:
        problems.add("renew_before_percentage", f"{percentage} per cent of {said} is less than 5 minutes")


def _check_signature(problems: Problems, signature: str | None, key: PrivateKey | None) -> None:
    algorithm = (key.algorithm if key is not None else None) or "RSA"
    if signature is not None and _SIGNED_WITH[algorithm] not in signature:
        problems.add("signature_algorithm", f"{signature} cannot be made with a key of {algorithm}")
