"""What the public sees of appeals at a result: written into its newest public version at each act."""

from sqlmodel import Session

from app.domain.appeals.appeal import Appeal as Standing
from app.domain.appeals.appeal import Outcome, State, mark
from app.services.context import Act
from app.store import appeals as store
from app.store.results import publications
from app.store.tables.appeals import Appeal


def standing_of(appeal: Appeal) -> Standing:
    """Where a stored appeal stands."""
    return Standing(
        state=State(appeal.state),
        handler=appeal.handler,
        handled_by=frozenset(appeal.handled_by),
        proposal=None if appeal.proposal is None else Outcome(appeal.proposal),
        decider=appeal.decider,
        outcome=None if appeal.outcome is None else Outcome(appeal.outcome),
        decided_version=appeal.decided_version,
    )


def mark_for(session: Session, result_id: str, version: int) -> str | None:
    """What a version of a result shows while it is the newest."""
    found = mark(map(standing_of, store.against(session, result_id)), shown=version)
    return None if found is None else found.value


def restate(act: Act, result_id: str) -> None:
    """Write the mark of a result's newest version anew; its document and digest stay as they are."""
    act.session.flush()
    version = store.shown_for_change(act.session, result_id)
    if version is not None:
        version.appeal = mark_for(act.session, result_id, version.version)
        publications.relist(act.session, version)
