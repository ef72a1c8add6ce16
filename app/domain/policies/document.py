"""What a policy document 抽查规则 may say: every member known, every number in its range, with its basis.

A document without faults is read by `parse_policy` and makes rosters that DR1 takes; what it leaves out is
switched off. Clocks are checked in `clocks_document`.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from app.domain.drafts import LEVELS
from app.domain.draw.basics.lines import MAX_TICKETS
from app.domain.draw.plan import MAX_COUNT, MAX_SLOTS
from app.domain.errors import FieldError
from app.domain.fieldwork.codes import RESULT_CODES
from app.domain.policies.consistency import FACTS, POLICY_RULES
from app.domain.policies.duties import READINGS
from app.domain.policies.header import HEADER, POLICY, header_faults, no_such_sources
from app.domain.policies.rhythms import EVERY, OCCASIONS
from app.domain.policies.shape import (
    ITSELF,
    Choice,
    Day,
    Flag,
    Items,
    Members,
    Nullable,
    Rate,
    Shape,
    Text,
    Whole,
    lawful,
)
from app.domain.registers.columns import CREDIT_CLASSES, REGIMES, RELATIONS, VISIT_KINDS

Document = Mapping[str, Any]

_MOST_DAYS: Final = 3660
_MOST_MONTHS: Final = 120
_YEAR_DAYS: Final = 366
_YEAR_MONTHS: Final = 12
_MOST_VISITS: Final = 366
_MOST_REVEAL_DAYS: Final = 180
"""DR1 lets a record be revealed at most so long after the visits (mission/rules.md, «Clocks»)."""
_LEAST_OFFICERS: Final = 2
"""行政处罚法 art. 42: no policy may ask for fewer."""

_KINDS = tuple(kind.value for kind in VISIT_KINDS)
_CODES = tuple(RESULT_CODES)
_REGIME = Choice(tuple(regime.value for regime in REGIMES))
_CREDIT_CLASS = Choice(tuple(one.value for one in CREDIT_CLASSES))
_LEVEL = Whole(min(LEVELS), max(LEVELS))
_DAYS = Whole(0, _MOST_DAYS)
_SOME_DAYS = Whole(1, _MOST_DAYS)
_MONTHS = Whole(1, _MOST_MONTHS)
_TICKETS = Whole(0, MAX_TICKETS)
_SOME_TICKETS = Whole(1, MAX_TICKETS)
_COUNT = Whole(0, MAX_COUNT)
_CODE_LIST = Items(Choice(_CODES), unlike=ITSELF)
_WHICH: Final[Mapping[str, Shape]] = {"regime": _REGIME}
_NARROWED: Final[Mapping[str, Shape]] = {"level": _LEVEL, "subtype": Text()}

_ADDITION = lawful(
    {
        "fact": Choice(tuple(FACTS)),
        "counts": Choice(("months", "open", "listed", "in-force")),
        "each": _TICKETS,
        "most": _TICKETS,
    },
    {"months": _MONTHS, "substantiated": Flag()},
)
_TICKET_RULES = Members(
    {
        "base": lawful({"tickets": _SOME_TICKETS}),
        "most": lawful({"tickets": _SOME_TICKETS}),
        "additions": Items(_ADDITION, unlike=("fact",)),
        "relief": lawful({"days": _DAYS, "keep": Rate(), "least": _SOME_TICKETS}),
    }
)
_COUNTING = lawful(
    {
        "kinds": Items(Choice(_KINDS), least=1, unlike=ITSELF),
        "codes": Items(Choice(_CODES), least=1, unlike=ITSELF),
        "attempt": Choice(_CODES),
        "clean": Choice(_CODES),
    }
)
_CAP = lawful(
    {"published": Flag(), "exempt_kinds": Items(Choice(_KINDS), unlike=ITSELF)},
    {"visits": Nullable(Whole(0, _MOST_VISITS)), "document_no": Text()},
)
_ZERO_TICKETS = Members({"cooldown": lawful({"days": _DAYS})}, {"annual_cap": _CAP})
_FREQUENCY = lawful(
    {**_WHICH, "visits": Whole(1, 1), "months": _MONTHS}, {**_NARROWED, "window": Choice(READINGS)}
)
_STRATUM: Final[Mapping[str, Shape]] = {
    "name": Text(),
    "match": Members(_WHICH, {**_NARROWED, "credit_class": _CREDIT_CLASS}),
    "rate": Rate(),
    "min": _COUNT,
    "surprise_per": _COUNT,
}
_RELATION = Members(
    {"relation": Choice(tuple(relation.value for relation in RELATIONS)), "in_force": Flag()},
    {"months_after": Whole(0, _MOST_MONTHS)},
)
_TEAMS = Members(
    {
        "officers": lawful({"least": Whole(_LEAST_OFFICERS, MAX_SLOTS)}),
        "spare": lawful({"times": Whole(1, MAX_SLOTS)}),
        "single_random": lawful({"regimes": Items(Choice(("internet_cafe",)), unlike=ITSELF)}),
        "small_stratum": lawful({"lines": _COUNT}),
        "recusal": lawful(
            {"relations": Items(_RELATION, unlike=("relation",))}, {"decide_within_days": _SOME_DAYS}
        ),
    },
    {
        "rotation": lawful({"last_visits": Whole(0, _MOST_VISITS)}),
        "load": lawful({"months": Whole(1, _YEAR_MONTHS), "most": Whole(1, MAX_COUNT)}),
        "reminders": lawful({"days": Items(_DAYS, unlike=ITSELF)}),
    },
)
_DUTIES = lawful(
    {
        "from": Day(),
        "reading": Choice(READINGS),
        "why": Text(),
        "rolling_opens": Rate(),
        "attempts": Whole(1, _MOST_VISITS),
        "ending_codes": _CODE_LIST,
        "registrar_codes": _CODE_LIST,
        "alarm_days": _DAYS,
    },
    {"default_level": Nullable(_LEVEL)},
)
_RHYTHM: Final[Mapping[str, Shape]] = {
    "rate": Rate(),
    "least_rate": Rate(),
    "least_working_days": Whole(0, _YEAR_DAYS),
    "lead_days": _DAYS,
    "spare_days": _DAYS,
    "reserve": Whole(0, _MOST_VISITS),
    "alarm_days": _DAYS,
}
_EXTRA: Final[Mapping[str, Shape]] = {
    "least_days": Whole(1, _YEAR_DAYS),
    "visit_days": Whole(1, _YEAR_DAYS),
    "months": Items(Whole(1, _YEAR_MONTHS), least=1, unlike=ITSELF),
    "alarm_days": _DAYS,
}


def _sections(items: Collection[str]) -> Members:
    """The shape of a whole document, where these items are known."""
    named = {"items": Items(Choice(tuple(items)), least=1, unlike=ITSELF)}
    extra = lawful({**named, "before": Choice(OCCASIONS), "rate": Rate()}, _EXTRA)
    draws = lawful({**_WHICH, "every_months": Whole(1, _YEAR_MONTHS), "draws": Whole(1, _YEAR_DAYS)})
    return Members(
        {
            **HEADER,
            "code": Choice((POLICY,)),
            "tickets": _TICKET_RULES,
            "counting": _COUNTING,
            "zero_tickets": _ZERO_TICKETS,
            "frequency": Items(_FREQUENCY, unlike=("regime", "level", "subtype")),
            "strata": Items(lawful(_STRATUM, named), least=1, unlike=("name",)),
            "teams": _TEAMS,
            "clocks": Members({"reveal": lawful({"days": Whole(1, _MOST_REVEAL_DAYS)})}),
        },
        {
            "draws": Items(draws, unlike=("regime",)),
            "duties": _DUTIES,
            "credit_classes": lawful({}, {"default_class": Nullable(_CREDIT_CLASS)}),
            "calendar": Items(lawful({**named, "every": Choice(EVERY)}, _RHYTHM)),
            "extra_draws": Items(extra),
            "merging": lawful({"within_days": _SOME_DAYS, "spare_times": Whole(1, MAX_SLOTS)}),
        },
    )


def policy_faults(document: object, *, items: Collection[str]) -> tuple[FieldError, ...]:
    """Find everything that keeps a document from being a policy.

    Args:
        document: JSON as it was read.
        items: the codes of the inspection items that it may name.
    """
    faults = tuple(_sections(items).faults(document, ""))
    if faults or not isinstance(document, Mapping):
        return faults
    return (*header_faults(document), *no_such_sources(document), *_broken(document))


def _broken(document: Document) -> Iterator[FieldError]:
    """Check members against each other, once each of them has its shape."""
    for rule in POLICY_RULES:
        yield from rule(document)


def completed(document: Document) -> Document:
    """Say null where a member that may be null was taken out: a merge patch (RFC 7396) cannot say it."""
    filled = {**document, "valid_to": document.get("valid_to")}
    zero, duties, credit = (document.get(name) for name in ("zero_tickets", "duties", "credit_classes"))
    if isinstance(zero, Mapping) and isinstance(zero.get("annual_cap"), Mapping):
        filled["zero_tickets"] = {**zero, "annual_cap": {"visits": None, **zero["annual_cap"]}}
    if isinstance(duties, Mapping):
        filled["duties"] = {"default_level": None, **duties}
    if isinstance(credit, Mapping):
        filled["credit_classes"] = {"default_class": None, **credit}
    return filled
