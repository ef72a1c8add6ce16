"""The peers of `bench_public_results`: an idiomatic SQLModel application on the same table.

It maps only the columns that it answers with, which spares it the frozen documents.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import JSON, case, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, create_engine, or_, select

from app.settings import Settings
from bench.read_peers import bare, ours

__all__ = ["bare", "orm", "ours"]

_STATES = ("published", "pending", "withheld", "withdrawn", "unreachable", "not_visited")


class ResultBase(SQLModel):
    """What both the table and the answer have."""

    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    published_at: datetime
    draw_id: str | None
    region: str
    item: str
    regime: str
    entity_key: str
    entity_name: str
    uscc: str | None
    ended_on: date
    kind: str
    codes: list[str] = Field(sa_type=JSON().with_variant(JSONB(), "postgresql"))
    found: bool
    punished: bool
    in_time: bool
    sha256: str
    appeal: str | None


class ResultPublic(ResultBase):
    """A result as answered."""


class ResultsPublic(SQLModel):
    """A list as answered."""

    items: list[ResultPublic]


def orm() -> FastAPI:
    """The idiomatic peer, on the same database."""

    class Result(ResultBase, table=True):
        __tablename__ = "public_results"

        current: bool
        withdrawn: bool

    class Standing(SQLModel, table=True):
        __tablename__ = "public_standings"

        draw_id: str = Field(primary_key=True)
        place: int = Field(primary_key=True)
        visit_id: str
        item: str
        state: str

    engine = create_engine(Settings().normal_database_url, pool_size=8, max_overflow=32)

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    opened = Annotated[Session, Depends(session)]
    app = FastAPI()

    def standing() -> Any:  # noqa: ANN401 - a statement
        newest = (col(Result.published_at).desc(), col(Result.id).desc())
        return select(Result).where(Result.current, col(Result.withdrawn).is_(False)).order_by(*newest)

    @app.get("/v1/public/results", response_model=ResultsPublic)
    def list_results(
        session: opened, region: str | None = None, name: str | None = None, limit: int = 50
    ) -> dict[str, object]:
        statement = standing().limit(limit)
        if name is not None:
            statement = statement.where(col(Result.entity_name).contains(name))
        if region is not None:
            statement = statement.where(Result.region == region)
        return {"items": session.exec(statement).all()}

    @app.get("/v1/public/entities/{named}", response_model=ResultsPublic)
    def read_entity(named: str, session: opened, limit: int = 50) -> dict[str, object]:
        statement = standing().where(or_(Result.entity_key == named, Result.uscc == named)).limit(limit)
        found = session.exec(statement).all()
        if not found:
            raise HTTPException(404)
        return {"items": found}

    @app.get("/v1/public/statistics")
    def statistics(session: opened) -> dict[str, object]:
        statement = (
            select(
                Standing.item,
                func.count(),
                *(func.sum(case((col(Standing.state) == state, 1), else_=0)) for state in _STATES),
                *(
                    func.sum(case((col(flag), 1), else_=0))
                    for flag in (Result.in_time, Result.found, Result.punished)
                ),
            )
            .join(Result, col(Result.id) == Standing.visit_id, isouter=True)
            .group_by(Standing.item)
        )
        return {"items": [list(row) for row in session.exec(statement)]}

    return app
