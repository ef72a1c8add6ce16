"""Alarms 到期提醒: once before a clock runs out, once when it has; and the end of withholdings."""

from collections.abc import Iterable

from app.domain.days import shanghai_day
from app.domain.results.states import UNDECIDED
from app.services.access import log
from app.services.context import Act, Look
from app.services.results.steps import resume_if_lapsed
from app.store.results import publications as store
from app.store.tables.results import Publication


def due(look: Look, *, limit: int) -> list[str]:
    """Ids of publications for which the clock has something to do, the most urgent first."""
    return store.alarm_due(look.connection, today=shanghai_day(look.now), limit=limit)


def raise_for(act: Act, ids: Iterable[str]) -> None:
    """End withholdings whose last day is over, and raise the alarms that are due: each once in a version.

    An alarm is an audit event, and shows at the publication as `alarmed_at` or `overdue_at`.
    """
    for publication_id in ids:
        publication = store.for_change(act.session, publication_id)
        if publication is not None:
            resume_if_lapsed(act, publication)
            _raise(act, publication)


def _raise(act: Act, publication: Publication) -> None:
    today = shanghai_day(act.now)
    if publication.state not in UNDECIDED:
        return
    if publication.overdue_at is None and publication.due_on < today:
        publication.alarmed_at = publication.alarmed_at or act.now
        publication.overdue_at = act.now
        _note(act, publication, "overdue")
    elif publication.alarmed_at is None and publication.alarm_on <= today:
        publication.alarmed_at = act.now
        _note(act, publication, "due-soon")


def _note(act: Act, publication: Publication, kind: str) -> None:
    log(
        act,
        what="publications.alarm",
        region=publication.region,
        subject=publication.id,
        kind=kind,
        due_on=publication.due_on.isoformat(),
        state=publication.state,
    )
