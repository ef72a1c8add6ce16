"""Ranks 考核排名 of units, by a rule that is data (`app/seeds/ranking`).

Units are compared by the measures of the rule in their order, in the seeded document: the larger share kept
in time first, where that is equal the smaller share missed. Who is equal in all of them shares a rank, and
as many ranks after it are left out: 1, 2, 2, 4. Who has nothing that can be judged yet has no rank. A unit's
place in a month is among those that owed the same kind of thing in it; over a period every obligation of
whatever kind weighs the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeVar

from app.domain.oversight.league import Figures, Owed, Standing

_SIGN: Final = {"high": -1, "low": 1}
_MEASURES: Final = ("kept_bp", "missed_bp", "late_bp")


One = TypeVar("One", bound=Figures)


@dataclass(frozen=True, slots=True)
class RankRule:
    """The measures by which units are compared, the first first; `sign` -1: the largest is best."""

    order: tuple[tuple[str, int], ...]


def rank_rule(document: Mapping[str, Any]) -> RankRule:
    """Read a document of the rule.

    Raises:
        KeyError: it names no such best end.
        ValueError: it names no such measure.
    """
    order = tuple((one["measure"], _SIGN[one["best"]]) for one in document["order"])
    if unknown := [name for name, _ in order if name not in _MEASURES]:
        raise ValueError(f"no such measures: {unknown}")
    return RankRule(order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Figures):
    """All that a unit owed over a period, of every kind."""


_FIGURES: Final = ("due", "met", "late", "missed", "open", "excused")


def totals(table: Iterable[Standing]) -> tuple[Total, ...]:
    """Add a table up by unit, in order of their codes."""
    units: dict[tuple[str, str], list[Standing]] = {}
    for row in table:
        units.setdefault((row.region, row.station), []).append(row)
    return tuple(
        Total(
            region=region,
            station=station,
            **{name: sum(map(attrgetter(name), rows)) for name in _FIGURES},
        )
        for (region, station), rows in sorted(units.items())
    )


def ranked(units: Sequence[One], rule: RankRule) -> dict[One, int | None]:
    """Give each unit's rank among all of these, from 1; None: nothing of it can be judged."""
    key = _key(rule)
    placed = sorted((one for one in units if one.judged), key=key)
    ranks: dict[One, int | None] = dict.fromkeys(units)
    for place, one in enumerate(placed):
        equal = place > 0 and key(placed[place - 1]) == key(one)
        ranks[one] = ranks[placed[place - 1]] if equal else place + 1
    return ranks


def ranked_by_month(table: Iterable[Standing], rule: RankRule) -> dict[Standing, int | None]:
    """Give the rank of each row among those of its month and kind."""
    groups: dict[tuple[str, Owed], list[Standing]] = {}
    for row in table:
        groups.setdefault((row.month, row.kind), []).append(row)
    ranks: dict[Standing, int | None] = {}
    for rows in groups.values():
        ranks |= ranked(rows, rule)
    return ranks


def _key(rule: RankRule) -> Callable[[Figures], tuple[int, ...]]:
    def key(one: Figures) -> tuple[int, ...]:
        return tuple(sign * getattr(one, name) for name, sign in rule.order)

    return key
