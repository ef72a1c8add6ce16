"""The policy 抽查规则: every number that shapes a roster, read from one published JSON document.

The document names basis and source of each number; its digest is DR1's `policy`. Reading one trusts that
`app.domain.policies.document` has found no fault in it; what it leaves out is switched off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import Alg, hasher
from app.domain.policies.duties import DutyRules, parse_duties
from app.domain.policies.merging import MergingRule, parse_merging
from app.domain.policies.rhythms import Rhythms, parse_rhythms
from app.domain.policies.staffing import StaffingRules, parse_staffing

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Tickets that a kind of fact adds: `each`, at most `most`, for `months` from its day where it fades."""

    fact: str
    counts: str
    months: int
    each: int
    most: int
    basis: str
    substantiated: bool = False
    """Whether it counts only once it was found to hold 查实."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Fewer tickets after a clean visit: keep_p of keep_q, rounded up, at least `least`, for `days`."""

    days: int
    keep_p: int
    keep_q: int
    least: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooldown:
    """No tickets for `days` after a visit, where no frequency duty applies and nothing escalates."""

    days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCap:
    """No tickets after so many visits in a calendar year.

    Attributes:
        visits: how many; None where no cap was published, or nothing is recorded of it.
        exempt_kinds: kinds of visits that it does not count.
        basis: the document that publishes it, or why none does.
        known: whether a published cap or «none published» 未公布 is on record (国办发〔2024〕54号).
    """

    visits: int | None
    exempt_kinds: tuple[str, ...]
    basis: str
    known: bool = True


NO_CAP: Final = AnnualCap(visits=None, exempt_kinds=(), basis="", known=False)
"""What a policy says that does not speak of an annual cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Which visits count: their kinds and result codes; `attempt` found nobody, `clean` found nothing."""

    kinds: tuple[str, ...]
    codes: frozenset[str]
    attempt: str
    clean: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which registrations belong to a stratum: those that agree in every member that is given."""

    regime: str | None = None
    level: int | None = None
    subtype: str | None = None
    credit_class: str | None = None

    def fits(
        self, *, regime: str, level: int | None, subtype: str | None, credit_class: str | None = None
    ) -> bool:
        """Tell whether a registration belongs here."""
        # Asked for every line of a roster, several times: a chain is three times faster than sets.
        return (
            (self.regime is None or self.regime == regime)
            and (self.level is None or self.level == level)
            and (self.subtype is None or self.subtype == subtype)
            and (self.credit_class is None or self.credit_class == credit_class)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumRule:
    """A stratum 分层 before its lines are known.

    `surprise_per` adds one surprise for every so many lines begun, 0 none: a policy cannot know sizes. It may
    mean a stratum for some `items` only; none named: for all.
    """

    name: str
    match: Match
    rate_p: int
    rate_q: int
    minimum: int
    surprise: int = 0
    surprise_per: int = 0
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyDuty:
    """A frequency duty 频次义务 of single entities: at least `visits` in every `months`."""

    match: Match
    visits: int
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRule:
    """Whether a relation recuses, and for how many months after it ended."""

    in_force: bool
    months_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the rules of slice «roster to freeze» take from a policy document.

    Attributes:
        since: the first day on which it was in force in its region; `date.min` where only it is known.
        before: the policy that was in force there until the day before, if there was one.
    """

    base: int
    base_basis: str
    most: int
    most_basis: str
    additions: tuple[Addition, ...]
    relief: Relief
    cooldown: Cooldown
    annual_cap: AnnualCap
    counting: Counting
    frequency: tuple[FrequencyDuty, ...]
    strata: tuple[StratumRule, ...]
    least_officers: int
    spare_times: int
    single_random_regimes: frozenset[str]
    small_stratum_lines: int
    relations: Mapping[str, RelationRule]
    reveal_within_days: int
    rhythms: Rhythms
    duties: DutyRules | None
    merging: MergingRule | None
    staffing: StaffingRules
    default_credit_class: str | None = None
    since: date = date.min
    before: "Policy | None" = None

    def has_duty(self, *, regime: str, level: int | None, subtype: str | None) -> bool:
        """Tell whether a frequency duty applies to such a registration."""
        return any(duty.match.fits(regime=regime, level=level, subtype=subtype) for duty in self.frequency)

    def drawn_by_rate(self, regimes: Iterable[str]) -> bool:
        """Tell whether the share of a draw is all the duty there is: no regime has one of single entities.

        «Internet cafe: three draws each month, …, each at least 1/20 of all operating cafes»
        (mission/rules.md, «Frequency duties»); elsewhere 1/20 is a default, and what is due is drawn anyway.
        """
        with_duties = {duty.match.regime for duty in self.frequency}
        return with_duties.isdisjoint(regimes)

    def is_graded(self, regime: str) -> bool:
        """Tell whether duties of the regime depend on the level, so that each registration needs one."""
        return any(duty.match.regime == regime and duty.match.level is not None for duty in self.frequency)


