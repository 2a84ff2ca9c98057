"""HTTPS at a route: where its certificate comes from.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from chores_infra.arguments import Later, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import MakesSecret, Secret
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.traefik.fields import EntryPoint
from chores_infra.constructs.traefik.groups import check_same_group, reference
from chores_infra.fields import Items, WildcardHostname

if TYPE_CHECKING:
    from chores_infra.constructs.traefik.tls_options import TLSOption, TLSStore
else:
    TLSOption = Annotated[Any, Later("chores_infra.constructs.traefik.tls_options", "TLSOption")]
    TLSStore = Annotated[Any, Later("chores_infra.constructs.traefik.tls_options", "TLSStore")]

__all__ = ["TLS", "Domain"]


@value_object
class Domain(Part):
    """The names of a certificate to ask for: ``*.example.com`` is a wildcard."""

    main: WildcardHostname
    sans: Items[WildcardHostname] | None = None


@value_object
class TLS:
    """HTTPS at a route: with the certificate in a Secret, with one that a resolver gets, or the default one.

    ``options`` and ``store`` are Traefik's; ``domains`` are for the resolver, by default the route's hosts.
    """

    secret: Secret | MakesSecret | None = None
    cert_resolver: EntryPoint | None = None
    options: TLSOption | None = None
    store: TLSStore | None = None
    domains: Items[Domain] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two origins of the certificate."""
        if self.secret is not None and self.cert_resolver is not None:
            problems.add("cert_resolver", "the certificate is in a secret or a resolver gets it, not both")

    def check_in(self, problems: Problems, namespace: str | None, api_version: str) -> None:
        """Note a Secret of another namespace than the route's, and options of the other group."""
        if self.secret is not None:
            check_same_namespace(problems, "tls.secret", self.secret, namespace)
        for argument in ("options", "store"):
            used: TLSOption | TLSStore | None = getattr(self, argument)
            if used is not None:
                check_same_group(problems, f"tls.{argument}", used, api_version)

    def fields(self, namespace: str | None) -> Manifest:
        """``spec.tls`` of a route in that namespace."""
        fields: Manifest = {}
        if self.secret is not None:
            fields["secretName"] = secret_of(self.secret).name
        if self.cert_resolver is not None:
            fields["certResolver"] = self.cert_resolver
        if self.options is not None:
            fields["options"] = reference(self.options, namespace)
        if self.store is not None:
            fields["store"] = reference(self.store, namespace)
        if self.domains is not None:
            fields["domains"] = [domain.fields() for domain in self.domains]
        return fields
