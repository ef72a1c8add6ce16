"""What happens to teams after the draw: amendments, and requests for recusal that lead to some of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class DrawAmendment(SQLModel, table=True):
    """An amendment 变更 of a draw's teams (DR1 section 7): logged first, its random value comes afterwards.

    `body` is that of its log entry `draw.amended` (section 9), `digest` the SHA-256 of JCS({"body", "salt"}).
    `basis` names what is on record: the request that was granted, assignments, or what the registers say.
    `may_change` names the premises whose teams the random value can change, None all that had not begun.
    `round` is the drand round that decides, None in a ceremony. `given`, `beacon` and `effect` are None until
    the random value is there.
    """

    __tablename__ = "draw_amendments"
    __table_args__ = (
        Index(
            "ux_draw_amendments_one_pending",
            "draw_id",
            unique=True,
            sqlite_where=text("beacon IS NULL"),
            postgresql_where=text("beacon IS NULL"),
        ),
    )

    draw_id: str = Field(primary_key=True, foreign_key="draws.id")
    n: int = Field(primary_key=True)
    kind: str
    reason: str
    body: dict[str, Any] = Field(sa_type=Document)
    salt: str
    digest: str
    basis: dict[str, Any] = Field(sa_type=Document)
    may_change: list[str] | None = Field(default=None, sa_type=Document)
    logged_at: datetime = Field(sa_type=Instant)
    logged_by: str
    round: int | None = None
    given: dict[str, Any] | None = Field(default=None, sa_type=Document)
    given_by: str | None = None
    given_at: datetime | None = Field(default=None, sa_type=Instant)
    beacon: str | None = None
    effect: dict[str, Any] | None = Field(default=None, sa_type=Document)


class RecusalRequest(SQLModel, table=True):
    """A request 回避申请 that an officer keep away from one premises; `state`: `open`, `granted`, `refused`.

    `by` is `officer` (of himself) or `party` (the inspected one); `recorded_by` is the caller who handed it
    in, None for a party that did so itself with the code at the door. `receipt_digest` is that of the code
    under which such a party finds the decision. `amendment_n` is the amendment of the draw that followed.
    """

    __tablename__ = "recusal_requests"
    __table_args__ = (
        Index("ix_recusal_requests_clock", "state", "decide_by"),
        Index("ix_recusal_requests_visit", "visit_id", "inspector"),
        Index(
            "ux_recusal_requests_one_open",
            "visit_id",
            "inspector",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: str = Field(primary_key=True)
    visit_id: str = Field(foreign_key="visits.id")
    draw_id: str | None = Field(default=None, foreign_key="draws.id")
    region: str = Field(sa_type=ByteText)
    entity_id: str = Field(foreign_key="entities.id")
    inspector: str = Field(sa_type=ByteText)
    by: str
    relation: str
    reason: str
    recorded_by: str | None = None
    receipt_digest: str | None = Field(default=None, unique=True)
    requested_at: datetime = Field(sa_type=Instant)
    decide_by: date | None = None
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision: str | None = None
    amendment_n: int | None = None
    alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
