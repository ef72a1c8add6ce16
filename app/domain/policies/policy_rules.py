"""The rules of a policy document, one by one."""

from collections.abc import Iterator
from typing import Final

from app.domain.policies.duties import ROLLING
from app.domain.policies.explained import Document, Named, RuleLine, Section, Subject, placed, who
from app.domain.policies.rhythms import HOLIDAY

_FREQUENCY: Final = Section("frequency")
_STRATUM: Final = Section("stratum")
_DRAWS: Final = Section("draws")
_TICKETS: Final = Section("tickets")
_ZERO: Final = Section("zero_tickets")
_MERGING: Final = Section("merging")
_TEAMS: Final = Section("teams")
_RECUSAL: Final = Section("recusal")
_CLOCKS: Final = Section("clocks")


def policy_rules(document: Document, subject: Subject | None = None) -> tuple[RuleLine, ...]:
    """Give every rule of a policy, or those that are about a registration.

    Args:
        document: a policy without faults.
        subject: the registration; None: the whole document.
    """
    return (
        *_frequency(document, subject),
        *_strata(document, subject),
        *_draws(document, subject),
        *_tickets(document),
        *_zero_tickets(document, subject),
        *_merging(document),
        *_teams(document, subject),
        *_recusal(document),
        *_reveal(document),
    )


