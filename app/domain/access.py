"""Who may do what: roles and acts as data (spec/api.md, «Who may do what»).

Every route names one act; an act lists the roles that hold it. Nothing outside a caller's region prefix is
visible, and separation of duties (职责分离) is checked where the act knows who went before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Roles 角色 of callers."""

    REGISTRAR = "registrar"
    PLANNER = "planner"
    APPROVER = "approver"
    WITNESS = "witness"
    DISPATCHER = "dispatcher"
    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    CREDIT_OFFICER = "credit_officer"
    APPEAL_OFFICER = "appeal_officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    BUREAU = "bureau"
    ADMIN = "admin"


PUBLIC = "public"
"""The act that needs no key."""

_READERS = (Role.REGISTRAR, Role.PLANNER, Role.APPROVER, Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR)
_RECORD_READERS = (Role.INSPECTOR, Role.REVIEWER, Role.APPROVER, Role.AUDITOR)

ACTS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "registers.read": frozenset(_READERS),
        "registers.write": frozenset({Role.REGISTRAR}),
        "jobs.read": frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.AUDITOR}),
        "items.read": frozenset(Role) - {Role.BUREAU},
        "plans.read": frozenset(_READERS) | {Role.WITNESS},
        "plans.write": frozenset({Role.PLANNER}),
        "plans.approve": frozenset({Role.APPROVER}),
        "draws.read": frozenset(_READERS) | {Role.WITNESS},
        "draws.commit": frozenset({Role.PLANNER}),
        "draws.entropy": frozenset({Role.WITNESS}),
        "draws.selection": frozenset({Role.DISPATCHER, Role.AUDITOR, Role.SUPERVISOR}),
        "draws.proof": frozenset({Role.REGISTRAR, Role.PLANNER, Role.SUPERVISOR, Role.AUDITOR}),
        "draws.reveal": frozenset({Role.DISPATCHER}),
        "draws.void": frozenset({Role.PLANNER}),
        "draws.void.approve": frozenset({Role.APPROVER}),
        "draws.record": frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR}),
        "draws.record.audit": frozenset({Role.AUDITOR}),
        "visits.read": frozenset(
            {
                *(Role.INSPECTOR, Role.DISPATCHER, Role.PLANNER),
                *(Role.APPROVER, Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR),
            }
        ),
        "visits.work": frozenset({Role.INSPECTOR}),
        "visits.request": frozenset({Role.PLANNER}),
        "visits.approve": frozenset({Role.APPROVER}),
        "visits.staff": frozenset({Role.DISPATCHER}),
        "records.read": frozenset(_RECORD_READERS) | {Role.SUPERVISOR},
        "records.write": frozenset({Role.INSPECTOR}),
        "evidence.read": frozenset(_RECORD_READERS),
        "evidence.write": frozenset({Role.INSPECTOR}),
        "dispositions.read": frozenset(_RECORD_READERS) | {Role.SUPERVISOR, Role.DISPATCHER},
        "dispositions.write": frozenset({Role.INSPECTOR}),
        "dispositions.reinspect": frozenset({Role.INSPECTOR, Role.DISPATCHER}),
        "dispositions.deal": frozenset({Role.AUDITOR}),
        "publications.read": frozenset(
            {
                *(Role.INSPECTOR, Role.REVIEWER, Role.APPROVER),
                *(Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR),
            }
        ),
        "publications.submit": frozenset({Role.INSPECTOR}),
        "publications.review": frozenset({Role.REVIEWER}),
        "publications.approve": frozenset({Role.APPROVER}),
        "publications.publish": frozenset({Role.REVIEWER, Role.APPROVER, Role.DISPATCHER}),
        "publications.send-back": frozenset({Role.REVIEWER, Role.APPROVER, Role.DISPATCHER}),
        "publications.withhold": frozenset({Role.APPROVER}),
        "publications.correct": frozenset({Role.INSPECTOR, Role.REVIEWER, Role.APPROVER}),
        "publications.withdraw": frozenset({Role.APPROVER}),
        "publications.report": frozenset({Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.AUDITOR}),
        "calendar.read": frozenset(Role) - {Role.BUREAU},
        "calendar.write": frozenset({Role.ADMIN}),
        "statistics.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
        "audit.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
    }
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody or some system with a key: who it is, its roles, and the region prefix that it sees.

    `inspector` is the code of the officer who holds the key of the role `inspector`.
    """

    id: str
    name: str
    roles: frozenset[Role]
    region: str
    inspector: str | None = None

    def may(self, act: str) -> bool:
        """Whether one of the caller's roles holds the act."""
        return not self.roles.isdisjoint(ACTS[act])

    def sees(self, region: str) -> bool:
        """Whether the region (GB/T 2260 code) lies within the caller's prefix."""
        return region.startswith(self.region)
