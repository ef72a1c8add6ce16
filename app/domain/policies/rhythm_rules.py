"""What the draws of a year cannot be planned from: spans without days for visits, rates that draw nobody."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from app.domain.errors import FieldError
from app.domain.policies.rhythms import MONTH, QUARTER, THIRD, WEEK

Document = Mapping[str, Any]

_SHORTEST: Final[Mapping[str, int]] = MappingProxyType({THIRD: 8, MONTH: 28, QUARTER: 90})
"""Days of the shortest span: the last third of February, February, the first quarter."""


def rhythm_faults(document: Document) -> Iterator[FieldError]:
    """Find what is wrong between the members of `calendar` and `extra_draws`.

    Args:
        document: a policy each of whose members has its shape.
    """
    for place, rule in enumerate(document.get("calendar", ())):
        at = f"/calendar/{place}"
        yield from _no_days(rule, at)
        for name in ("rate", "least_rate"):
            if name in rule:
                yield from _draws_nobody(rule[name], f"{at}/{name}")
        if _below(rule):
            values = ("value", _shown(rule["rate"])), ("least", _shown(rule["least_rate"]))
            yield FieldError(f"{at}/rate", "rate-too-low", values)
    for place, rule in enumerate(document.get("extra_draws", ())):
        yield from _draws_nobody(rule["rate"], f"/extra_draws/{place}/rate")


def _no_days(rule: Document, at: str) -> Iterator[FieldError]:
    """A week cut at the month's ends has at least its working days, or one day."""
    days = max(rule.get("least_working_days", 0), 1) if rule["every"] == WEEK else _SHORTEST[rule["every"]]
    kept = rule.get("lead_days", 0) + rule.get("spare_days", 0)
    if kept >= days:
        values = ("kept", str(kept)), ("days", str(days))
        yield FieldError(f"{at}/spare_days", "no-days-for-visits", values)


def _draws_nobody(rate: list[int], at: str) -> Iterator[FieldError]:
    if rate[0] == 0:
        yield FieldError(at, "draws-nobody")


def _below(rule: Document) -> bool:
    if "rate" not in rule or "least_rate" not in rule:
        return False
    return Fraction(*rule["rate"]) < Fraction(*rule["least_rate"])


def _shown(rate: list[int]) -> str:
    return "/".join(str(term) for term in rate)
