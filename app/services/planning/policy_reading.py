"""Policies and clocks as readers see them: those that come with the application among those approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.policies.clocks_rules import clocks_rules
from app.domain.policies.explained import RuleLine
from app.domain.policies.header import CLOCKS, POLICY
from app.domain.policies.policy_rules import policy_rules
from app.domain.policies.validity import last_day
from app.services.context import Act, Look
from app.services.planning import law
from app.services.planning.law import PublishedDocument
from app.store import policies as store
from app.store.paging import cursor_of, cursor_values
from app.store.policies import Place, Source
from app.store.tables.policies import PolicyVersion

CODES: Final = (POLICY, CLOCKS)


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """A version of a document.

    Attributes:
        published: the document with its digests.
        in_force_to: the last day on which it holds as things stand; None: no end is known, or it is a draft.
        kept: its row; None where it comes with the application.
    """

    published: PublishedDocument
    in_force_to: date | None
    kept: PolicyVersion | None


@dataclass(frozen=True, slots=True)
class SeenVersions:
    """A page of versions."""

    rows: Sequence[SeenVersion]
    next_cursor: str | None
    count: int | None


def page(
    look: Look, *, code: str | None, state: str | None, limit: int, cursor: str | None, count: bool
) -> SeenVersions:
    """Versions by code, region and number: published ones of all regions, and drafts within the caller's."""
    places = store.places(look.connection, region=look.caller.region, state=state)
    return _page(look.connection, places, code=code, state=state, limit=limit, cursor=cursor, count=count)


def public_page(look: Look, *, code: str | None, limit: int, cursor: str | None, count: bool) -> SeenVersions:
    """Versions that were ever approved, by code, region and number."""
    places = store.places(look.connection, region=None, state=None)
    return _page(look.connection, places, code=code, state=None, limit=limit, cursor=cursor, count=count)


def one(look: Look, named: str) -> SeenVersion:
    """A version by its id or either digest.

    Raises:
        Missing: there is none, or it is a draft of another region.
    """
    kept = store.read(look.connection, named)
    if kept is not None and (kept.approved_at is not None or look.caller.sees(kept.region)):
        return _stored(look.connection, kept)
    return _seeded(look.connection, named)


def after(act: Act, changed: PolicyVersion) -> SeenVersion:
    """A version as an act has left it."""
    act.session.flush()
    return _stored(act.session, changed)


def public_one(look: Look, digest: str) -> SeenVersion:
    """A version that was ever approved, by either digest.

    Raises:
        Missing: there is none.
    """
    kept = store.read(look.connection, digest)
    if kept is not None and kept.approved_at is not None and kept.id != digest:
        return _stored(look.connection, kept)
    return _seeded(look.connection, digest)


def in_force(look: Look, *, code: str, region: str, on: date | None) -> SeenVersion:
    """The version that holds in a region on a day, today unless one is named.

    Raises:
        Missing: none does.
    """
    found = law.document_for(look.connection, code, region, on or shanghai_day(look.now))
    return public_one(look, found.digests["sha256"])


@dataclass(frozen=True, slots=True)
class Explained:
    """A version and its rules, one by one."""

    seen: SeenVersion
    rules: tuple[RuleLine, ...]


def explained(seen: SeenVersion) -> Explained:
    """Every rule of a version."""
    document = seen.published.document
    rules = clocks_rules(document) if document["code"] == CLOCKS else policy_rules(document)
    return Explained(seen, rules)


def _page(
    source: Source,
    places: Sequence[Place],
    *,
    code: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> SeenVersions:
    seeded = {
        (which, version.reach, version.version): text
        for which in CODES
        if state in {None, "approved"}
        for version, text in law.seeded_versions(which)
    }
    kept = {(place.code, place.reach, place.version): place.id for place in places}
    keys = sorted(key for key in {**seeded, **kept} if code in {None, key[0]})
    if cursor is not None:
        after = tuple(cursor_values(cursor, [str, str, int]))
        later = [key for key in keys if key > after]
    else:
        later = keys
    chosen = later[:limit]
    rows = store.by_ids(source, [kept[key] for key in chosen if key in kept])
    found = [
        _stored(source, rows[kept[key]]) if key in kept else _seeded_text(source, key[0], seeded[key])
        for key in chosen
    ]
    more = cursor_of(chosen[-1]) if len(later) > limit else None
    return SeenVersions(found, more, len(keys) if count else None)


def _stored(source: Source, kept: PolicyVersion) -> SeenVersion:
    published = law.published_document(kept.document)
    ends = _last_day(source, kept.code, kept.document) if kept.approved_at is not None else None
    return SeenVersion(published, ends, kept)


def _seeded(source: Source, digest: str) -> SeenVersion:
    for code in CODES:
        for _, text in law.seeded_versions(code):
            if digest in law.published_document(text).digests.values():
                return _seeded_text(source, code, text)
    raise Missing("not-found")


def _seeded_text(source: Source, code: str, text: str) -> SeenVersion:
    return SeenVersion(law.published_document(text), _last_day(source, code, text), None)


def _last_day(source: Source, code: str, text: str) -> date | None:
    region = law.version_in(text).region
    versions = law.versions(source, code, region)
    this = law.version_in(text).sha256
    return next(last_day(one, versions) for one in versions if one.sha256 == this)
