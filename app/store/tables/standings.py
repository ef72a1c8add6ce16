"""How it stands with visits and their results: public copies, kept up after every act that changes one.

Of drawn premises they are written at the reveal; of visits without a draw, which nobody may find by them,
when their results begin their way.
"""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText


class PublicStanding(SQLModel, table=True):
    """What became of one drawn premises, for the public; never filtered when read.

    `state` is `published`, `pending` (visited, its result due on `due_on`), `withheld` (for `reason`, decided
    on `decided_on`, until `until`), `withdrawn` (likewise, for good), `unreachable` or `not_visited` (owed
    again). `publication` is the same of its result, that of an unreachable premises too; None where there is
    none to come. `day` is the day under which it counts: when the visit ended, otherwise the draw's last day
    of visits.
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
    publication: str | None = None
    day: date
    due_on: date | None = None
    reason: str | None = None
    decided_on: date | None = None
    until: date | None = None


class PublicUndrawn(SQLModel, table=True):
    """The result of a visit without a draw, to be counted by anybody: no name, no place, no reason.

    `publication` is `published`, `pending` (due on `due_on`), `withheld` or `withdrawn`; `ended_on` the day
    under which it counts.
    """

    __tablename__ = "public_undrawn"
    __table_args__ = (Index("ix_public_undrawn_counted", "ended_on", "region", "kind"),)

    visit_id: str = Field(primary_key=True)
    region: str = Field(sa_type=ByteText)
    item: str
    kind: str
    publication: str
    unreachable: bool
    ended_on: date
    due_on: date | None = None
