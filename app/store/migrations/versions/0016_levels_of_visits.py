"""Which level of government made a visit: what an annual cap counts; null where nothing says it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OF_DRAWS = """
    UPDATE visits SET level = (
        SELECT CASE
            WHEN length(draws.region) = 2 OR draws.region LIKE '__0000' THEN 'province'
            WHEN length(draws.region) = 4 OR draws.region LIKE '____00' THEN 'city'
            ELSE 'county'
        END
        FROM draws WHERE draws.id = visits.draw_id
    )
    WHERE draw_id IS NOT NULL
"""

_OF_VISITS = """
    UPDATE past_visits SET level = (
        SELECT min(visits.level) FROM visits
        WHERE visits.entity_id = past_visits.entity_id
            AND visits.ended_on = past_visits.visited_on
            AND visits.kind = past_visits.kind
        GROUP BY visits.entity_id
        HAVING count(*) = 1
    )
    WHERE kind = 'drawn'
"""
"""Of two draws' visits at one premises on one day nothing tells them apart: those keep null."""


def upgrade() -> None:
    """Apply."""
    for table in ("visits", "past_visits"):
        op.add_column(table, sa.Column("level", sa.String(), nullable=True))
    op.execute(_OF_DRAWS)
    op.execute(_OF_VISITS)


def downgrade() -> None:
    """Undo."""
    for table in ("past_visits", "visits"):
        op.drop_column(table, "level")
