"""What must hold of everything that a run has fetched before any of it is believed 可信检查."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of alarm 告警 about a source."""

    DEAD = "dead"
    WRONG = "wrong"
    SHRUNK = "shrunk"
    BROKEN = "broken"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run comes to nothing: the kind of its alarm, a code, and the values that its text needs."""

    kind: Kind
    code: str
    values: tuple[tuple[str, str], ...] = ()


def failure(kind: Kind, code: str, **values: object) -> Failure:
    """Make a failure of any values."""
    return Failure(kind=kind, code=code, values=tuple((name, str(value)) for name, value in values.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The bounds of belief.

    Attributes:
        least_rows: fewer records than this are no register.
        keep_p, keep_q: fewer than keep_p/keep_q of the last good run's records are a suspicious shrink.
        bad_p, bad_q: more than bad_p/bad_q unreadable records are a wrong document.
    """

    least_rows: int
    keep_p: int
    keep_q: int
    bad_p: int
    bad_q: int


def doubt(
    checks: Checks,
    *,
    received: int,
    rows: int,
    bad: int,
    total: int | None,
    good_rows: int | None,
    accept_shrink: bool,
) -> Failure | None:
    """Say why what was fetched is not believed; None when it is.

    Args:
        checks: the source's bounds.
        received: how many records came, those included that are not meant or came twice.
        rows: how many different records that are meant came, unreadable ones included.
        bad: how many of them are unreadable.
        total: how many the source said that it has, if it did.
        good_rows: how many came in the last good run, if there was one.
        accept_shrink: somebody has looked and says that the source really holds so few.
    """
    if total is not None and received < total:
        return failure(Kind.WRONG, "source-incomplete", rows=received, total=total)
    if rows < checks.least_rows:
        return failure(Kind.SHRUNK, "source-too-few", rows=rows, least=checks.least_rows)
    if bad * checks.bad_q > rows * checks.bad_p:
        share = f"{checks.bad_p}/{checks.bad_q}"
        return failure(Kind.WRONG, "source-unreadable-rows", rows=rows, bad=bad, share=share)
    shrunk = good_rows is not None and rows * checks.keep_q < good_rows * checks.keep_p
    if shrunk and not accept_shrink:
        share = f"{checks.keep_p}/{checks.keep_q}"
        return failure(Kind.SHRUNK, "source-shrunk", rows=rows, before=good_rows, share=share)
    return None
