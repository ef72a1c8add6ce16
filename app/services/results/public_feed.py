"""The newest results as an Atom feed."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from app.adapters.atom import Entry, Feed, write_atom
from app.domain.fieldwork.codes import RESULT_CODES
from app.services.context import Look
from app.services.results import public
from app.store.results.public import Record, ResultFilter

_ENTRIES = 50


def feed(look: Look, where: ResultFilter, *, base: str, asked: Mapping[str, str]) -> bytes:
    """The newest results that stand, at most 50, as Atom (RFC 4287).

    Args:
        look: the look.
        where: what they are narrowed to; each narrowing is a feed of its own.
        base: the address of this service, without a slash at its end.
        asked: the same narrowing as query parameters.
    """
    page = public.results(look, where, limit=_ENTRIES, cursor=None)
    query = f"?{urlencode(asked)}" if asked else ""
    return write_atom(
        Feed(
            id=f"tag:{look.settings.origin},2026:results{query}",
            title="双随机、一公开：检查结果",
            author=look.settings.origin,
            link=f"{base}/v1/public/results.atom{query}",
            page=f"{base}/results{query}",
            language="zh-CN",
            entries=[_entry(row, base) for row in page.rows],
        )
    )


def _entry(row: Record, base: str) -> Entry:
    words = "、".join(RESULT_CODES[code].zh if code in RESULT_CODES else code for code in row["codes"])
    return Entry(
        id=f"urn:uuid:{row['id']}",
        title=f"{row['entity_name']}：{words}",
        link=f"{base}/results/{row['id']}",
        updated=datetime.fromisoformat(row["published_at"]),
        summary=f"{row['entity_name']}（{row['entity_key']}）于 {row['ended_on']} 接受检查，结果：{words}。",
        terms=[row["item"], *row["codes"]],
    )
