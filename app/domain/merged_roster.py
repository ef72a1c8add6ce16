"""The roster after merging 综合查一次: a line whose visit meets other duties needs their tags too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from app.domain.draw.basics.lines import Inspector
from app.domain.duties.merging import Merge, merged
from app.domain.policies.merging import MergingRule
from app.domain.roster import Roster

NOTHING_MERGED: Mapping[str, Merge] = MappingProxyType({})


def merge_duties(
    roster: Roster, inspectors: Sequence[Inspector], *, places: int, rule: MergingRule | None
) -> tuple[Roster, Mapping[str, Merge]]:
    """Merge what can be merged; gives the roster with the tags joined, and the merges by id.

    Args:
        roster: with what its visits could meet besides their own duty.
        inspectors: who may serve.
        places: the size of a team; 0 in a single-random draw.
        rule: of the policy; None: nothing is merged.
    """
    if rule is None or not roster.mergeable:
        return roster, NOTHING_MERGED
    needs = {line.id: line.needs for line in roster.lines if line.id in roster.mergeable}
    found = merged(roster.mergeable, needs=needs, inspectors=inspectors, places=places, rule=rule)
    lines = tuple(
        replace(line, needs=tuple(sorted({*line.needs, *found[line.id].tags}))) if line.id in found else line
        for line in roster.lines
    )
    return replace(roster, lines=lines), found
