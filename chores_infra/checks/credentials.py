"""What a credential looks like: forms that are nothing else, names of settings, and placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["MASK", "Form", "forms_in", "is_placeholder", "masked", "names_a_credential", "settings_in"]

MASK: Final = "***"


class Form(NamedTuple):
    """A credential that is known by its form. ``certain``: whether it is nothing else."""

    what: str
    certain: bool


_FORMS: Final = (
    (
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s*(?!-)[A-Za-z0-9+/=:,\-\s]{16,}",
        Form("a private key", certain=True),
    ),
    (
        r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
        Form("a GitHub token", certain=True),
    ),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", Form("a GitLab token", certain=True)),
    (r"\bxox[abeoprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}", Form("a Slack token", certain=True)),
    (
        r"\bhooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
        Form("a Slack webhook", certain=True),
    ),
    (r"\b[sr]k_live_[A-Za-z0-9]{20,}", Form("a Stripe key", certain=True)),
    (r"\bhv[sb]\.[A-Za-z0-9_-]{24,}", Form("a Vault token", certain=True)),
    (r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", Form("the id of an AWS access key", certain=False)),
    (r"\bAIza[A-Za-z0-9_-]{35}\b", Form("a Google API key", certain=False)),
    (
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}",
        Form("a JSON Web Token", certain=False),
    ),
    (
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'{}$<>]{0,100}"
        r":(?P<password>[^\s:/@\"'{}$<>()]{1,200})@(?=[\w.-])",
        Form("a password in a URL", certain=False),
    ),
)
_MARKS: Final = re.compile(
    r"@|PRIVATE KEY|gh[pousr]_|github_pat_|glpat-|xox|hooks\.slack\.com|k_live_|hv[sb]\.|AKIA|ASIA|AIza|eyJ"
)
"""Without one of these no form is in a text; to look for them is much quicker."""
# These are compiled when a text needs them, which few do: to compile them takes as long as to check an app.
_ANY: Final = "|".join(pattern for pattern, _ in _FORMS)

_WORD: Final = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(?:API|SECRET|ACCESS|PRIVATE|ENCRYPTION"
    r"|SIGNING|AUTH|MASTER|LICENSE|JWT|SESSION|COOKIE)_?(?:SECRET_?)?(?:KEY|TOKEN|SECRET))$"
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER: Final = r"""(?ix)
    \W* | x+ | y+ | .*<[^<>]+>.* | .*\{\{.*\}\}.* | .*\$[({\w].* | %\{?\w+\}?%
    | (?:please[-_ ]?)?change[-_ ]?(?:me|it|this)?.* | replace.* | your[-_ ].* | (?:insert|set|see)[-_ ].*
    | .*[-_ ]here | todo.* | tbd | fixme.* | .*placeholder.* | dummy.* | example.* | .*example | redacted
    | not[-_ ].* | no[-_ ]?(?:auth|key|token).* | fake.* | .*[-_ ]ignore[sd]?(?:[-_ ].*)?
    | unset | unused | none | null | nil | empty | n/?a | true | false | yes | no | on | off
    | (?:en|dis)abled? | optional | required | managed[-_ ]by.*
    | ref\+\w+://.* | vault:.* | ENC\[.*\] | (?:file|env|secret|op|ssm|arn):.*
    """
_PATH: Final = re.compile(r"(?:\.{0,2}|~|[A-Za-z]:)[/\\].*|[\w.-]+/[\w./-]+\.\w+")
_NAME: Final = re.compile(r"[A-Z]+(?:_[A-Z0-9]+)+|[a-z]+\d{0,2}(?:[-_.](?:[a-z]+\d{0,2}|\d{1,2}))*")
_PASSWORD: Final = re.compile(r"(?:PASSWORD|PASSWD|PWD|PASSPHRASE)$")
_SETTING: Final = r"""(?mx)
    ^[ \t]* (?:-[ \t]+)? (?:export[ \t]+)? ["']?(?P<key>[A-Za-z][\w.-]{0,80})["']?
    [ \t]*[:=][ \t]* ["']?(?P<value>[^\s"',;\#]{1,200})["']? [ \t]*,?[ \t]*$
    """
"""One line of a configuration file that gives a name a value."""


def forms_in(text: str) -> Iterator[Form]:
    """The credentials in a text that are known by their form, but for placeholders.

    >>> [form.what for form in forms_in("postgres://shop:hunter2@db:5432/shop")]
    ['a password in a URL']
    >>> list(forms_in("postgres://shop:changeme@db:5432/shop"))
    []
    """
    if not _may_have_a_form(text):
        return
    for pattern, form in _FORMS:
        for found in re.finditer(pattern, text):
            password = found.groupdict().get("password")
            if (password is None or not is_placeholder(password)) and "EXAMPLE" not in found[0]:
                yield form
                break


def masked(text: str) -> str:
    """A text without the credentials that are known by their form.

    >>> masked("cannot reach postgres://shop:hunter2@db:5432/shop")
    'cannot reach ***db:5432/shop'
    """
    return re.sub(_ANY, MASK, text) if _may_have_a_form(text) else text


def _may_have_a_form(text: str) -> bool:
    return _MARKS.search(text) is not None


def names_a_credential(name: str, value: str) -> bool:
    """Whether a setting of this name holds a credential, and this value is one.

    A value that refers to one, says where it is or stands for one that is not known yet is none.

    >>> names_a_credential("DB_PASSWORD", "hunter2"), names_a_credential("dbPassword", "hunter2")
    (True, True)
    >>> names_a_credential("DB_PASSWORD", "$(SECRET)"), names_a_credential("DB_PASSWORD_FILE", "hunter2")
    (False, False)
    """
    words = _CAMEL.sub("_", name.strip()).replace("-", "_").replace(".", "_").upper()
    if _WORD.search(words) is None or is_placeholder(value) or _PATH.fullmatch(value):
        return False
    if _PASSWORD.search(words):
        return " " not in value.strip()
    # What is called a token or key may be a number, or the name of one; a credential has no words in it.
    return (
        len(value) >= 8
        and not any(char.isspace() for char in value)
        and not value.isdigit()
        and _NAME.fullmatch(value) is None
        and "://" not in value
    )


def is_placeholder(value: str) -> bool:
    """Whether a value stands for one that is not there: empty, ``<password>``, ``changeme``, ``{{ .x }}``.

    >>> is_placeholder("<your password>"), is_placeholder("CHANGE_ME"), is_placeholder("hunter2")
    (True, True, False)
    """
    return len(value) <= 2_000 and re.fullmatch(_PLACEHOLDER, value.strip()) is not None


def settings_in(text: str) -> Iterator[tuple[str, str]]:
    r"""The settings of a configuration file, ``name: value`` or ``name=value``, line by line.

    >>> list(settings_in("host: db\npassword: hunter2\n"))
    [('host', 'db'), ('password', 'hunter2')]
    """
    for found in re.finditer(_SETTING, text):
        yield found["key"], found["value"]
