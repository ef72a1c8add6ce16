"""Atom feeds (RFC 4287)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.domain.days import rfc3339

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry: `id` is an IRI that never changes, `link` where it is read, `terms` its categories."""

    id: str
    title: str
    link: str
    updated: datetime
    summary: str
    terms: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: `id` is an IRI that never changes, `link` its own address, `page` the same for people."""

    id: str
    title: str
    author: str
    link: str
    page: str
    language: str
    entries: Sequence[Entry]


def write_atom(feed: Feed) -> bytes:
    """The document in UTF-8; characters that XML 1.0 does not have become U+FFFD."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", rfc3339(max((entry.updated for entry in feed.entries), default=_NEVER)))
    _add(ET.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.link, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    for entry in feed.entries:
        element = ET.SubElement(root, "entry")
        _add(element, "id", entry.id)
        _add(element, "title", entry.title)
        _add(element, "updated", rfc3339(entry.updated))
        _link(element, "alternate", entry.link, "text/html")
        for term in entry.terms:
            ET.SubElement(element, "category", {"term": _xml(term)})
        _add(element, "summary", entry.summary)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _xml(text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": _xml(href), "type": media_type})


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
