"""The three servers that `bench_reads` compares, each started by uvicorn with one worker.

`ours` is the whole application with its JSON access log. `orm` is what the tutorials of FastAPI and SQLModel
show: a session dependency, `select` with `selectinload`, a response model. `bare` answers a constant.
"""

import logging
import os
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.orm import selectinload
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

from app.settings import Settings


def ours() -> FastAPI:
    """The application, logging each request."""
    # Imported here only, for the application's tables would clash with those of the peer below.
    from app.main import create_app  # noqa: PLC0415 - see above
    from app.tracing import JsonLines  # noqa: PLC0415 - see above

    log = logging.getLogger("app.access")
    log.setLevel(logging.INFO)
    written = logging.FileHandler(os.devnull)
    written.setFormatter(JsonLines())
    log.addHandler(written)
    log.propagate = False
    return create_app()


class RegistrationBase(SQLModel):
    """What both the table and the answer have."""

    regime: str
    subtype: str | None
    level: int | None
    status: str
    licence_no: str | None
    licence_to: date | None
    registered_on: date | None
    not_seen_since: datetime | None


class EntityBase(SQLModel):
    """What both the table and the answer have."""

    id: str = Field(primary_key=True)
    key: str
    uscc: str | None
    premises: int
    source: str | None
    source_key: str | None
    name: str
    address: str | None
    region: str
    station: str | None
    legal_rep: str | None
    key_area: bool
    created_at: datetime
    updated_at: datetime
    not_seen_since: datetime | None


class RegistrationPublic(RegistrationBase):
    """A registration as answered."""


class EntityPublic(EntityBase):
    """An entity as answered."""

    registrations: list[RegistrationPublic]


class EntitiesPublic(SQLModel):
    """A list as answered."""

    items: list[EntityPublic]


def orm() -> FastAPI:
    """The idiomatic peer, on the same database."""

    class Registration(RegistrationBase, table=True):
        __tablename__ = "registrations"

        id: str = Field(primary_key=True)
        entity_id: str = Field(foreign_key="entities.id")
        entity: "Entity" = Relationship(back_populates="registrations")

    class Entity(EntityBase, table=True):
        __tablename__ = "entities"

        registrations: list[Registration] = Relationship(back_populates="entity")

    engine = create_engine(Settings().normal_database_url, pool_size=8, max_overflow=32)

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    opened = Annotated[Session, Depends(session)]
    app = FastAPI()

    @app.get("/v1/entities/{entity_id}", response_model=EntityPublic)
    def read_entity(entity_id: str, session: opened) -> Entity:
        entity = session.get(Entity, entity_id)
        if entity is None:
            raise HTTPException(404)
        return entity

    @app.get("/v1/entities", response_model=EntitiesPublic)
    def list_entities(session: opened, limit: int = 50) -> dict[str, object]:
        statement = (
            select(Entity).options(selectinload(Entity.registrations)).order_by(Entity.key).limit(limit)  # type: ignore[arg-type]  # SQLModel types attributes as values
        )
        return {"items": session.exec(statement).all()}

    return app


def bare() -> FastAPI:
    """FastAPI's floor: a route that answers a constant."""
    app = FastAPI()

    @app.get("/v1/entities/{entity_id}")
    def read_entity(entity_id: str) -> dict[str, str]:
        return {"id": entity_id}

    @app.get("/v1/entities")
    def list_entities() -> dict[str, list[str]]:
        return {"items": []}

    return app
