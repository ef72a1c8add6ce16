"""The rules of a clocks document, one by one."""

from collections.abc import Iterator
from typing import Final

from app.domain.policies.explained import Document, Named, RuleLine, Section, Subject

_CLOCKS: Final = Section("clocks")
_NUMBERS: Final = (
    ("result", "clocks.result", ("working_days",)),
    ("alarm", "clocks.alarm", ("working_days",)),
    ("withholding", "clocks.withholding", ("days",)),
    ("abnormal_listing", "clocks.abnormal-listing", ("working_days",)),
    ("serious_listing", "clocks.serious-listing", ("months", "early_removal_months")),
    ("own_lists", "clocks.own-lists", ("hearing_working_days",)),
    ("appeals", "clocks.appeals", ("file_days", "decide_working_days")),
)
"""Sections whose line needs nothing but numbers."""


def clocks_rules(document: Document, subject: Subject | None = None) -> tuple[RuleLine, ...]:
    """Give every rule of clocks, or those that are about a registration.

    Args:
        document: clocks without faults.
        subject: the registration; None: the whole document.
    """
    plain = (
        _CLOCKS.line(code, document[name], f"/{name}", **{one: document[name][one] for one in numbers})
        for name, code, numbers in _NUMBERS
        if name in document
    )
    return (*plain, *_public(document, subject), *_penalty(document), *_later(document, subject))


def _public(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    regimes = [
        regime for regime in document["wholly_public_regimes"] if subject is None or subject.regime == regime
    ]
    if regimes:
        named = Named("regime", tuple(regimes))
        yield _CLOCKS.line(
            "clocks.wholly-public", document["withholding"], "/wholly_public_regimes", regimes=named
        )


def _penalty(document: Document) -> Iterator[RuleLine]:
    rule = document["penalty"]
    kinds = Named("disposition", tuple(rule["kinds"]))
    yield _CLOCKS.line("clocks.penalty", rule, "/penalty", working_days=rule["working_days"], kinds=kinds)
    if repair := document.get("publicity_repair"):
        areas = Named("area", tuple(repair["stricter_areas"]))
        numbers = {"months": repair["months"], "stricter_months": repair["stricter_months"]}
        yield _CLOCKS.line("clocks.publicity-repair", repair, "/publicity_repair", areas=areas, **numbers)


def _later(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    if recheck := document.get("recheck"):
        later = [one for one in recheck["later"] if subject is None or one["regime"] == subject.regime]
        for one in later:
            regime = Named("regime", (one["regime"],))
            days = one["working_days"]
            yield _CLOCKS.line("clocks.recheck-later", recheck, "/recheck", regime=regime, working_days=days)
        if subject is None or not later:
            yield _CLOCKS.line("clocks.recheck", recheck, "/recheck")
        days = recheck["alarm"]["days"]
        yield _CLOCKS.line("clocks.recheck-alarm", recheck, "/recheck/alarm", days=days)
    if subject is None and (calendar := document.get("calendar")):
        day = {"month": calendar["month"], "day": calendar["day"]}
        yield _CLOCKS.line("clocks.calendar", calendar, "/calendar", **day)
