"""Annual caps 年度检查频次上限: whose visits of a year count, and when they are used up (mission/rules.md).

«Annual cap: visits per entity, agency level and year.» A joint visit 联合抽查 is one by each of its agencies:
the cap of each counts; and a city that plans across its counties keeps to the caps that these published. The
strictest holds.

Reading: a cap counts the visits of an agency at the level of government that draws. A county's visits use up
no city's cap, and the city's none of the county's. A visit of a register that does not say whose level it was
counts at every level: a business is never visited more often than a level published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.authorities import Authority
from app.domain.facts import OpenVisit, Premises, Visit
from app.domain.policy import AnnualCap
from app.domain.regions import covers


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCap:
    """An annual cap as it holds somewhere.

    Attributes:
        region: where, as a code or prefix.
        authority: whose visits it counts.
        cap: the rule.
    """

    region: str
    authority: Authority
    cap: AnnualCap

    def reached(self, premises: Premises, *, year: int, on: date, sure: Iterable[OpenVisit] = ()) -> bool:
        """Tell whether a premises has had the visits of a year that the cap allows.

        Args:
            premises: with its visits; drawn ones without an end count as if made.
            year: the calendar year.
            on: the day up to which visits are known.
            sure: visits that draws still to be drawn will surely bring.
        """
        most = self.cap.visits
        if most is None or not covers(self.region, premises.region):
            return False
        used = used_up(premises, cap=self.cap, authority=self.authority, year=year, on=on)
        for one in (*premises.open_visits, *sure):
            used += self.authority.holds(one) and one.visit_to.year == year and one.open_on(on)
        return used >= most


def used_up(premises: Premises, *, cap: AnnualCap, authority: Authority, year: int, on: date) -> int:
    """Count the visits of a year, known on a day, that an annual cap counts."""
    known = (visit for visit in premises.visits if visit.on <= on)
    return visits_in_year(known, cap, authority=authority, year=year)


def visits_in_year(visits: Iterable[Visit], cap: AnnualCap, *, authority: Authority, year: int) -> int:
    """Count the visits of an authority in a year that an annual cap counts.

    One visit that carried several items (综合查一次) stands on file for each of them and is one visit still.
    One that found nobody (04) counts: of what does not the rule lists kinds of visits, and no result.
    """
    return len(
        {
            (visit.on, visit.kind)
            for visit in visits
            if visit.on.year == year and authority.made(visit) and visit.kind not in cap.exempt_kinds
        }
    )
