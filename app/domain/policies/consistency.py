"""Rules between the members of a policy document, each of which has its shape already."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.domain.draw.basics.text import is_token
from app.domain.errors import FieldError
from app.domain.policies.duties import CALENDAR
from app.domain.policies.rhythm_rules import rhythm_faults
from app.domain.policies.rhythms import HOLIDAY
from app.domain.registers.columns import SUBTYPES

Document = Mapping[str, Any]
Rule = Callable[[Document], Iterator[FieldError]]

FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "complaint": ("months",),
    "hazard": ("open", "months"),
    "penalty": ("months",),
    "fire": ("months",),
    "abnormal": ("listed", "months"),
    "serious": ("listed", "months"),
    "key_area": ("in-force",),
}
"""Facts that add tickets, and until when each may count: the registers know no other end of it."""

STATUTORY: Final = ("self", "spouse", "lineal", "collateral", "in_law", "interest")
"""Relations 回避情形 that no policy can switch off (行政处罚法 art. 43)."""

_DRAWN: Final = "drawn"
_YEAR_MONTHS: Final = 12


def _tickets(document: Document) -> Iterator[FieldError]:
    rules = document["tickets"]
    base, most = rules["base"]["tickets"], rules["most"]["tickets"]
    if base > most:
        yield _above("/tickets/base/tickets", most)
    if rules["relief"]["least"] > base:
        yield _above("/tickets/relief/least", base)
    for place, rule in enumerate(rules["additions"]):
        yield from _addition(rule, f"/tickets/additions/{place}")


def _addition(rule: Document, at: str) -> Iterator[FieldError]:
    fact, counts = rule["fact"], rule["counts"]
    if counts not in FACTS[fact]:
        yield FieldError(
            f"{at}/counts", "unknown-value", (("value", counts), ("allowed", ", ".join(FACTS[fact])))
        )
    if rule["each"] > rule["most"]:
        yield _above(f"{at}/each", rule["most"])
    if (counts == "months") != ("months" in rule):
        yield FieldError(f"{at}/months", "missing" if counts == "months" else "extra-forbidden")
    if "substantiated" in rule and fact != "complaint":
        yield FieldError(f"{at}/substantiated", "extra-forbidden")


def _counting(document: Document) -> Iterator[FieldError]:
    rule = document["counting"]
    if _DRAWN not in rule["kinds"]:
        yield FieldError("/counting/kinds", "drawn-must-count")
    if rule["attempt"] in rule["codes"]:
        yield FieldError("/counting/attempt", "attempt-counts", (("value", rule["attempt"]),))
    if rule["clean"] not in rule["codes"]:
        yield FieldError("/counting/clean", "clean-must-count", (("value", rule["clean"]),))


def _annual_cap(document: Document) -> Iterator[FieldError]:
    rule = document["zero_tickets"].get("annual_cap")
    if rule is None:
        return
    visits = rule.get("visits")
    if rule["published"] != (visits is not None):
        yield FieldError("/zero_tickets/annual_cap/visits", "cap-and-published")
    if rule["published"] and "document_no" not in rule:
        yield FieldError("/zero_tickets/annual_cap/document_no", "cap-without-document")


def _frequency(document: Document) -> Iterator[FieldError]:
    reading = document.get("duties", {}).get("reading", CALENDAR)
    for place, rule in enumerate(document["frequency"]):
        at = f"/frequency/{place}"
        yield from _subtype(rule, at)
        if rule.get("window", reading) != reading:
            yield FieldError(f"{at}/window", "other-reading", (("reading", reading),))
        if reading == CALENDAR and _YEAR_MONTHS % rule["months"]:
            yield FieldError(f"{at}/months", "no-calendar-window", (("months", str(rule["months"])),))


def _duties(document: Document) -> Iterator[FieldError]:
    rule = document.get("duties")
    if rule is not None and (left := sorted({*rule["ending_codes"]} - {*rule["registrar_codes"]})):
        values = (("codes", ", ".join(left)),)
        yield FieldError("/duties/registrar_codes", "registrar-must-see", values)


def _strata(document: Document) -> Iterator[FieldError]:
    before: list[Document] = []
    for place, rule in enumerate(document["strata"]):
        at, match = f"/strata/{place}", rule["match"]
        if not is_token(rule["name"]):
            yield FieldError(f"{at}/name", "bad-token", (("value", rule["name"]),))
        yield from _subtype(match, f"{at}/match")
        taken = next((one["name"] for one in before if _takes_all(one, rule)), None)
        if taken is not None:
            yield FieldError(f"{at}/match", "never-reached", (("stratum", taken),))
        before.append(rule)


def _takes_all(before: Document, rule: Document) -> bool:
    """Tell whether a stratum takes every registration of every item that a later one would."""
    items, own = before.get("items"), rule.get("items")
    every_item = items is None or (own is not None and {*own} <= {*items})
    matches: bool = before["match"].items() <= rule["match"].items()
    return matches and every_item


def _subtype(rule: Document, at: str) -> Iterator[FieldError]:
    known = [code.value for code in SUBTYPES[rule["regime"]]]
    if "subtype" in rule and rule["subtype"] not in known:
        values = (("value", rule["subtype"]), ("allowed", ", ".join(known)))
        yield FieldError(f"{at}/subtype", "unknown-value", values)


def _recusal(document: Document) -> Iterator[FieldError]:
    relations = document["teams"]["recusal"]["relations"]
    given = {rule["relation"]: place for place, rule in enumerate(relations)}
    for relation in STATUTORY:
        place = given.get(relation)
        if place is None or not relations[place]["in_force"]:
            at = "/teams/recusal/relations" + ("" if place is None else f"/{place}/in_force")
            yield FieldError(at, "cannot-be-off", (("relation", relation),))


def _regular_draws(document: Document) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, rule in enumerate(document.get("calendar", ())):
        for number, item in enumerate(rule["items"]):
            if item in seen:
                yield FieldError(f"/calendar/{place}/items/{number}", "given-twice", (("value", item),))
        seen.update(rule["items"])


def _extra_draws(document: Document) -> Iterator[FieldError]:
    for place, rule in enumerate(document.get("extra_draws", ())):
        of_holidays = rule["before"] == HOLIDAY
        for name, wanted in (
            ("least_days", of_holidays),
            ("visit_days", of_holidays),
            ("months", not of_holidays),
        ):
            if (name in rule) != wanted:
                code = "missing" if wanted else "extra-forbidden"
                yield FieldError(f"/extra_draws/{place}/{name}", code)


def _above(at: str, most: int) -> FieldError:
    return FieldError(at, "above-most", (("most", str(most)),))


POLICY_RULES: Final[tuple[Rule, ...]] = (
    *(_tickets, _counting, _annual_cap, _frequency, _duties),
    *(_strata, _recusal, _regular_draws, _extra_draws, rhythm_faults),
)
"""Every rule between the members of a policy."""
