"""What came of a visit: the whole of it, as the bureau knows it, before anything is made public."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.fieldwork.record import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """A disposition 后续处置 as a result shows it; `finding`: ref of what it answers, None the visit."""

    id: str
    kind: str
    finding: str | None
    due_on: date | None
    amount_cny: int | None
    months: int | None
    state: str
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOfficer:
    """An officer of the team: the code under which the register keeps him, and his agency."""

    code: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitResult:
    """The result 检查结果 of one visit.

    Attributes:
        visit_id: id of the visit.
        kind: `drawn`, or why it took place without a draw.
        draw_id: the draw that it comes from, if any.
        period: the draw's period, if any.
        item: code of the inspection item.
        item_version: version under which it was made.
        region: GB/T 2260 code.
        entity_key: DR1 entity id.
        entity_name: name at the opening.
        regimes: regimes 监管类别 of the visit.
        ended_on: the day it ended; the publication clock runs from it.
        codes: result codes, sorted; `04` alone for an entity that was out of reach.
        findings: what was found.
        dispositions: what followed, in the order recorded.
        officers: the team, by place.
        submitted_by: id of the caller who submitted the record.
        statement: whether the inspected party made a statement.
        signature: `signed`, `refused`, or None where nobody was there to sign.
        revision: of the record, which every correction raises; 0 without a record.
        items: codes of all items that it carried, its own first.
        agencies: those of a joint inspection 联合抽查, the lead first; none of any other.
        entry_agencies: whose each entry of a joint visit's checklist is.
    """

    visit_id: str
    kind: str
    draw_id: str | None
    period: str | None
    item: str
    item_version: int
    region: str
    entity_key: str
    entity_name: str
    regimes: tuple[str, ...]
    ended_on: date | None
    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    dispositions: tuple[Consequence, ...]
    officers: tuple[TeamOfficer, ...]
    submitted_by: str | None
    statement: bool
    signature: str | None
    revision: int
    items: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    entry_agencies: Mapping[str, str] = field(default_factory=dict)

    def agency_of(self, entry: str | None) -> str:
        """Whose finding at an entry of a joint visit it is; outside the checklist it is the lead agency's."""
        return self.entry_agencies.get(entry or "", self.agencies[0])
