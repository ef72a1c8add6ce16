"""Classes of credit risk 信用风险分类 that an authority gave to entities, each with its source and basis."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.store.columns import Instant


class CreditClass(SQLModel, table=True):
    """One rating 评定; a withdrawn one stays on file and counts for nothing."""

    __tablename__ = "credit_classes"

    id: str = Field(primary_key=True)
    entity_id: str = Field(foreign_key="entities.id", index=True)
    natural_key: str = Field(unique=True)
    """Entity and day as one text."""
    credit_class: str
    rated_on: date
    until: date | None = None
    """The last day on which it holds; none: until the next one."""
    source: str
    basis: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_because: str | None = None
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)
