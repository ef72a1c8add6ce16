"""One draw of a simulation: the same functions that a real draw calls, with a seed in place of dice.

Lists are built by `freezing.freeze_input`, then frozen, committed, drawn and dealt by `conduct`: the hashes,
the Merkle roots and the plan are computed as in earnest, so what a simulation measures is what a draw does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from app.domain.authorities import Authority
from app.domain.calendar.draws import PlannedDraw
from app.domain.draw.conduct import Held, Terms, conduct, prepare
from app.domain.draw.entropy import CeremonyEntropy, CeremonyValues, Source
from app.domain.draw.selection import Drawn, StratumResult
from app.domain.duties.collisions import UNDECIDED, CapThere, Decisions
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input
from app.domain.items import Item
from app.domain.policy import Policy
from app.domain.roster_rules import Scope
from app.domain.simulation.binding import Binding, binding
from app.domain.simulation.chance import Chance
from app.domain.simulation.shortfall import Staff
from app.domain.strata import policy_strata

ORIGIN: Final = "simulation"
_SOURCE: Final = "seed"
_ENTROPY: Final = CeremonyEntropy((Source(_SOURCE, "hex:64"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What holds in the simulated region all the time: the policy in force when it starts.

    Attributes:
        region: code or prefix.
        policy: the numbers.
        policy_digest: of its document.
        items: those that are drawn; their duties may be merged into one visit.
        decisions: which yields where duty and annual cap collide, by item and year of the visits.
        drawn_by: whose calendar an item's draws are of, where it is another region's: a city draws in its
            counties.
    """

    region: str
    policy: Policy
    policy_digest: str
    items: tuple[Item, ...]
    decisions: Mapping[tuple[str, int], Decisions] = field(default_factory=dict)
    drawn_by: Mapping[str, str] = field(default_factory=dict)

    def decided(self, item: str, year: int) -> Decisions:
        """Give what was decided of an item's collisions in a year."""
        return self.decisions.get((item, year), UNDECIDED)

    def cap(self, item: Item, year: int) -> CapThere:
        """Give the annual cap of whoever draws an item here, with what was decided of it in a year."""
        return CapThere(
            cap=self.policy.annual_cap,
            decisions=self.decided(item.code, year),
            authority=Authority.of(item.agency, self.drawing_region(item.code)),
        )

    def drawing_region(self, item: str) -> str:
        """Give the region whose government draws an item here: an annual cap counts its level's visits."""
        return self.drawn_by.get(item, self.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A plan as `freezing.Asked` wants it: the whole item or some levels of it, by the policy's strata."""

    region: str
    visit_from: date
    visit_to: date
    strata: Sequence[Mapping[str, Any]] | None
    scope: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What a draw came to.

    Attributes:
        lists: what was frozen, with the preflight.
        strata: sizes and numbers of each stratum.
        drawn: the lines, in the order drawn.
        teams: inspectors of each premises whose every place is filled, the lead first.
        short: premises for which a place stayed empty.
        binds: what comes nearest to its limit, or is beyond it.
    """

    lists: FreezeInput
    strata: tuple[StratumResult, ...]
    drawn: tuple[Drawn, ...]
    teams: Mapping[str, tuple[str, ...]]
    short: tuple[str, ...]
    binds: Binding | None


def hold(
    planned: PlannedDraw,
    facts: RegisterFacts,
    *,
    law: Law,
    item: Item,
    draw_ends: tuple[date, ...],
    chance: Chance,
    seq: int,
    on: date,
    levels: tuple[int, ...] = (),
) -> Drawing:
    """Hold a draw on a day.

    Args:
        planned: what the calendar foresees.
        facts: the registers as they stand.
        law: region and policy.
        item: what is inspected.
        draw_ends: last visit days of the item's draws still to come, this one included.
        chance: the seed, from which secret and random value follow.
        seq: number of the draw, from 1.
        on: the day.
        levels: the only levels that it is about; none: every one.
    """
    year = planned.visit_from.year
    lists = freeze_input(
        _Asked(
            region=law.drawing_region(item.code),
            visit_from=planned.visit_from,
            visit_to=planned.visit_to,
            strata=_strata_at_rate(planned, law=law, item=item),
            scope={"regimes": (), "levels": levels, "stations": ()},
        ),
        facts,
        slots=item.slots,
        item=item,
        policy=law.policy,
        policy_digest=law.policy_digest,
        on=on,
        draw_ends=draw_ends,
        items=law.items,
        decisions=law.decided(item.code, year),
        decisions_before=law.decided(item.code, year - 1),
    )
    if not lists.roster:
        return Drawing(lists=lists, strata=(), drawn=(), teams={}, short=(), binds=None)
    held = _drawn(planned, lists, law=law, chance=chance, seq=seq)
    drawn = held.drawing.selection.drawn
    full = _full_teams(held, places=len(lists.slots))
    needs = {line.id: line.needs for line in lists.roster}
    return Drawing(
        lists=lists,
        strata=held.drawing.selection.strata,
        drawn=drawn,
        teams=full,
        short=tuple(one.id for one in drawn if one.id not in full),
        binds=binding(
            {one.id: needs[one.id] for one in drawn},
            slots=lists.slots,
            staff=Staff(inspectors=lists.inspectors, recusals=lists.recusals, exclusions=lists.exclusions),
            deal=held.deal,
        ),
    )


def _full_teams(held: Held, *, places: int) -> dict[str, tuple[str, ...]]:
    """The teams whose every place is filled; a single-random draw has none: its teams are named by hand."""
    seated: dict[str, list[str]] = {one.id: [] for one in held.drawing.selection.drawn}
    for seat in held.deal.teams:
        seated[seat.entity].append(seat.inspector)
    return {entity: tuple(team) for entity, team in seated.items() if len(team) == places}


def _drawn(planned: PlannedDraw, lists: FreezeInput, *, law: Law, chance: Chance, seq: int) -> Held:
    """Commit to the lists and draw, with a secret and a random value from the seed."""
    secret = chance.digest("secret", planned.item, planned.period)
    prepared = prepare(
        secret=secret,
        terms=Terms(
            alg="sha256",
            origin=ORIGIN,
            seq=seq,
            prev="" if seq == 1 else chance.digest("prev", seq),
            item=f"{law.region}:{planned.item}",
            period=planned.period,
            policy=law.policy_digest,
            strata=lists.strata,
            slots=lists.slots,
            entropy=_ENTROPY,
            reveal_by=planned.visit_to + timedelta(days=1),
        ),
        roster=lists.roster,
        inspectors=lists.inspectors,
        recusals=lists.recusals,
    )
    value = chance.digest("value", planned.item, planned.period)
    given = CeremonyValues(((_SOURCE, value),))
    return conduct(prepared, secret=secret, given=given, chains=(), bls=lambda *_: False)


def _strata_at_rate(planned: PlannedDraw, *, law: Law, item: Item) -> list[dict[str, Any]] | None:
    """Give the policy's strata at the rate that the calendar asks for; None: as they are."""
    if planned.rate is None:
        return None
    scope = Scope(region=law.region, regimes=item.regimes)
    return [
        {
            "name": rule.name,
            "match": {
                "regime": rule.match.regime,
                "level": rule.match.level,
                "subtype": rule.match.subtype,
                "credit_class": rule.match.credit_class,
            },
            "rate": planned.rate,
            "min": rule.minimum,
            "surprise": rule.surprise,
            "surprise_per": rule.surprise_per,
        }
        for rule in policy_strata(law.policy, scope, item=item.code)
    ]
