"""Parts of a Certificate: its key, its subject, its keystores, and what an authority may sign for.

Source: https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.parts import Part
from chores_infra.fields import Cidr, Email, Hostname, Items, Matching, Text

__all__ = [
    "JksKeystore",
    "NameConstraints",
    "Names",
    "OtherName",
    "Pkcs12Keystore",
    "PrivateKey",
    "Renewal",
    "RenewalWindow",
    "SignatureAlgorithm",
    "Subject",
    "Usage",
]

Usage: TypeAlias = Literal[
    "signing",
    "digital signature",
    "content commitment",
    "key encipherment",
    "key agreement",
    "data encipherment",
    "cert sign",
    "crl sign",
    "encipher only",
    "decipher only",
    "any",
    "server auth",
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
    "microsoft sgc",
    "netscape sgc",
]
SignatureAlgorithm: TypeAlias = Literal[
    "SHA256WithRSA",
    "SHA384WithRSA",
    "SHA512WithRSA",
    "ECDSAWithSHA256",
    "ECDSAWithSHA384",
    "ECDSAWithSHA512",
    "PureEd25519",
]
Texts = Annotated[Items[Text], Field(min_length=1)]


@value_object
class PrivateKey(Part):
    """The key of a certificate. ``size`` is in bits: 2048 to 8192 for RSA, 256, 384 or 521 for ECDSA.

    ``rotation_policy="Always"`` makes a new key at each renewal.
    """

    algorithm: Literal["RSA", "ECDSA", "Ed25519"] | None = None
    size: int | None = None
    encoding: Literal["PKCS1", "PKCS8"] | None = None
    rotation_policy: Literal["Never", "Always"] | None = None

    def check(self, problems: Problems) -> None:
        """Each algorithm has its sizes."""
        if self.size is None:
            return
        if self.algorithm == "Ed25519":
            problems.add("size", "keys of Ed25519 have one size; leave it out")
        elif self.algorithm == "ECDSA":
            if self.size not in {256, 384, 521}:
                problems.add("size", f"expected 256, 384 or 521 for ECDSA, found {self.size}")
        elif not 2048 <= self.size <= 8192:
            problems.add("size", f"expected 2048 to 8192 for RSA, found {self.size}")


@value_object
class Subject(Part):
    """Who the certificate is for, besides its names."""

    organizations: Texts | None = None
    organizational_units: Texts | None = None
    countries: Texts | None = None
    provinces: Texts | None = None
    localities: Texts | None = None
    street_addresses: Texts | None = None
    postal_codes: Texts | None = None
    serial_number: Text | None = None


@value_object
class OtherName(Part):
    """A name of another type, by the type's number: ``1.3.6.1.4.1.311.20.2.3`` is a user of Windows."""

    oid: Annotated[
        str, Matching(r"[0-2](?:\.(?:0|[1-9][0-9]*))+", 253, "a dotted number such as '1.2.840.1'")
    ]
    utf8_value: Text


class _Keystore(Referring):
    """A keystore beside the key and the certificate, locked with a password in a key of a Secret."""

    #: The file that is added; with the authority's certificate also ``truststore`` of the same kind.
    extension: ClassVar[str]

    def fields(self) -> Manifest:
        """The keystore, for the manifest."""
        return {"create": True, **super().fields()}


@value_object
class JksKeystore(_Keystore):
    """A Java keystore, ``keystore.jks``; ``alias`` is the name of the key in it."""

    extension: ClassVar[str] = "jks"
    password: KeyRef
    alias: Text | None = None


@value_object
class Pkcs12Keystore(_Keystore):
    """A PKCS #12 file, ``keystore.p12``; ``profile`` says which algorithms it is locked with."""

    extension: ClassVar[str] = "p12"
    password: KeyRef
    profile: Literal["LegacyRC2", "LegacyDES", "Modern2023", "Modern2026"] | None = None


@value_object
class Names(Part):
    """Names that an authority may sign for, or may not."""

    dns_domains: Items[Hostname] | None = None
    ip_ranges: Items[Cidr] | None = None
    email_addresses: Items[Email | Hostname] | None = None
    uri_domains: Items[Hostname] | None = None


@value_object
class NameConstraints(Part):
    """What an authority may sign for. The feature gate ``NameConstraints`` must be on in cert-manager."""

    critical: bool | None = None
    permitted: Names | None = None
    excluded: Names | None = None

    def check(self, problems: Problems) -> None:
        """One of the two lists is needed."""
        if self.permitted is None and self.excluded is None:
            problems.add("permitted", "give permitted, excluded or both")


@value_object
class RenewalWindow(Part):
    """A time in which renewal may happen: from each moment that ``cron`` names, for ``duration``."""

    cron: Annotated[str, Matching(r"\S+(?: \S+){4}", 253, "a cron schedule of five fields: '0 2 * * 6'")]
    duration: Annotated[
        str, Matching(r"(?:[0-9]+(?:\.[0-9]+)?(?:s|m|h))+", 64, "a duration such as '30m' or '4h'")
    ]
    timezone: Text | None = None

    spelling = {"duration": "windowDuration"}  # noqa: RUF012  (a constant of the class)


@value_object
class Renewal(Part):
    """When a certificate is renewed: as ``renew_before`` says, only within windows, or never."""

    policy: Literal["RenewBefore", "Disabled"] | None = None
    windows: Annotated[Items[RenewalWindow], Field(min_length=1)] | None = None