def parse_policy(document: Document) -> Policy:
    """Read a policy document.

    Raises:
        KeyError: the document lacks a member.
    """
    tickets, zero, teams = document["tickets"], document["zero_tickets"], document["teams"]
    return Policy(
        base=tickets["base"]["tickets"],
        base_basis=tickets["base"]["basis"],
        most=tickets["most"]["tickets"],
        most_basis=tickets["most"]["basis"],
        additions=tuple(_addition(rule) for rule in tickets["additions"]),
        relief=_relief(tickets["relief"]),
        cooldown=Cooldown(days=zero["cooldown"]["days"], basis=zero["cooldown"]["basis"]),
        annual_cap=_annual_cap(zero.get("annual_cap")),
        counting=_counting(document["counting"]),
        frequency=tuple(_frequency(duty) for duty in document["frequency"]),
        strata=tuple(stratum_rule(rule) for rule in document["strata"]),
        least_officers=teams["officers"]["least"],
        spare_times=teams["spare"]["times"],
        single_random_regimes=frozenset(teams["single_random"]["regimes"]),
        small_stratum_lines=teams["small_stratum"]["lines"],
        relations={r["relation"]: _relation(r) for r in teams["recusal"]["relations"]},
        reveal_within_days=document["clocks"]["reveal"]["days"],
        rhythms=parse_rhythms(document),
        duties=parse_duties(document),
        merging=parse_merging(document),
        staffing=parse_staffing(document),
        default_credit_class=document.get("credit_classes", {}).get("default_class"),
    )


def _addition(rule: Document) -> Addition:
    return Addition(
        fact=rule["fact"],
        counts=rule["counts"],
        months=rule.get("months", 0),
        each=rule["each"],
        most=rule["most"],
        basis=rule["basis"],
        substantiated=rule.get("substantiated", False),
    )


def _relief(rule: Document) -> Relief:
    keep_p, keep_q = rule["keep"]
    return Relief(days=rule["days"], keep_p=keep_p, keep_q=keep_q, least=rule["least"], basis=rule["basis"])


def _annual_cap(rule: Document | None) -> AnnualCap:
    if rule is None:
        return NO_CAP
    return AnnualCap(visits=rule.get("visits"), exempt_kinds=tuple(rule["exempt_kinds"]), basis=rule["basis"])


def _counting(rule: Document) -> Counting:
    return Counting(
        kinds=tuple(rule["kinds"]),
        codes=frozenset(rule["codes"]),
        attempt=rule["attempt"],
        clean=rule["clean"],
    )


def _match(members: Document) -> Match:
    return Match(
        regime=members.get("regime"),
        level=members.get("level"),
        subtype=members.get("subtype"),
        credit_class=members.get("credit_class"),
    )


def _frequency(duty: Document) -> FrequencyDuty:
    return FrequencyDuty(match=_match(duty), visits=duty["visits"], months=duty["months"])


def stratum_rule(rule: Document) -> StratumRule:
    """Read `{"name","match","rate","min"}` with a plan's `surprise` or a policy's `surprise_per`."""
    rate_p, rate_q = rule["rate"]
    return StratumRule(
        name=rule["name"],
        match=_match(rule["match"]),
        rate_p=rate_p,
        rate_q=rate_q,
        minimum=rule["min"],
        surprise=rule.get("surprise", 0),
        surprise_per=rule.get("surprise_per", 0),
        items=tuple(rule.get("items", ())),
    )


def _relation(rule: Document) -> RelationRule:
    return RelationRule(in_force=rule["in_force"], months_after=rule.get("months_after", 0))


def policy_digest(document: Document, alg: Alg) -> str:
    """Give DR1's `policy`: `H(JCS(document))` in the draw's own algorithm, in hex.

    Raises:
        Refused: the document has something that hashed JSON cannot hold.
    """
    return hasher(alg)(canonical_json(document).decode())
