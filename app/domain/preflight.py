"""What a plan would meet if it were drawn now: sizes, what makes it impossible, what makes it doubtful.

Errors keep a plan from approval and commitment; warnings are for the approver to weigh (mission/rules.md,
«Teams»). Each finding has a code and the values that its text needs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.draw.basics.lines import Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import cover, quota
from app.domain.eligibility import Eligible
from app.domain.facts import UnconfirmedRecusal
from app.domain.findings import Finding
from app.domain.policy import Policy
from app.domain.roster import Roster
from app.domain.rotation import Rotation
from app.domain.staffing import Staffing, capacity_findings, team_findings

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
    forecasts: tuple[StratumForecast, ...],
    recusals: Sequence[Recusal],
    rotation: Rotation,
    suspected: Iterable[UnconfirmedRecusal],
    there: Staffing,
    policy: Policy,
    levels_filtered: bool,
    visit_to: date,
    today: date,
) -> Preflight:
    """Look ahead.

    Args:
        roster: the lines as they stand.
        eligible: who may serve, and who may not.
        forecasts: of the roster's strata.
        recusals: those in force, rotation included.
        rotation: whom it keeps apart, and where it gave way.
        suspected: grounds for recusal that nobody has decided on.
        there: slots and inspectors; no slots: a single-random draw.
        policy: the numbers.
        levels_filtered: whether the plan names levels, so that a registration without one is out of scope.
        visit_to: the last day of the visits.
        today: the day of the preflight.
    """
    drawable = [line for line in roster.lines if line.tickets]
    team_errors, team_warnings = team_findings(drawable, recusals, there)
    capacity = list(capacity_findings(drawable, drawn(forecasts), there))
    ungraded = list(_premises("no-level", roster.ungraded))
    return Preflight(
        lines=len(roster.lines),
        by_stratum=forecasts,
        errors=(
            *([] if roster.lines else [Finding("no-lines")]),
            *_premises("unmatched", roster.unmatched),
            *([] if levels_filtered else ungraded),
            *_premises("no-credit-class", roster.unclassed),
            *_premises("collision-undecided", roster.undecided),
            *team_errors,
        ),
        warnings=(
            *(ungraded if levels_filtered else []),
            *([Finding("visits-past", {"visit_to": visit_to.isoformat()})] if visit_to < today else []),
            *_straddling(roster),
            *_premises("visit-open", roster.visit_open),
            *_premises("not-seen", roster.not_seen),
            *_stratum_warnings(roster, forecasts, policy),
            *team_warnings,
            *capacity,
            *_would_help(eligible, [*team_errors, *team_warnings, *capacity]),
            *_premises("rotation-gives-way", rotation.lines),
            *_inspector_warnings(eligible),
            *_suspicions(suspected, roster, eligible),
        ),
    )


def forecast_strata(roster: Roster) -> tuple[StratumForecast, ...]:
    """Give what DR1 section 5 would want of each stratum of a roster."""
    members: dict[str, list[RosterLine]] = {stratum.name: [] for stratum in roster.strata}
    for line in roster.lines:
        members[line.stratum].append(line)
    return tuple(_forecast(stratum, members[stratum.name]) for stratum in roster.strata)


def drawn(forecasts: Iterable[StratumForecast]) -> dict[str, int]:
    """Give how many lines of each stratum would be drawn."""
    return {forecast.stratum.name: forecast.drawn for forecast in forecasts}


def _forecast(stratum: Stratum, members: Sequence[RosterLine]) -> StratumForecast:
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


def _straddling(roster: Roster) -> Iterator[Finding]:
    """The draws that serve a window have their visits inside it (mission/rules.md, «Windows»)."""
    for window in roster.straddled:
        yield Finding("visits-straddle", {"months": window.months, "ends_on": window.ends_on.isoformat()})


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


def _would_help(eligible: Eligible, shortages: Iterable[Finding]) -> Iterator[Finding]:
    """Name who was left out for what can be mended, and has what binds (B5)."""
    binding = {tags for shortage in shortages for tags in _binding(shortage)}
    reasons = {exclusion.inspector: exclusion.reason for exclusion in eligible.excluded}
    able: dict[str, list[str]] = defaultdict(list)
    for one in eligible.missed:
        if any(tags <= {*one.tags} for tags in binding):
            able[reasons[one.id]].append(one.id)
    for reason, codes in sorted(able.items()):
        yield Finding(f"would-help-{reason}", {"count": len(codes), "inspectors": codes[:_MOST_EXAMPLES]})


def _binding(shortage: Finding) -> Iterator[frozenset[str]]:
    """Give the sets of tags of which a further inspector would need one to ease a shortage."""
    values = shortage.values
    match shortage.code:
        case "no-inspectors":
            yield frozenset()
        case "capacity" | "capacity-expected":
            yield from (frozenset(tags) for tags in _listed(values["tags"]))
        case _:
            yield from (frozenset({tag}) for tag in _listed(values.get("missing", values.get("binds", []))))


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _inspector_warnings(eligible: Eligible) -> Iterator[Finding]:
    reasons = Counter(exclusion.reason for exclusion in eligible.excluded)
    for reason, count in sorted(reasons.items()):
        yield Finding(f"inspectors-{reason}", {"count": count})
    if eligible.reduced:
        codes = [one.inspector for one in eligible.reduced]
        yield Finding("inspectors-load-reduced", {"count": len(codes), "examples": codes[:_MOST_EXAMPLES]})
    if eligible.unrestricted:
        yield Finding("inspectors-unrestricted", {"count": len(eligible.unrestricted)})
    if eligible.not_seen:
        yield Finding("inspectors-not-seen", {"count": len(eligible.not_seen)})


def _suspicions(
    suspected: Iterable[UnconfirmedRecusal], roster: Roster, eligible: Eligible
) -> Iterator[Finding]:
    """Name suspected recusals between the inspectors and the premises of this draw: they exclude nobody."""
    codes = {inspector.id for inspector in eligible.inspectors}
    lines = {line.id for line in roster.lines}
    found = sorted(
        f"{one.inspector}×{one.entity or one.region + (one.station or '')}"
        for one in suspected
        if one.inspector in codes
        and (one.entity in lines if one.entity else (one.region, one.station) in roster.places)
    )
    yield from _premises("suspected-recusals", found)
