"""Lending inspectors to other regions 异地检查: what an assignment may say, who decides, how it ends."""

from collections.abc import Iterator
from datetime import date

from app.domain.errors import FieldError, Malformed, NotAllowed, RuleBroken
from app.domain.regions import REGION_DIGITS, overlap


def check_request(
    *, inspector: str, home: str, region: str, starts_on: date, ends_on: date, today: date
) -> None:
    """Check what an assignment asks for.

    Args:
        inspector: code of who is to be lent.
        home: region of the inspector's record.
        region: where to.
        starts_on: the first day.
        ends_on: the last day.
        today: the day on which it is asked for.

    Raises:
        Malformed: no region code, an end before the start, or a first day that is past: a lending that is
            recorded afterwards would make an officer who was rightly left out look wrongly left out.
        RuleBroken: one region contains the other, so that nobody is lent.
    """
    if faults := (*_region_faults(region), *_day_faults(starts_on, ends_on, today)):
        raise Malformed("malformed", *faults)
    if overlap(home, region):
        raise RuleBroken("lent-at-home", inspector=inspector, home=home, region=region)


def _region_faults(region: str) -> Iterator[FieldError]:
    digits = region.isascii() and region.isdigit()
    if not (digits and len(region) in range(2, REGION_DIGITS + 1, 2)):
        yield FieldError("/region", "bad-region-code", (("value", region),))


def _day_faults(starts_on: date, ends_on: date, today: date) -> Iterator[FieldError]:
    if ends_on < starts_on:
        yield FieldError("/to", "ends-before-start")
    if starts_on < today:
        yield FieldError("/from", "past-day", (("today", today.isoformat()),))


def check_decision(*, state: str, requested_by: str, ends_on: date, decider: str, today: date) -> None:
    """Check that somebody may approve or reject an assignment that was asked for.

    Raises:
        NotAllowed: they asked for it themselves.
        RuleBroken: it was decided on, or its days are past.
    """
    if state != "requested":
        raise RuleBroken("wrong-state", state=state, wanted="requested")
    if decider == requested_by:
        raise NotAllowed("own-request")
    if ends_on < today:
        raise RuleBroken("already-over", ended_on=ends_on.isoformat())


def holds_from(starts_on: date, *, approved_on: date) -> date:
    """The first day of an assignment that is approved: never before somebody has decided on it."""
    return max(starts_on, approved_on)


def check_end(*, state: str, ends_on: date, ended_on: date | None, on: date, today: date) -> None:
    """Check that an approved assignment may end early, `on` being its last day.

    What it made possible stands, so its last day is not in the past; before its start it never is in force.
    While it lasts its end can be moved again, not beyond the last day that was approved.

    Raises:
        Malformed: a day that is past, or after its approved end.
        RuleBroken: it was not approved, or is over.
    """
    if state != "approved":
        raise RuleBroken("wrong-state", state=state, wanted="approved")
    last = min(ends_on, ended_on or ends_on)
    if last < today:
        raise RuleBroken("already-over", ended_on=last.isoformat())
    if on < today:
        raise Malformed("malformed", FieldError("/on", "past-day", (("today", today.isoformat()),)))
    if on > ends_on:
        raise Malformed("malformed", FieldError("/on", "after-its-end", (("ends_on", ends_on.isoformat()),)))
