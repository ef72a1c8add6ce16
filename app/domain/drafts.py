"""What a planner asks for in a draw plan 抽查计划, and what is wrong with it.

Two kinds of faults, each with the field's JSON Pointer: `malformed` values that no draw can use (DR1's text
forms), and `broken` rules of planning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from app.domain.draw.basics.digest import Alg
from app.domain.draw.basics.formats import check_format
from app.domain.draw.basics.text import MAX_INTEGER, Refused, is_hex, is_token
from app.domain.draw.entropy import Source, enough_outcomes
from app.domain.draw.plan import MAX_COUNT, MAX_RATE_Q, MAX_SLOTS
from app.domain.errors import FieldError
from app.domain.items import Item
from app.domain.policy import Policy
from app.domain.regions import REGION_DIGITS, STATION_DIGITS
from app.domain.registers.columns import CREDIT_CLASSES

LEVELS: Final = (1, 2, 3)
_CLASSES: Final = tuple(one.value for one in CREDIT_CLASSES)
_HASH_DIGITS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draw plan as asked for.

    Attributes:
        item: code of the inspection item.
        region: whose premises, as a GB/T 2260 code or a prefix of one.
        period: canonical period, a token.
        alg: hash algorithm of the draw.
        scope: `regimes`, `levels`, `stations`; an empty list restricts nothing.
        strata: `name`, `match`, `rate`, `min`, `surprise` each; None: from the policy.
        slots: tags of each place in a team; an empty list: a single-random draw; None: the item's.
        entropy: `{"kind": "ceremony", "sources": [{"name", "format"}…]}`, or `{"kind": "drand"}` with `chain`
            and `round` where they are chosen already.
        visit_from, visit_to: days of the visits, both included.
        reveal_by: the day on which the record is public at the latest.
        joint: `{"lead_agency", "items": {agency: [code…]}}` of a joint inspection 联合抽查.
        disclose_from: when a team learns where to go on its day, in Asia/Shanghai; None: in the morning.
    """

    item: str
    region: str
    period: str
    alg: Alg
    scope: Mapping[str, Sequence[Any]]
    strata: Sequence[Mapping[str, Any]] | None
    slots: Sequence[Sequence[str]] | None
    entropy: Mapping[str, Any]
    visit_from: date
    visit_to: date
    reveal_by: date
    joint: Mapping[str, Any] | None = None
    disclose_from: time | None = None


def malformed(draft: Draft, *, regimes: Iterable[str]) -> tuple[FieldError, ...]:
    """Find every value that DR1 or the registers cannot hold.

    Args:
        draft: what was asked for.
        regimes: the codes of all regimes.
    """
    known, strata = frozenset(regimes), draft.strata or ()
    return (
        *_place(draft),
        *_scope(draft.scope, known),
        *(fault for n, one in enumerate(strata) for fault in _stratum(n, one, known)),
        *_same_names("/strata", [one["name"] for one in strata]),
        *_slots(draft.slots or ()),
        *_entropy(draft.entropy),
    )


def broken(
    draft: Draft, *, slots: Sequence[Sequence[str]], item: Item, policy: Policy
) -> tuple[FieldError, ...]:
    """Find every rule of planning that a well-formed draft breaks.

    Visits end before the record is due, at most the policy's days before (mission/rules.md, «Clocks»); a team
    has at least two officers (行政处罚法 art. 42) or, for internet cafes only, none is drawn (clause M9).
    """
    regimes = tuple(draft.scope["regimes"]) or item.regimes
    return (
        *_dates(draft, policy.reveal_within_days),
        *(
            FieldError(
                f"/scope/regimes/{n}", "regime-of-other-item", (("value", regime), ("item", item.code))
            )
            for n, regime in enumerate(draft.scope["regimes"])
            if regime not in item.permitted_regimes
        ),
        *_team_size(slots, regimes=regimes, policy=policy),
    )


def _place(draft: Draft) -> Iterator[FieldError]:
    if not is_token(draft.period):
        yield _bad("/period", "bad-token", draft.period)
    digits = draft.region.isascii() and draft.region.isdigit()
    if not (digits and len(draft.region) in range(2, REGION_DIGITS + 1, 2)):
        yield _bad("/region", "bad-region-code", draft.region)


def _scope(scope: Mapping[str, Sequence[Any]], regimes: frozenset[str]) -> Iterator[FieldError]:
    for n, regime in enumerate(scope["regimes"]):
        if regime not in regimes:
            yield _unknown(f"/scope/regimes/{n}", regime, sorted(regimes))
    for n, level in enumerate(scope["levels"]):
        if level not in LEVELS:
            yield _unknown(f"/scope/levels/{n}", level, LEVELS)
    for n, station in enumerate(scope["stations"]):
        if not (station.isascii() and station.isdigit() and len(station) == STATION_DIGITS):
            yield _bad(f"/scope/stations/{n}", "bad-station-code", station)


