"""Reminders of what runs out, and alerts about relatives of officers."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute
from app.deps import ActDep, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.staff_watch import (
    AcknowledgeAlert,
    KinAlertQuery,
    KinAlertRead,
    ReminderQuery,
    ReminderRead,
)
from app.services.registers import kin_alerts, reminding

router = APIRouter(tags=["名录库 registers"], route_class=ActRoute)

AlertId = Annotated[str, Path(description="提示编号 (id of an alert)")]


@router.get("/v1/reminders", dependencies=allow("reminders.read"), summary="到期提醒 Reminders")
def list_reminders(look: LookDep, query: Annotated[ReminderQuery, Query()]) -> PageOf[ReminderRead]:
    """Certificates, trainings, qualifications and assignments that run out, the first first."""
    return PageOf.of(reminding.read_page(look, query.where(), query.paging()), ReminderRead.of)


@router.get("/v1/kin-alerts", dependencies=allow("kin-alerts.read"), summary="近亲属经营提示 Kin alerts")
def list_kin_alerts(look: LookDep, query: Annotated[KinAlertQuery, Query()]) -> PageOf[KinAlertRead]:
    """Declared relatives of officers at entertainment venues, which the law forbids; newest first."""
    return PageOf.of(kin_alerts.read_page(look, query.paging(), seen=query.seen), KinAlertRead.of)


@router.get(
    "/v1/kin-alerts/{alert_id}", dependencies=allow("kin-alerts.read"), summary="近亲属经营提示 A kin alert"
)
def read_kin_alert(alert_id: AlertId, look: LookDep) -> KinAlertRead:
    """One alert."""
    return KinAlertRead.of(kin_alerts.read(look, alert_id))


@router.post(
    "/v1/kin-alerts/{alert_id}/acknowledge",
    dependencies=allow("kin-alerts.acknowledge"),
    summary="处理近亲属经营提示 Acknowledge a kin alert",
)
def acknowledge_kin_alert(alert_id: AlertId, body: AcknowledgeAlert, act: ActDep) -> KinAlertRead:
    """Say what is done about it."""
    return KinAlertRead.of(kin_alerts.acknowledge(act, alert_id, note=body.note))
