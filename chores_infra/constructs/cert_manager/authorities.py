"""Who signs certificates: a key of one's own, or an authority in a Secret."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.config import SecretSource, key_problem
from chores_infra.constructs.families import Family
from chores_infra.fields import Items, Matching

__all__ = ["Authority", "CertificateAuthority", "HttpUrl", "SelfSigned"]

HttpUrl = Annotated[
    str, Matching(r"https?://[^\s/?#]+(?:[/?#][^\s]*)?", 2048, "a URL such as 'https://acme.example.com/dir'")
]
Urls = Annotated[Items[HttpUrl], Field(min_length=1)]


@value_object
class Authority(Referring, Family):
    """The base of who can sign: ``Acme``, ``CertificateAuthority``, ``SelfSigned``, ``Vault`` and others."""

    #: The field of ``spec`` that it is written to.
    field: ClassVar[str]
    #: Whether the Secrets of certificates get the authority's own certificate, in ``ca.crt``.
    gives_ca: ClassVar[bool] = True

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, and keys of ConfigMaps."""
        Family.check(self, problems)
        super().check(problems)


@value_object
class SelfSigned(Authority):
    """Certificates sign themselves: for the root of an authority, rarely for anything else."""

    field: ClassVar[str] = "selfSigned"
    crl_distribution_points: Urls | None = None


@value_object
class CertificateAuthority(Authority):
    """An authority whose certificate and key are in a Secret, ``tls.crt`` and ``tls.key``.

    A ``Certificate`` with ``is_ca=True`` makes such a Secret.
    """

    field: ClassVar[str] = "ca"
    secret: SecretSource
    crl_distribution_points: Urls | None = None
    ocsp_servers: Urls | None = None
    issuing_certificate_urls: Urls | None = None

    spelling = {  # noqa: RUF012  (a constant of the class)
        "secret": "secretName",
        "issuing_certificate_urls": "issuingCertificateURLs",
    }

    def check(self, problems: Problems) -> None:
        """The Secret needs the two keys."""
        super().check(problems)
        for key in ("tls.crt", "tls.key"):
            wrong = key_problem(self.secret, key)
            if wrong is not None:
                problems.add("secret", wrong)
