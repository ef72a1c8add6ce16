"""When the freeze merges duties of a premises into one visit 综合查一次."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MergingRule:
    """The section `merging` of a policy.

    Attributes:
        within_days: other duties that fall due within so many days after the visits are merged.
        spare_times: so many times the team size must qualify for everything together.
        basis: why.
    """

    within_days: int
    spare_times: int
    basis: str


def parse_merging(document: Mapping[str, Any]) -> MergingRule | None:
    """Read the section `merging` of a policy document; None where it has none: nothing is merged.

    Raises:
        KeyError: the section lacks a member.
    """
    section = document.get("merging")
    if section is None:
        return None
    return MergingRule(
        within_days=section["within_days"], spare_times=section["spare_times"], basis=section["basis"]
    )
