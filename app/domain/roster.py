"""The roster 名录库 of a draw: facts of the registers become DR1 lines, one for each premises."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.plan import Stratum
from app.domain.duties.merging import Merge
from app.domain.duties.windows import Window
from app.domain.facts import Premises
from app.domain.policy import StratumRule
from app.domain.roster_lines import RosterLines
from app.domain.roster_rules import RosterRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The lines of a draw and what stood in their way.

    Attributes:
        lines: in byte order of their ids.
        strata: those that have lines, sorted by name, as the DR1 plan states them.
        empty_strata: names of strata that ended up without lines; a DR1 plan cannot have them.
        unmatched: ids of premises with a registration that fits no stratum.
        ungraded: ids of premises with a registration that needs a level and has none.
        not_seen: ids of premises that the last full import left out; they stay in.
        places: (region, station) of the lines, each once.
        undecided: ids of premises where duty and annual cap collide and nobody has decided which yields.
        mergeable: the duties of other items that a visit could meet, by id of the premises.
        straddled: windows that the draw's visits leave for the next one.
        unclassed: ids of premises with a registration that needs a class of credit risk and has none.
        visit_open: ids of premises that can be drawn while a visit of the item is open there still.
    """

    lines: tuple[RosterLine, ...]
    strata: tuple[Stratum, ...]
    empty_strata: tuple[str, ...]
    unmatched: tuple[str, ...]
    ungraded: tuple[str, ...]
    not_seen: tuple[str, ...]
    places: frozenset[tuple[str, str | None]]
    undecided: tuple[str, ...] = ()
    mergeable: dict[str, Merge] = field(default_factory=dict)
    straddled: tuple[Window, ...] = ()
    unclassed: tuple[str, ...] = ()
    visit_open: tuple[str, ...] = ()


_MARKS: Final = ("unmatched", "ungraded", "unclassed", "not_seen", "undecided", "visit_open")
"""Lists of a roster that name premises."""


def build_roster(premises: Iterable[Premises], rules: RosterRules) -> Roster:
    """Build the roster; the order of the premises does not matter, and none is kept.

    Args:
        premises: each once, with all its registrations.
        rules: the item, the plan's scope and strata, the policy and the days.
    """
    lines: list[RosterLine] = []
    marked: dict[str, list[str]] = {name: [] for name in _MARKS}
    places: set[tuple[str, str | None]] = set()
    mergeable: dict[str, Merge] = {}
    made = RosterLines(rules)
    line_of = made.of if rules.credit is None else partial(made.of_classed, credit=rules.credit)
    for one in premises:
        found = line_of(one)
        if found.unmatched:
            marked["unmatched"].append(one.id)
        if found.ungraded:
            marked["ungraded"].append(one.id)
        if found.unclassed:
            marked["unclassed"].append(one.id)
        if found.line is None:
            continue
        lines.append(found.line)
        places.add((one.region, one.station))
        if found.not_seen:
            marked["not_seen"].append(one.id)
        if found.undecided:
            marked["undecided"].append(one.id)
        if found.merge is not None:
            mergeable[one.id] = found.merge
        if one.open_visits and found.line.tickets and _open(one, rules):
            marked["visit_open"].append(one.id)
    lines.sort(key=lambda line: line.id)
    strata, empty = _strata_with_lines(lines, rules.rules)
    return Roster(
        lines=tuple(lines),
        strata=strata,
        empty_strata=empty,
        **{name: tuple(sorted(ids)) for name, ids in marked.items()},
        places=frozenset(places),
        mergeable=dict(sorted(mergeable.items())),
        straddled=made.duties.straddled(),
    )


def _open(premises: Premises, rules: RosterRules) -> bool:
    """Whether a visit of an earlier draw of the item can still be made: nothing is owed."""
    return any(rules.item in one.items and one.open_on(rules.on) for one in premises.open_visits)


def _strata_with_lines(
    lines: Iterable[RosterLine], rules: Iterable[StratumRule]
) -> tuple[tuple[Stratum, ...], tuple[str, ...]]:
    sizes: dict[str, int] = {}
    for line in lines:
        sizes[line.stratum] = sizes.get(line.stratum, 0) + 1
    by_name = {rule.name: rule for rule in rules}
    strata = tuple(_stratum(by_name[name], size) for name, size in sorted(sizes.items()))
    return strata, tuple(sorted(by_name.keys() - sizes.keys()))


def _stratum(rule: StratumRule, size: int) -> Stratum:
    by_size = -(-size // rule.surprise_per) if rule.surprise_per else 0
    return Stratum(
        name=rule.name,
        rate_p=rule.rate_p,
        rate_q=rule.rate_q,
        minimum=rule.minimum,
        surprise=rule.surprise + by_size,
    )
