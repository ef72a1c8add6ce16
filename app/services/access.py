"""Keys of callers: made once, kept as digests."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection
from sqlmodel import Session

from app.domain.access import Caller, Role
from app.domain.errors import Malformed, Unauthenticated
from app.domain.regions import region_prefix
from app.domain.registers.columns import AGENCIES
from app.services.context import Act
from app.store import access as store

_KEY_BYTES = 32


def _digest(key: str) -> str:
    """SHA-256 is enough: a key has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_key(
    session: Session,
    *,
    new_id: str,
    role: str,
    region: str,
    name: str | None,
    now: datetime,
    inspector: str | None = None,
    agency: str | None = None,
) -> tuple[str, Caller]:
    """A new caller 调用方 with one role and a region prefix; the key's text is given back this once.

    The code of a city or province, such as `410900`, means all of it.

    `inspector` is the code of the officer who will hold the key; `agency` whose the caller is: of a joint
    inspection such a caller sees that agency's part.

    Raises:
        Malformed: no such role or agency, a region that is not 0 to 12 digits (GB/T 2260 with a station), or
            an officer's code for another role than `inspector`.
    """
    if role not in set(Role):
        raise Malformed("unknown-role", role=role, roles=", ".join(Role))
    if not (region.isascii() and (region == "" or region.isdigit()) and len(region) <= 12):  # noqa: PLR2004 - GB/T 2260 plus township and village
        raise Malformed("bad-region", region=region)
    if inspector is not None and role != Role.INSPECTOR:
        raise Malformed("inspector-role-only", role=role)
    if agency is not None and agency not in {code.value for code in AGENCIES}:
        agencies = ", ".join(code.value for code in AGENCIES)
        raise Malformed("unknown-agency", agency=agency, agencies=agencies)
    caller = Caller(
        id=new_id,
        name=name or f"{role} {region}",
        roles=frozenset({Role(role)}),
        region=region_prefix(region),
        inspector=inspector,
        agency=agency,
    )
    key = f"dr_{secrets.token_urlsafe(_KEY_BYTES)}"
    store.add_key(session, caller=caller, key_sha256=_digest(key), at=now)
    return key, caller


def caller_of_key(connection: Connection, key: str) -> Caller:
    """The caller whose key this is.

    Raises:
        Unauthenticated: unknown or revoked.
    """
    caller = store.caller_by_key(connection, _digest(key))
    if caller is None:
        raise Unauthenticated("unauthenticated")
    return caller


def log(act: Act, *, what: str, region: str, subject: str, **detail: object) -> None:
    """Append to the audit log, in the act's own transaction."""
    store.log_event(
        act.session,
        event_id=act.new_id(),
        at=act.now,
        caller=act.caller,
        region=region,
        act=what,
        subject=subject,
        detail=detail,
    )
