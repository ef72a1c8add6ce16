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
    """

    agency: str
    level: Level

    @classmethod
    def of(cls, agency: str, region: str) -> "Authority":
        """Give an agency at the level of a region's government."""
        return cls(agency, level_of(region))

    def made(self, visit: Visit | OpenVisit) -> bool:
        """Tell whether a visit counts as its own; one of which no level is known counts at every level."""
        return visit.agency == self.agency and visit.level in {None, self.level}
