"""How it stands with each drawn premises: a public copy, written at the reveal and kept up after it."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText


class PublicStanding(SQLModel, table=True):
    """What became of one drawn premises, for the public; never filtered when read.

    `state` is `published`, `pending` (visited, its result due on `due_on`), `withheld` (for `reason`, decided
    on `decided_on`, until `until`), `withdrawn` (likewise, for good), `unreachable` or `not_visited` (owed
    again). `day` is the day under which it counts: when the visit ended, otherwise the draw's last day of
    visits.
    """

    __tablename__ = "public_standings"
    __table_args__ = (Index("ix_public_standings_counted", "day", "region", "item"),)

    draw_id: str = Field(primary_key=True, foreign_key="draws.id")
    place: int = Field(primary_key=True)
    visit_id: str | None = Field(default=None, unique=True)
    region: str = Field(sa_type=ByteText)
    item: str
    entity_key: str = Field(sa_type=ByteText, index=True)
    entity_name: str | None = None
    state: str
    day: date
    due_on: date | None = None
    reason: str | None = None
    decided_on: date | None = None
    until: date | None = None
