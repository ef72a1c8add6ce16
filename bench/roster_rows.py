"""A province's registers, written straight into PostgreSQL."""

from typing import Final

from sqlalchemy import text

from app.store.session import Database

_STEPS: Final = (
    """
    INSERT INTO entities (id, key, uscc, premises, name, region, station, key_area, created_at, updated_at)
    SELECT lpad(n::text, 36, '0'), '92410928MA' || lpad(n::text, 8, '0'),
           '92410928MA' || lpad(n::text, 8, '0'), 1, '样例场所' || n,
           '4109' || lpad((n % 20 + 1)::text, 2, '0'), lpad((n % 30)::text, 3, '0'),
           n % 50 = 0, timestamptz '2025-01-01', timestamptz '2025-01-01'
    FROM generate_series(1, :registrations) n
    """,
    """
    INSERT INTO registrations (id, entity_id, regime, subtype, level, status, registered_on, known_since)
    SELECT lpad(n::text, 36, '0'), lpad(n::text, 36, '0'), 'special_industry', 'hotel',
           CASE WHEN n % 10 < 6 THEN 1 WHEN n % 10 < 9 THEN 2 ELSE 3 END,
           CASE WHEN n % 40 = 0 THEN 'suspended' ELSE 'operating' END,
           date '2020-01-01' + (n % 2000)::int, date '2025-01-01'
    FROM generate_series(1, :registrations) n
    """,
    """
    INSERT INTO risk_events (id, entity_id, natural_key, kind, happened_on, substantiated, source_no)
    SELECT lpad(n::text, 36, '0'), lpad((n * 3)::text, 36, '0'), n::text,
           (ARRAY['complaint', 'penalty', 'hazard'])[n % 3 + 1], date '2025-06-01' + (n % 500)::int, true,
           '样文〔2026〕' || n || '号'
    FROM generate_series(1, :registrations / 3) n
    """,
    """
    INSERT INTO past_visits (id, entity_id, natural_key, item, visited_on, kind, agency, codes, inspectors)
    SELECT lpad(n::text, 36, '0'), lpad((n % :registrations + 1)::text, 36, '0'), n::text,
           'psb.special-industry', date '2025-12-01' + (n % 330)::int, 'drawn', 'psb',
           CASE WHEN n % 4 = 0 THEN '["05"]' ELSE '["01"]' END::jsonb, '["psb-001", "psb-002"]'::jsonb
    FROM generate_series(1, 2 * :registrations) n
    """,
    """
    INSERT INTO registration_changes (id, registration_id, "on", status_before, level_before)
    SELECT lpad(n::text, 36, '0'), lpad((n * 20)::text, 36, '0'), date '2026-05-01' + (n % 180)::int,
           'operating', 2
    FROM generate_series(1, :registrations / 20) n
    """,
)


def fill(database: Database, registrations: int) -> None:
    """Write so many registrations, a third as many risk events, twice as many visits, some changes."""
    with database.unit_of_work() as session:
        for step in _STEPS:
            session.connection().execute(text(step), {"registrations": registrations})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
