"""The parts of a joint inspection 联合抽查: each agency sees and answers its own, the lead agency the whole.

Entries of a joint visit's checklist say whose they are. What lies outside the checklist, the result codes,
the statement and the signature belong to the whole visit, and so to the lead agency.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.errors import FieldError
from app.domain.fieldwork.record import Answer, Finding, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one agency has to do with a joint visit: whether it leads, and the ids of its entries."""

    agency: str
    lead: bool
    entries: frozenset[str]

    def owns(self, entry: str | None) -> bool:
        """Tell whether an entry, or what lies outside the checklist (None), is this agency's to answer."""
        return self.lead if entry is None else entry in self.entries

    def owns_of(self, agency: str | None) -> bool:
        """Tell whether a piece of evidence is this agency's; what is no agency's is the lead's."""
        return self.lead if agency is None else agency == self.agency

    def sees_of(self, agency: str | None) -> bool:
        """Tell whether a piece of evidence is shown to this agency: its own; to the lead all."""
        return self.lead or self.owns_of(agency)

    def sees(self, entry: str | None) -> bool:
        """Tell whether an entry is shown to this agency: its own; to the lead all."""
        return self.lead or self.owns(entry)


def part_of(
    checklist: Iterable[Mapping[str, Any]], *, agencies: Sequence[str] | None, agency: str | None
) -> Part | None:
    """Give an agency's part in a visit; None where the whole is one, or the caller belongs to none of them.

    Args:
        checklist: of the visit.
        agencies: those of a joint visit, the lead first; None of any other visit.
        agency: the caller's.
    """
    if agencies is None or agency not in agencies:
        return None
    own = frozenset(entry["id"] for entry in checklist if entry.get("agency") == agency)
    return Part(agency=agency or "", lead=agency == agencies[0], entries=own)


def seen_checklist(part: Part | None, checklist: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the entries that an agency sees."""
    return [entry for entry in checklist if part is None or part.sees(entry["id"])]


def seen_record(part: Part | None, record: Record) -> Record:
    """Give the record as an agency sees it: its answers and findings, and what is of the whole visit."""
    if part is None:
        return record
    return replace(
        record,
        answers=tuple(one for one in record.answers if part.sees(one.entry)),
        findings=tuple(one for one in record.findings if part.sees(one.entry)),
    )


def foreign_faults(part: Part, *, current: Record, offered: Record) -> list[FieldError]:
    """Say what an agency offers that is another's to say; nothing when it keeps to its part.

    What others have answered may be sent back as it stands, so that the lead agency can send the whole.

    Args:
        part: the agency's.
        current: the record as it stands.
        offered: what is sent.
    """
    return [
        *_foreign("answers", part, current.answers, offered.answers),
        *_foreign("findings", part, current.findings, offered.findings),
        *(() if part.lead else _whole_faults(current, offered)),
    ]


def _foreign(
    place: str, part: Part, current: Sequence[Answer | Finding], offered: Sequence[Answer | Finding]
) -> Iterator[FieldError]:
    for n, one in enumerate(offered):
        if not part.owns(one.entry) and one not in current:
            values = (("entry", one.entry or "-"), ("agency", part.agency))
            yield FieldError(f"/{place}/{n}/entry", "other-agencys-part", values)


def _whole_faults(current: Record, offered: Record) -> Iterator[FieldError]:
    for name, nothing in (("statement", None), ("signature", None), ("codes", ())):
        if getattr(offered, name) not in (nothing, getattr(current, name)):
            yield FieldError(f"/{name}", "lead-agencys-part")


def taken(part: Part | None, *, current: Record, offered: Record) -> Record:
    """Give the record after an agency has sent its part: the others' answers stay as they are.

    Args:
        part: the agency's; None: the whole record is replaced.
        current: the record as it stands.
        offered: what was sent, without `foreign_faults`.
    """
    if part is None:
        return offered
    base = offered if part.lead else current
    return replace(
        base,
        answers=(
            *(one for one in current.answers if not part.owns(one.entry)),
            *(one for one in offered.answers if part.owns(one.entry)),
        ),
        findings=(
            *(one for one in current.findings if not part.owns(one.entry)),
            *(one for one in offered.findings if part.owns(one.entry)),
        ),
    )


def agency_of(checklist: Iterable[Mapping[str, Any]], *, item: str, default: str) -> str:
    """Give the agency that inspects an item at a visit: as its entries say, else the visit's own."""
    named = (entry["agency"] for entry in checklist if entry.get("item") == item)
    return next(named, default)


def only_item(checklist: Iterable[Mapping[str, Any]]) -> str | None:
    """Give the one item that a checklist is about; None where it is about several, or does not say."""
    items = {entry.get("item") for entry in checklist}
    return items.pop() if len(items) == 1 else None
