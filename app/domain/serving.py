"""Who serves in a draw, and who keeps away from where: eligibility, recusals, load and rotation together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.draw.basics.lines import Recusal
from app.domain.duties.merging import Merge
from app.domain.eligibility import REGIME, Eligible, Visits, eligible_inspectors
from app.domain.exclusions import Exclusions
from app.domain.facts import DeclaredRecusal, Officer, PlacedVisit
from app.domain.merged_roster import merge_duties
from app.domain.policy import Policy
from app.domain.preflight import StratumForecast, drawn, forecast_strata
from app.domain.recusals import grounds_in_force
from app.domain.roster import Roster
from app.domain.rotation import IN_ORDER, last_teams, rotation
from app.domain.staffing import Staffing, staffing


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The inspectors of a draw.

    Attributes:
        eligible: who may serve, and who may not.
        recusals: pairs kept apart, rotation included, sorted.
        exclusions: everything of this that keeps somebody out or away, with its reason.
        there: slots and inspectors.
        forecasts: what the draw would want of each stratum.
        roster: the lines, with the tags of what is merged among their needs.
        merges: the duties of other items that visits carry, by DR1 entity id.
    """

    eligible: Eligible
    recusals: tuple[Recusal, ...]
    exclusions: Exclusions
    there: Staffing
    forecasts: tuple[StratumForecast, ...]
    roster: Roster
    merges: Mapping[str, Merge]


def who_serves(
    roster: Roster,
    *,
    visits: Visits,
    slots: Sequence[tuple[str, ...]],
    policy: Policy,
    officers: Iterable[Officer],
    declared: Iterable[DeclaredRecusal],
    taken: Mapping[str, int],
    last_visits: Iterable[PlacedVisit],
) -> Serving:
    """Find everyone who may serve a roster, and every pair to keep apart.

    Args:
        roster: the lines as they stand.
        visits: when and where.
        slots: tags of each place in a team; none: a single-random draw.
        policy: the numbers.
        officers: all registered ones, of any region.
        declared: all declared grounds for recusal.
        taken: drawn visits that the period of the load has brought already, by code.
        last_visits: at least each agency's latest at each premises.
    """
    eligible = eligible_inspectors(
        officers,
        visits=visits,
        slots=slots,
        regimes=_regimes_asked(roster, slots),
        places=roster.places,
        load=policy.staffing.load,
        taken=taken,
    )
    grounds = grounds_in_force(
        declared,
        visits=visits,
        policy=policy,
        inspectors={inspector.id for inspector in eligible.inspectors},
        entities={line.id for line in roster.lines},
    )
    recused = {Recusal(ground.inspector, ground.entity) for ground in grounds}
    there = staffing(slots=slots, inspectors=eligible.inspectors, spare_times=policy.spare_times)
    forecasts = forecast_strata(roster)
    wanted = drawn(forecasts)
    roster, merges = merge_duties(roster, there=there, recusals=recused, drawn=wanted, rule=policy.merging)
    rotated = rotation(
        (line for line in roster.lines if line.tickets),
        teams=last_teams(last_visits, most=policy.staffing.rotation_visits),
        recusals=recused,
        there=there,
        drawn=wanted,
    )
    return Serving(
        roster=roster,
        merges=merges,
        eligible=eligible,
        recusals=tuple(sorted({*recused, *rotated.kept}, key=IN_ORDER)),
        exclusions=Exclusions(
            officers=eligible.excluded,
            caps=eligible.reduced,
            grounds=grounds,
            rotation=rotated,
            missed=eligible.missed,
        ),
        there=there,
        forecasts=forecasts,
    )


def _regimes_asked(roster: Roster, slots: Sequence[tuple[str, ...]]) -> set[str]:
    """Give the regimes that lines, what could be merged into them, or places ask for."""
    groups = {line.needs for line in roster.lines} | {merge.tags for merge in roster.mergeable.values()}
    tags = {tag for group in groups | set(slots) for tag in group}
    return {tag.removeprefix(REGIME) for tag in tags if tag.startswith(REGIME)}
