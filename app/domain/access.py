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
        "audit.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
    }
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody or some system with a key: who it is, its roles, and the region prefix that it sees."""

    id: str
    name: str
    roles: frozenset[Role]
    region: str

    def may(self, act: str) -> bool:
        """Whether one of the caller's roles holds the act."""
        return not self.roles.isdisjoint(ACTS[act])

    def sees(self, region: str) -> bool:
        """Whether the region (GB/T 2260 code) lies within the caller's prefix."""
        return region.startswith(self.region)
