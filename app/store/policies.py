"""Policies and clocks in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import Session, col

from app.domain.policies.validity import Version
from app.domain.regions import region_prefix
from app.store.tables.policies import PolicyVersion

Source = Session | Connection

_COLUMNS = tuple(PolicyVersion.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_VERSION = (
    *(col(PolicyVersion.region), col(PolicyVersion.version), col(PolicyVersion.valid_from)),
    *(col(PolicyVersion.valid_to), col(PolicyVersion.ended_on), col(PolicyVersion.sha256)),
)
_PUBLISHED = col(PolicyVersion.approved_at).is_not(None)


def versions_reaching(source: Source, *, code: str, region: str) -> list[Version]:
    """Every version of a document that was ever approved, of this region or one that contains it."""
    reaches = [region[:length] for length in range(len(region) + 1)]
    return _versions(source, col(PolicyVersion.code) == code, col(PolicyVersion.reach).in_(reaches))


def _versions(source: Source, *conditions: ColumnElement[bool]) -> list[Version]:
    rows = source.execute(select(*_VERSION).where(_PUBLISHED, *conditions))
    return [Version(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def parts(source: Source, *, code: str, region: str) -> set[str]:
    """The regions inside a region prefix that have versions of a document of their own."""
    inside = col(PolicyVersion.reach).startswith(region_prefix(region), autoescape=True)
    named = select(col(PolicyVersion.reach)).where(_PUBLISHED, col(PolicyVersion.code) == code, inside)
    return {*source.execute(named.distinct()).scalars()}


def published_text(source: Source, digest: str) -> str | None:
    """The canonical text of an approved document by either digest, whatever became of it later."""
    named = or_(col(PolicyVersion.sha256) == digest, col(PolicyVersion.sm3) == digest)
    found: str | None = source.execute(
        select(col(PolicyVersion.document)).where(_PUBLISHED, named).limit(1)
    ).scalar_one_or_none()
    return found


def last_version(source: Source, *, code: str, reach: str) -> int:
    """The greatest version number of a document in a region, drafts included; 0 without any."""
    ours = (col(PolicyVersion.code) == code, col(PolicyVersion.reach) == reach)
    found = source.execute(select(func.max(col(PolicyVersion.version))).where(*ours)).scalar_one()
    return int(found or 0)


def add(session: Session, version: PolicyVersion) -> None:
    """Keep a new draft."""
    session.add(version)
    session.flush()


def for_change(session: Session, version_id: str) -> PolicyVersion | None:
    """A version, locked until the transaction ends."""
    query = select(PolicyVersion).where(col(PolicyVersion.id) == version_id).with_for_update()
    return session.scalars(query).one_or_none()


def read(source: Source, named: str) -> PolicyVersion | None:
    """A version by its id or either digest, detached: changing it changes nothing.

    A draft may say what another one says; then the one that was approved is meant, else the newest.
    """
    named_so = or_(
        col(PolicyVersion.id) == named, col(PolicyVersion.sha256) == named, col(PolicyVersion.sm3) == named
    )
    query = select(*_COLUMNS).where(named_so).order_by(~_PUBLISHED, col(PolicyVersion.id).desc()).limit(1)
    row = source.execute(query).one_or_none()
    return None if row is None else PolicyVersion(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version stands in lists."""

    code: str
    reach: str
    version: int
    id: str


def places(source: Source, *, region: str | None, state: str | None) -> list[Place]:
    """Every version that a caller may see: approved ones of all regions, and drafts in a region prefix.

    Args:
        source: where to read.
        region: a caller's region prefix; None: nobody's drafts.
        state: only those in this state.
    """
    columns = (PolicyVersion.code, PolicyVersion.reach, PolicyVersion.version, PolicyVersion.id)
    inside = [] if region is None else [col(PolicyVersion.region).startswith(region, autoescape=True)]
    query = select(*map(col, columns)).where(or_(_PUBLISHED, *inside))
    if state is not None:
        query = query.where(col(PolicyVersion.state) == state)
    return [Place(*row) for row in source.execute(query)]


def by_ids(source: Source, ids: Sequence[str]) -> dict[str, PolicyVersion]:
    """Versions by their ids, detached."""
    rows = source.execute(select(*_COLUMNS).where(col(PolicyVersion.id).in_(ids)))
    return {row.id: PolicyVersion(**row._mapping) for row in rows}  # noqa: SLF001 - as above
