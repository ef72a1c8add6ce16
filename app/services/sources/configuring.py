"""Sources entered and changed by their registrar; the secret goes in and never comes out again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlsplit

from app import seeds
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.registers import REGISTERS
from app.domain.sources.configuration import Configuration, parse_configuration
from app.domain.sources.faults import faults
from app.domain.sources.schedule import next_due, overdue_from
from app.services.access import log
from app.services.context import Act
from app.store.sources import sources as store
from app.store.tables.sources import Source

Document = Mapping[str, Any]
TURN: Final = "sources"


def templates() -> Sequence[Document]:
    """Ready-made configurations of the systems that the plan names; addresses are the bureau's to give."""
    return seeds.documents("sources")


def defaults() -> Document:
    """The bounds that hold where a configuration says nothing of its own."""
    return cast("Document", seeds.documents("source_rules")[-1]["defaults"])


def enter(act: Act, document: Document, *, state: str, secret: str | None) -> Source:
    """Enter a source; its first run is due at once.

    Raises:
        Missing: its region lies outside the caller's.
        Malformed: a part of it cannot be right.
        RuleBroken: its code is taken.
    """
    configuration = _checked(act, document)
    if store.code_is_taken(act.session, configuration.code):
        raise RuleBroken("source-code-taken", code=configuration.code)
    _check_secret(configuration, given=secret is not None)
    source = Source(
        id=act.new_id(),
        code=configuration.code,
        region=configuration.region,
        register_name=configuration.register,
        rank=configuration.rank,
        state=state,
        configuration=dict(document),
        created_by=act.caller.id,
        created_at=act.now,
        changed_by=act.caller.id,
        changed_at=act.now,
        due_at=act.now,
        overdue_at=overdue_from(configuration.schedule, act.now),
    )
    source.sealed_secret = _sealed(act, source, secret)
    store.add_source(act.session, source)
    log(act, what="sources.enter", region=source.region, subject=source.id, source=source.code)
    return source


def change(act: Act, source: Source, document: Document, *, state: str, secret: str | None) -> Source:
    """Replace what a source, which is locked, is; a run that is under way goes on as it began.

    Raises:
        Missing: its new region lies outside the caller's.
        Malformed: a part of it cannot be right; or it is to be asked elsewhere or otherwise, which needs the
            secret anew, so that nobody can have it sent to another host.
        RuleBroken: its code, register or region is changed, under which its records stand.
    """
    before = parse_configuration(source.configuration)
    configuration = _checked(act, document)
    for name in ("code", "register", "region"):
        if getattr(configuration, name) != getattr(before, name):
            raise RuleBroken("source-stands", name=name)
    same_place = _origin(configuration.url) == _origin(before.url)
    kept = secret is None and same_place and configuration.credentials == before.credentials
    _check_secret(configuration, given=secret is not None or (kept and source.sealed_secret is not None))
    changed = [name for name, value in document.items() if source.configuration.get(name) != value]
    if not kept:
        source.sealed_secret = _sealed(act, source, secret)
    if configuration.schedule != before.schedule or (state == "active" and source.state != state):
        source.due_at = min(source.due_at, next_due(configuration.schedule, act.now))
        source.overdue_at = overdue_from(configuration.schedule, act.now)
    if changed:
        source.etag = source.last_modified = None
    source.rank, source.state, source.configuration = configuration.rank, state, dict(document)
    source.changed_by, source.changed_at = act.caller.id, act.now
    log(
        act,
        what="sources.change",
        region=source.region,
        subject=source.id,
        source=source.code,
        changed=changed,
        state=state,
        secret=secret is not None,
    )
    return source


def secret_of(act: Act, source: Source) -> str | None:
    """A source's secret, for a request to it."""
    if source.sealed_secret is None:
        return None
    return act.vault.open(source.sealed_secret, context=_context(source)).decode()


def _sealed(act: Act, source: Source, secret: str | None) -> bytes | None:
    return None if secret is None else act.vault.seal(secret.encode(), context=_context(source))


def _context(source: Source) -> str:
    return f"sources/{source.id}/secret"


def _checked(act: Act, document: Document) -> Configuration:
    if not act.caller.sees(document["region"]):
        raise Missing("not-found")
    configuration = parse_configuration(document)
    bad = [
        FieldError(f"/configuration{one.pointer}", one.code, one.values)
        for one in faults(configuration, REGISTERS[configuration.register])
    ]
    if bad:
        raise Malformed("malformed", *bad)
    return configuration


def _check_secret(configuration: Configuration, *, given: bool) -> None:
    needed = configuration.credentials.kind != "none"
    if needed != given:
        raise Malformed("malformed", FieldError("/secret", "missing" if needed else "no-secret-wanted"))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
