"""Who inspects 执法主体: an agency at its level of government."""

from dataclasses import dataclass

from app.domain.facts import OpenVisit, Visit
from app.domain.regions import Level, level_of


@dataclass(frozen=True, slots=True)
class Authority:
    """An agency 部门 at a level of government 行政层级: whose visits one annual cap counts.

    Attributes:
        agency: its code.
        level: province, city or county.
        items: codes of its inspection items, where open visits are asked about: one led by another agency is
            its own too where it carries any of them.
    """

    agency: str
    level: Level
    items: frozenset[str] = frozenset()

    @classmethod
    def of(cls, agency: str, region: str, items: frozenset[str] = frozenset()) -> "Authority":
        """Give an agency at the level of a region's government."""
        return cls(agency, level_of(region), items)

    def made(self, visit: Visit) -> bool:
        """Tell whether a visit is its own; one of which no level is known counts at every level."""
        return visit.agency == self.agency and visit.level in {None, self.level}

    def holds(self, visit: OpenVisit) -> bool:
        """Tell whether a visit without an end is its own, or will be for one of its items."""
        shared = visit.agency == self.agency or not self.items.isdisjoint(visit.items)
        return shared and visit.level in {None, self.level}
