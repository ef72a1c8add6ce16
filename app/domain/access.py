"""Who may do what: roles and acts as data (spec/api.md, «Who may do what»).

Every route names one act; an act lists the roles that hold it. Nothing outside a caller's region prefix is
visible, and separation of duties (职责分离) is checked where the act knows who went before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.errors import Missing
from app.domain.regions import region_prefix


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
        "sources.read": frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.AUDITOR}),
        "sources.write": frozenset({Role.REGISTRAR}),
        "sources.match": frozenset({Role.REGISTRAR}),
        "assignments.read": frozenset(_READERS),
        "assignments.write": frozenset({Role.REGISTRAR, Role.PLANNER}),
        "assignments.approve": frozenset({Role.APPROVER}),
        "recusal-candidates.read": frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.AUDITOR}),
        "recusal-candidates.decide": frozenset({Role.REGISTRAR}),
        "kin-alerts.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
        "kin-alerts.acknowledge": frozenset({Role.SUPERVISOR}),
        "reminders.read": frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.AUDITOR}),
        "jobs.read": frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.AUDITOR}),
        "items.read": frozenset(Role) - {Role.BUREAU},
        "plans.read": frozenset(_READERS) | {Role.WITNESS},
        "plans.write": frozenset({Role.PLANNER}),
        "plans.approve": frozenset({Role.APPROVER}),
        "policies.write": frozenset({Role.PLANNER}),
        "policies.approve": frozenset({Role.APPROVER}),
        "draw-calendars.read": frozenset(_READERS) - {Role.REGISTRAR},
        "draw-calendars.write": frozenset({Role.PLANNER}),
        "draw-calendars.approve": frozenset({Role.APPROVER}),
        "duties.read": frozenset(_READERS) - {Role.REGISTRAR, Role.DISPATCHER},
        "collisions.decide": frozenset({Role.APPROVER}),
        "duties.forecast": frozenset({Role.PLANNER, Role.APPROVER, Role.SUPERVISOR}),
        "draws.read": frozenset(_READERS) | {Role.WITNESS},
        "draws.commit": frozenset({Role.PLANNER}),
        "draws.entropy": frozenset({Role.WITNESS}),
        "draws.selection": frozenset({Role.DISPATCHER, Role.AUDITOR, Role.SUPERVISOR}),
        "draws.exclusions": frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR}),
        "draws.proof": frozenset({Role.REGISTRAR, Role.PLANNER, Role.SUPERVISOR, Role.AUDITOR}),
        "draws.reveal": frozenset({Role.DISPATCHER}),
        "draws.amend": frozenset({Role.DISPATCHER}),
        "draws.amendments": frozenset({Role.DISPATCHER, Role.AUDITOR, Role.SUPERVISOR}),
        "draws.void": frozenset({Role.PLANNER}),
        "draws.void.approve": frozenset({Role.APPROVER}),
        "draws.record": frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR}),
        "draws.record.audit": frozenset({Role.AUDITOR}),
        "recusals.ask": frozenset({Role.INSPECTOR}),
        "recusals.decide": frozenset({Role.APPROVER}),
        "recusals.requests": frozenset(
            {
                *(Role.INSPECTOR, Role.APPROVER, Role.DISPATCHER),
                *(Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR),
            }
        ),
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
        "dispositions.extend": frozenset({Role.INSPECTOR}),
        "dispositions.extend.approve": frozenset({Role.APPROVER}),
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
        "appeals.read": frozenset({Role.APPEAL_OFFICER, Role.AUDITOR}),
        "appeals.handle": frozenset({Role.APPEAL_OFFICER}),
        "appeals.decide": frozenset({Role.APPEAL_OFFICER}),
        "publications.report": frozenset({Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.AUDITOR}),
        "calendar.read": frozenset(Role) - {Role.BUREAU},
        "calendar.write": frozenset({Role.ADMIN}),
        "statistics.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
        "league.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
        "regions.read": frozenset(_READERS) | {Role.ADMIN},
        "audit.read": frozenset({Role.SUPERVISOR, Role.AUDITOR}),
    }
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody or some system with a key: who it is, its roles, and the region prefix that it sees.

    `inspector` is the code of the officer who holds the key of the role `inspector`. `agency` is whose the
    caller is: it sees that agency's draws, visits and duties, of a joint inspection its part; without one the
    whole of all.
    """

    id: str
    name: str
    roles: frozenset[Role]
    region: str
    inspector: str | None = None
    agency: str | None = None

    def may(self, act: str) -> bool:
        """Whether one of the caller's roles holds the act."""
        return not self.roles.isdisjoint(ACTS[act])

    def sees(self, region: str) -> bool:
        """Whether the region (GB/T 2260 code) lies within the caller's prefix."""
        return region.startswith(self.region)

    def speaks_for(self, agencies: Collection[str]) -> bool:
        """Whether the caller is one of these agencies', or of none and so of all."""
        return self.agency is None or self.agency in agencies

    def within(self, asked: str | None) -> str:
        """Give the prefix of the region that a question narrows itself to; none asked: the caller's own.

        The one place that judges such questions: an unseen jurisdiction is a 404 (spec/api.md), be it another
        region or one above that reaches beyond the caller's.

        Args:
            asked: a region's code or prefix.

        Raises:
            Missing: the caller does not see all of it.
        """
        prefix = region_prefix(asked) if asked else self.region
        if not self.sees(prefix):
            raise Missing("not-found")
        return prefix
