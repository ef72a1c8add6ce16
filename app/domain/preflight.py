"""What a plan would meet if it were drawn now: sizes, what makes it impossible, what makes it doubtful.

Errors keep a plan from approval and commitment; warnings are for the approver to weigh (mission/rules.md,
«Teams»). Each finding has a code and the values that its text needs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.draw.lines import Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import cover, quota
from app.domain.eligibility import Eligible
from app.domain.findings import Finding
from app.domain.policy import Policy
from app.domain.roster import Roster
from app.domain.staffing import capacity_findings, staffing, team_findings

_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumForecast:
    """What DR1 section 5 would want of a stratum."""

    stratum: Stratum
    size: int
    drawable: int
    quota: int
    cover: int
    wanted: int

    @property
    def drawn(self) -> int:
        """How many lines would be drawn."""
        return min(self.wanted, self.drawable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The result of a preflight 预检."""

    lines: int
    by_stratum: tuple[StratumForecast, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def preflight(
    roster: Roster,
    eligible: Eligible,
    *,
    recusals: Sequence[Recusal],
    slots: Sequence[tuple[str, ...]],
    policy: Policy,
    levels_filtered: bool,
    visit_to: date,
    today: date,
) -> Preflight:
    """Look ahead.

    Args:
        roster: the lines as they stand.
        eligible: who may serve, and who may not.
        recusals: those in force.
        slots: tags of each place in a team; none: a single-random draw.
        policy: the numbers.
        levels_filtered: whether the plan names levels, so that a registration without one is out of scope.
        visit_to: the last day of the visits.
        today: the day of the preflight.
    """
    drawable = [line for line in roster.lines if line.tickets]
    forecasts = tuple(_forecast(stratum, roster.lines) for stratum in roster.strata)
    there = staffing(slots=slots, inspectors=eligible.inspectors, spare_times=policy.spare_times)
    team_errors, team_warnings = team_findings(drawable, recusals, there)
    drawn = {forecast.stratum.name: forecast.drawn for forecast in forecasts}
    ungraded = list(_premises("no-level", roster.ungraded))
    return Preflight(
        lines=len(roster.lines),
        by_stratum=forecasts,
        errors=(
            *([] if roster.lines else [Finding("no-lines")]),
            *_premises("unmatched", roster.unmatched),
            *([] if levels_filtered else ungraded),
            *team_errors,
        ),
        warnings=(
            *(ungraded if levels_filtered else []),
            *([Finding("visits-past", {"visit_to": visit_to.isoformat()})] if visit_to < today else []),
            *_premises("not-seen", roster.not_seen),
            *_stratum_warnings(roster, forecasts, policy),
            *team_warnings,
            *capacity_findings(drawable, drawn, there),
            *_inspector_warnings(eligible),
        ),
    )


def _forecast(stratum: Stratum, lines: Iterable[RosterLine]) -> StratumForecast:
    members = [line for line in lines if line.stratum == stratum.name]
    owed, by_rate = cover(line.draws_left for line in members), quota(len(members), stratum)
    return StratumForecast(
        stratum=stratum,
        size=len(members),
        drawable=sum(line.tickets > 0 for line in members),
        quota=by_rate,
        cover=owed,
        wanted=max(by_rate, owed + stratum.surprise),
    )


def _premises(code: str, ids: Sequence[str]) -> Iterator[Finding]:
    if ids:
        yield Finding(code, {"count": len(ids), "examples": list(ids[:_MOST_EXAMPLES])})


def _stratum_warnings(
    roster: Roster, forecasts: Iterable[StratumForecast], policy: Policy
) -> Iterator[Finding]:
    for name in roster.empty_strata:
        yield Finding("empty-stratum", {"stratum": name})
    for forecast in forecasts:
        name = forecast.stratum.name
        if forecast.size < policy.small_stratum_lines:
            values = {"stratum": name, "lines": forecast.size, "least": policy.small_stratum_lines}
            yield Finding("small-stratum", values)
        if forecast.wanted > forecast.drawable:
            values = {"stratum": name, "wanted": forecast.wanted, "drawable": forecast.drawable}
            yield Finding("short-stratum", values)


def _inspector_warnings(eligible: Eligible) -> Iterator[Finding]:
    reasons = Counter(exclusion.reason for exclusion in eligible.excluded)
    for reason, count in sorted(reasons.items()):
        yield Finding(f"inspectors-{reason}", {"count": count})
    if eligible.unrestricted:
        yield Finding("inspectors-unrestricted", {"count": len(eligible.unrestricted)})
    if eligible.not_seen:
        yield Finding("inspectors-not-seen", {"count": len(eligible.not_seen)})