def _stratum(n: int, stratum: Mapping[str, Any], regimes: frozenset[str]) -> Iterator[FieldError]:
    at = f"/strata/{n}"
    if not is_token(stratum["name"]):
        yield _bad(f"{at}/name", "bad-token", stratum["name"])
    rate = stratum["rate"]
    if not (len(rate) == 2 and 0 <= rate[0] <= rate[1] and 1 <= rate[1] <= MAX_RATE_Q):  # noqa: PLR2004 - a ratio has two terms
        shown = "/".join(str(term) for term in rate)
        yield FieldError(f"{at}/rate", "bad-rate", (("value", shown), ("most", str(MAX_RATE_Q))))
    for name in ("min", "surprise"):
        if not 0 <= stratum[name] <= MAX_COUNT:
            yield FieldError(f"{at}/{name}", "bad-count", (("most", str(MAX_COUNT)),))
    match = stratum["match"]
    if (regime := match.get("regime")) not in {None, *regimes}:
        yield _unknown(f"{at}/match/regime", regime, sorted(regimes))
    if (level := match.get("level")) not in {None, *LEVELS}:
        yield _unknown(f"{at}/match/level", level, LEVELS)
    if (credit_class := match.get("credit_class")) not in {None, *_CLASSES}:
        yield _unknown(f"{at}/match/credit_class", credit_class, _CLASSES)


def _slots(slots: Sequence[Sequence[str]]) -> Iterator[FieldError]:
    if len(slots) > MAX_SLOTS:
        yield FieldError("/slots", "too-many-slots", (("most", str(MAX_SLOTS)),))
    for n, slot in enumerate(slots):
        for k, tag in enumerate(slot):
            if not is_token(tag):
                yield _bad(f"/slots/{n}/{k}", "bad-token", tag)


def _entropy(entropy: Mapping[str, Any]) -> Iterator[FieldError]:
    drand = entropy["kind"] == "drand"
    for name in ("sources",) if drand else ("chain", "round"):
        if name in entropy:
            yield FieldError(f"/entropy/{name}", "extra-forbidden")
    if drand:
        yield from _drand(entropy)
    elif "sources" in entropy:
        yield from _ceremony(entropy["sources"])
    else:
        yield FieldError("/entropy/sources", "missing")


def _drand(entropy: Mapping[str, Any]) -> Iterator[FieldError]:
    chain, number = entropy.get("chain"), entropy.get("round")
    if chain is not None and not is_hex(chain, digits=_HASH_DIGITS):
        yield _bad("/entropy/chain", "bad-chain-hash", chain)
    if number is not None and not 1 <= number <= MAX_INTEGER:
        yield _bad("/entropy/round", "bad-round", number)


def _ceremony(sources: Sequence[Mapping[str, str]]) -> Iterator[FieldError]:
    formats_good = True
    for n, source in enumerate(sources):
        if not is_token(source["name"]):
            yield _bad(f"/entropy/sources/{n}/name", "bad-token", source["name"])
        try:
            check_format(source["format"])
        except Refused:
            formats_good = False
            yield _bad(f"/entropy/sources/{n}/format", "bad-format", source["format"])
    yield from _same_names("/entropy/sources", [source["name"] for source in sources])
    if formats_good and not enough_outcomes(Source(s["name"], s["format"]) for s in sources):
        yield FieldError("/entropy/sources", "few-outcomes")


def _same_names(at: str, names: Sequence[str]) -> Iterator[FieldError]:
    for n, name in enumerate(names):
        if name in names[:n]:
            yield _bad(f"{at}/{n}/name", "duplicate-name", name)


def _dates(draft: Draft, days: int) -> Iterator[FieldError]:
    if draft.visit_from > draft.visit_to:
        yield FieldError("/visit_to", "visits-end-early", (("visit_from", draft.visit_from.isoformat()),))
    if not 1 <= (draft.reveal_by - draft.visit_to).days <= days:
        values = ("visit_to", draft.visit_to.isoformat()), ("days", str(days))
        yield FieldError("/reveal_by", "reveal-out-of-time", values)


def _team_size(
    slots: Sequence[Sequence[str]], *, regimes: Iterable[str], policy: Policy
) -> Iterator[FieldError]:
    if not slots:
        if refused := sorted(set(regimes) - policy.single_random_regimes):
            yield FieldError("/slots", "single-random-refused", (("regimes", ", ".join(refused)),))
    elif len(slots) < policy.least_officers:
        yield FieldError("/slots", "too-few-places", (("least", str(policy.least_officers)),))


def _bad(pointer: str, code: str, value: object) -> FieldError:
    return FieldError(pointer, code, (("value", str(value)),))


def _unknown(pointer: str, value: object, known: Iterable[object]) -> FieldError:
    allowed = ", ".join(str(code) for code in known)
    return FieldError(pointer, "unknown-value", (("value", str(value)), ("allowed", allowed)))
