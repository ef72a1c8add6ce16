"""Asking a source page by page 分页: what to ask first, and what next after each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.sources.checks import Failure, Kind, failure
from app.domain.sources.pointers import ABSENT, at

PagingKind = Literal["none", "page", "offset", "cursor", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a source gives its records in pages.

    Attributes:
        kind: `none` all at once; `page` by number; `offset` by how many to pass over; `cursor` by what the
            page before says; `link` by the `Link` header (RFC 8288) of the page before.
        parameter: the query parameter that carries number, offset or cursor.
        first: the first page's number.
        size_parameter, size: the query parameter of the page's size, and the size.
        cursor: where a page says the next cursor; absent, null or empty there: it was the last page.
        total: where a page says how many records there are in all.
    """

    kind: PagingKind
    parameter: str
    first: int
    size_parameter: str | None
    size: int | None
    cursor: str | None
    total: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to ask a source for: number or offset, cursor, or the whole URL of the next page."""

    number: int = 0
    cursor: str | None = None
    url: str | None = None

    def document(self) -> dict[str, Any]:
        """As JSON, so that another worker can go on."""
        return {"number": self.number, "cursor": self.cursor, "url": self.url}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an answer says about paging: how many records it held, its document, and its next link."""

    count: int
    document: object
    link: str | None


def first_ask(paging: Paging) -> Ask:
    """Give the first thing to ask."""
    return Ask(number=paging.first if paging.kind == "page" else 0)


def parameters(paging: Paging, ask: Ask) -> Mapping[str, str]:
    """Give the query parameters of a request; a next link brings its own."""
    if ask.url is not None:
        return {}
    found: dict[str, str] = {}
    if paging.kind in {"page", "offset"}:
        found[paging.parameter] = str(ask.number)
    if ask.cursor is not None:
        found[paging.parameter] = ask.cursor
    if paging.size_parameter is not None:
        found[paging.size_parameter] = str(paging.size)
    return found


def told_total(paging: Paging, page: Page) -> int | Failure | None:
    """Give how many records the source says it has, if it is to say so; a failure when it says no number."""
    if paging.total is None:
        return None
    found = at(page.document, paging.total)
    if isinstance(found, str) and found.isascii() and found.isdigit():
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    return failure(Kind.WRONG, "source-no-total", place=paging.total)


def next_ask(
    paging: Paging, ask: Ask, page: Page, *, received: int, total: int | None
) -> Ask | Failure | None:
    """Give what to ask after a page; None when it was the last one.

    Where the source does not say how many records there are, only an empty page is the end: a server may give
    fewer than asked for on every page.

    Args:
        paging: the source's.
        ask: what was asked for.
        page: what was answered.
        received: how many records have come in all, this page included.
        total: how many the source says it has.
    """
    if paging.kind in {"page", "offset"}:
        if page.count == 0 or (total is not None and received >= total):
            return None
        return Ask(number=ask.number + (1 if paging.kind == "page" else page.count))
    if paging.kind == "cursor":
        return _after_cursor(paging, ask, page)
    if paging.kind == "link" and page.link is not None:
        return failure(Kind.WRONG, "source-same-page") if page.link == ask.url else Ask(url=page.link)
    return None


def _after_cursor(paging: Paging, ask: Ask, page: Page) -> Ask | Failure | None:
    found = at(page.document, paging.cursor or "")
    if found is ABSENT or found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return failure(Kind.WRONG, "source-no-cursor", place=paging.cursor)
    if str(found) == ask.cursor:
        return failure(Kind.WRONG, "source-same-page")
    return Ask(cursor=str(found))