def _frequency(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    duties = document.get("duties")
    rolling = duties is not None and duties["reading"] == ROLLING
    found = list(placed(document["frequency"], "/frequency", subject))
    for rule, at in found:
        code = "frequency.rolling" if rolling else "frequency.calendar"
        yield _FREQUENCY.line(code, rule, at, who=who(rule), months=rule["months"], visits=rule["visits"])
    if subject is not None and not found:
        counting = document["counting"]
        yield _FREQUENCY.line("frequency.none", counting, "/frequency", who=_named(subject))
    if duties is not None and (found or subject is None):
        yield from _duties(duties)
    counting = document["counting"]
    yield _FREQUENCY.line(
        "counting",
        counting,
        "/counting",
        kinds=Named("visit-kind", tuple(counting["kinds"])),
        codes=Named("result-code", tuple(counting["codes"])),
        attempt=Named("result-code", (counting["attempt"],)),
    )


def _named(subject: Subject) -> Named:
    return who({"regime": subject.regime, "level": subject.level or "", "subtype": subject.subtype or ""})


def _duties(duties: Document) -> Iterator[RuleLine]:
    line, at = _FREQUENCY.line, "/duties"
    opens_p, opens_q = duties["rolling_opens"]
    yield line(f"duties.{duties['reading']}", duties, at, why=duties["why"], p=opens_p, q=opens_q)
    yield line("duties.from", duties, f"{at}/from", day=duties["from"])
    if duties.get("default_level") is not None:
        yield line("duties.default-level", duties, f"{at}/default_level", level=duties["default_level"])
    yield line("duties.attempts", duties, f"{at}/attempts", attempts=duties["attempts"])
    for name in ("ending_codes", "registrar_codes"):
        codes = Named("result-code", tuple(duties[name]))
        yield line(f"duties.{name.replace('_', '-')}", duties, f"{at}/{name}", codes=codes)
    yield line("duties.alarm", duties, f"{at}/alarm_days", days=duties["alarm_days"])


def _strata(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    left = None if subject is None else {*subject.items}
    for place, rule in enumerate(document["strata"]):
        items = rule.get("items")
        if subject is not None and not subject.fits(rule["match"]):
            continue
        if left is not None and items is not None and left.isdisjoint(items):
            continue
        yield _stratum(rule, f"/strata/{place}")
        if left is not None:
            left = left.difference(left if items is None else items)
            if not left:
                break
    yield from _no_class(document, subject)


def _stratum(rule: Document, at: str) -> RuleLine:
    p, q = rule["rate"]
    of_items = {"items": Named("item", tuple(rule["items"]))} if "items" in rule else {}
    code = ("stratum.items" if of_items else "stratum") + (".surprise" if rule["surprise_per"] else "")
    return _STRATUM.line(
        code,
        rule,
        at,
        name=rule["name"],
        who=who(rule["match"]),
        p=p,
        q=q,
        least=rule["min"],
        surprise_per=rule["surprise_per"],
        **of_items,
    )


def _no_class(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    """What becomes of who has no class of credit risk, where strata ask for one."""
    rule = document.get("credit_classes")
    if rule is None or (subject is not None and not _asked_for_class(document, subject)):
        return
    default = rule["default_class"]
    if subject is not None and subject.credit_class not in {None, default}:
        return
    code = "credit-class.none" if default is None else "credit-class.default"
    yield _STRATUM.line(code, rule, "/credit_classes", credit_class=default or "")


def _asked_for_class(document: Document, subject: Subject) -> bool:
    return any(
        "credit_class" in rule["match"]
        and rule["match"]["regime"] == subject.regime
        and ("items" not in rule or not {*subject.items}.isdisjoint(rule["items"]))
        for rule in document["strata"]
    )


def _draws(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    for rule, at in placed(document.get("draws", ()), "/draws", subject):
        values = {"who": who(rule), "months": rule["every_months"], "draws": rule["draws"]}
        yield _DRAWS.line("draws", rule, at, **values)
    for place, rule in enumerate(document.get("calendar", ())):
        if items := _items(rule, subject):
            yield from _regular(rule, f"/calendar/{place}", items)
    for place, rule in enumerate(document.get("extra_draws", ())):
        if items := _items(rule, subject):
            yield from _extra(rule, f"/extra_draws/{place}", items)


def _items(rule: Document, subject: Subject | None) -> Named | None:
    """Name the items of a rule that inspect a registration; None where none does."""
    found = tuple(item for item in rule["items"] if subject is None or item in subject.items)
    return Named("item", found) if found else None


def _regular(rule: Document, at: str, items: Named) -> Iterator[RuleLine]:
    yield _DRAWS.line(f"calendar.{rule['every']}", rule, at, items=items)
    for name in ("rate", "least_rate"):
        if name in rule:
            p, q = rule[name]
            yield _DRAWS.line(
                f"calendar.{name.replace('_', '-')}", rule, f"{at}/{name}", items=items, p=p, q=q
            )
    for name in ("least_working_days", "lead_days", "spare_days", "reserve", "alarm_days"):
        if rule.get(name):
            code = f"calendar.{name.replace('_', '-')}"
            yield _DRAWS.line(code, rule, f"{at}/{name}", items=items, number=rule[name])


def _extra(rule: Document, at: str, items: Named) -> Iterator[RuleLine]:
    p, q = rule["rate"]
    if rule["before"] == HOLIDAY:
        days = {"least_days": rule["least_days"], "visit_days": rule["visit_days"]}
        yield _DRAWS.line("extra.holiday", rule, at, items=items, p=p, q=q, **days)
    else:
        months = Named("month", tuple(str(month) for month in rule["months"]))
        yield _DRAWS.line("extra.season", rule, at, items=items, p=p, q=q, months=months)
    if "alarm_days" in rule:
        number = rule["alarm_days"]
        yield _DRAWS.line("extra.alarm-days", rule, f"{at}/alarm_days", items=items, number=number)


def _tickets(document: Document) -> Iterator[RuleLine]:
    rules, line, at = document["tickets"], _TICKETS.line, "/tickets"
    yield line("tickets.base", rules["base"], f"{at}/base", tickets=rules["base"]["tickets"])
    for rule, place in placed(rules["additions"], f"{at}/additions", None):
        code = f"tickets.{rule['counts']}" + ("-substantiated" if rule.get("substantiated") else "")
        fact = Named("fact", (rule["fact"],))
        months = rule.get("months", 0)
        yield line(code, rule, place, fact=fact, each=rule["each"], most=rule["most"], months=months)
    yield line("tickets.most", rules["most"], f"{at}/most", tickets=rules["most"]["tickets"])
    relief = rules["relief"]
    p, q = relief["keep"]
    yield line("relief", relief, f"{at}/relief", days=relief["days"], p=p, q=q, least=relief["least"])


def _zero_tickets(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    rules, line, at = document["zero_tickets"], _ZERO.line, "/zero_tickets"
    duty = subject is not None and any(subject.fits(rule) for rule in document["frequency"])
    cooldown = rules["cooldown"]
    code = "cooldown.off" if duty else "cooldown"
    yield line(code, cooldown, f"{at}/cooldown", days=cooldown["days"])
    cap = rules.get("annual_cap")
    if cap is None:
        yield line("cap.unknown", cooldown, at)
        return
    exempt = Named("visit-kind", tuple(cap["exempt_kinds"]))
    if cap.get("visits") is None:
        yield line("cap.none", cap, f"{at}/annual_cap", exempt=exempt)
    else:
        number = cap.get("document_no", "")
        yield line("cap", cap, f"{at}/annual_cap", visits=cap["visits"], exempt=exempt, document_no=number)


def _merging(document: Document) -> Iterator[RuleLine]:
    rule = document.get("merging")
    if rule is not None:
        numbers = {"days": rule["within_days"], "times": rule["spare_times"]}
        yield _MERGING.line("merging", rule, "/merging", **numbers)


def _teams(document: Document, subject: Subject | None) -> Iterator[RuleLine]:
    teams, line = document["teams"], _TEAMS.line
    yield line("officers", teams["officers"], "/teams/officers", least=teams["officers"]["least"])
    yield line("spare", teams["spare"], "/teams/spare", times=teams["spare"]["times"])
    single = teams["single_random"]
    if subject is None or subject.regime in single["regimes"]:
        regimes = Named("regime", tuple(single["regimes"]))
        yield line("single-random", single, "/teams/single_random", regimes=regimes)
    small = teams["small_stratum"]
    yield line("small-stratum", small, "/teams/small_stratum", lines=small["lines"])
    for name, members in (("rotation", ("last_visits",)), ("load", ("months", "most"))):
        if name in teams:
            rule = teams[name]
            yield line(name, rule, f"/teams/{name}", **{member: rule[member] for member in members})
    if subject is None and "reminders" in teams:
        days = Named("day", tuple(str(day) for day in teams["reminders"]["days"]))
        yield line("reminders", teams["reminders"], "/teams/reminders", days=days)


def _recusal(document: Document) -> Iterator[RuleLine]:
    recusal, at = document["teams"]["recusal"], "/teams/recusal"
    for place, rule in enumerate(recusal["relations"]):
        months = rule.get("months_after", 0)
        code = "recusal.off" if not rule["in_force"] else "recusal.after" if months else "recusal"
        relation = Named("relation", (rule["relation"],))
        yield _RECUSAL.line(code, recusal, f"{at}/relations/{place}", relation=relation, months=months)
    if "decide_within_days" in recusal:
        days = recusal["decide_within_days"]
        yield _RECUSAL.line("recusal.decide", recusal, f"{at}/decide_within_days", days=days)


def _reveal(document: Document) -> Iterator[RuleLine]:
    rule = document["clocks"]["reveal"]
    yield _CLOCKS.line("clocks.reveal", rule, "/clocks/reveal", days=rule["days"])
