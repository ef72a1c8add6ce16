"""What a rule says when it is broken: a stable slug and the values that its text needs.

DomainError
├── Unauthenticated  no key, or one that is unknown: 401
├── BadRequest    a header that the route needs is missing: 400
├── Malformed     a payload that cannot be read: 422
├── PreconditionRequired  a change without `If-Match`: 428
├── PreconditionFailed  a change of what has changed meanwhile: 412
├── RuleBroken    a readable payload that breaks a business rule or meets the wrong state: 409
├── Missing       nothing there, or outside the caller's jurisdiction: 404
├── NotAllowed    the caller's role has no such right: 403
├── TooMany       asked more often than allowed: 429
└── Unavailable   an outside party did not answer; nothing changed: 503
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field: where it is (RFC 6901 JSON Pointer), which rule it breaks, and the rule's values."""

    pointer: str
    code: str
    values: tuple[tuple[str, str], ...] = ()


class DomainError(Exception):
    """A broken rule; `slug` names its page under `/problems/`, `values` fill its text."""

    def __init__(self, slug: str, *fields: FieldError, **values: object) -> None:
        super().__init__(f"{slug} {values}" if values else slug)
        self.slug = slug
        self.fields = fields
        self.values = values


class Malformed(DomainError):
    """The payload cannot be read as what the route takes."""


class Unauthenticated(DomainError):
    """No key, or one that is unknown or revoked."""


class BadRequest(DomainError):
    """A header that the route needs is missing or unreadable."""


class RuleBroken(DomainError):
    """A business rule forbids it now; nothing changed."""


class PreconditionRequired(DomainError):
    """A change must say which version it changes."""


class PreconditionFailed(DomainError):
    """The version to be changed is no longer the newest; nothing changed."""


class Missing(DomainError):
    """There is no such thing, or the caller may not know of it."""


class NotAllowed(DomainError):
    """The caller has no right to this act."""


class TooMany(DomainError):
    """Asked more often than allowed; `values` hold the `policy` and `retry_after_s`."""


class Unavailable(DomainError):
    """An outside party is out of reach; nothing changed, trying again may help."""
