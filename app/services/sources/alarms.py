"""Alarms 告警 about sources: raised when nothing good came, cleared by the next good run."""

from app.domain.sources.checks import Failure
from app.services.access import log
from app.services.context import Act
from app.store.sources import sources as store
from app.store.tables.sources import Source, SourceAlarm


def raise_alarm(act: Act, source: Source, failure: Failure, *, run_id: str | None) -> None:
    """Raise an alarm, or once more the one of its kind that stands; each time is an audit event."""
    alarm = store.standing_alarm(act.session, source_id=source.id, kind=failure.kind)
    if alarm is None:
        alarm = SourceAlarm(
            id=act.new_id(),
            source_id=source.id,
            region=source.region,
            kind=failure.kind,
            run_id=run_id,
            code=failure.code,
            values=dict(failure.values),
            raised_at=act.now,
            last_at=act.now,
        )
        store.add_alarm(act.session, alarm)
    else:
        alarm.run_id, alarm.code, alarm.values = run_id, failure.code, dict(failure.values)
        alarm.last_at, alarm.times = act.now, alarm.times + 1
    log(
        act,
        what="sources.alarm",
        region=source.region,
        subject=source.id,
        source=source.code,
        kind=failure.kind,
        code=failure.code,
        run=run_id,
    )


def clear(act: Act, source: Source) -> None:
    """Clear every alarm of a source that works again."""
    if store.clear_alarms(act.session, source.id, act.now):
        log(act, what="sources.alarm-cleared", region=source.region, subject=source.id, source=source.code)
