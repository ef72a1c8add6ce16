"""Made-up published results, written straight into the public tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.deps import House, new_uuid7
from app.store.tables.results import PublicResult
from tests.api.journey import made_up_uscc
from tests.conftest import REGION

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def result_row(n: int, **changes: Any) -> PublicResult:
    """Result n: even ones found something, every fourth was punished; published an hour after the last."""
    found = n % 2 == 0
    columns: dict[str, Any] = {
        "id": new_uuid7(),
        "version": 1,
        "current": True,
        "withdrawn": False,
        "draw_id": None,
        "region": REGION,
        "item": "psb.venues",
        "regime": "entertainment",
        "entity_key": made_up_uscc(n),
        "entity_name": f"样例场所{n}",
        "uscc": made_up_uscc(n),
        "ended_on": date(2026, 10, 1) + timedelta(days=n % 60),
        "published_at": START + timedelta(hours=n),
        "kind": "drawn",
        "codes": ["05", "21"] if found else ["01"],
        "found": found,
        "punished": n % 4 == 0,
        "in_time": n % 5 != 0,
        "copy_": {"entity": {"name": f"样例场所{n}"}},
        "sha256": f"{n:064x}",
    }
    return PublicResult(**(columns | changes))


def publish_rows(house: House, *rows: PublicResult) -> None:
    """Keep rows as if they had been published."""
    with house.database.unit_of_work() as session:
        session.add_all(rows)
