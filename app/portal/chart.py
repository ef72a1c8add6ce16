"""A bar chart as numbers for a template: how long each bar is and where it lies; no script draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_BAR, _GAP, _LABEL, _WIDTH = 14, 16, 170, 520


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: `kind` names its colour, `y` is its upper edge, `width` its length for the number `value`."""

    kind: str
    y: int
    width: float
    value: int


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one row of the table, beside its label."""

    label: str
    y: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups of bars, all to one scale; `left` is where bars begin."""

    width: int
    height: int
    left: int
    groups: Sequence[Group]


def bar_chart(rows: Sequence[Mapping[str, Any]], *, label: str, kinds: Sequence[str]) -> Chart:
    """A chart of rows: one group each, one bar for each kind of number."""
    most = max((row[kind] for row in rows for kind in kinds), default=0) or 1
    step = _BAR * len(kinds) + _GAP
    groups = [
        Group(
            str(row[label]),
            place * step + step // 2,
            [
                Bar(kind, place * step + _GAP // 2 + n * _BAR, round(_WIDTH * row[kind] / most, 1), row[kind])
                for n, kind in enumerate(kinds)
            ],
        )
        for place, row in enumerate(rows)
    ]
    return Chart(_LABEL + _WIDTH + 60, step * len(rows) or step, _LABEL, groups)
