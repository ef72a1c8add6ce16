"""What a review of visits and results added."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADDED = (
    ("dispositions", "recheck_by", sa.Date()),
    ("dispositions", "recheck_alarm_on", sa.Date()),
    ("dispositions", "rechecked_on", sa.Date()),
    ("dispositions", "alarmed_at", Instant()),
    ("dispositions", "overdue_at", Instant()),
    ("visits", "approval_alarmed_at", Instant()),
    ("visits", "record_alarmed_at", Instant()),
    ("visits", "record_overdue_at", Instant()),
    ("publications", "counts", Document),
    ("publication_steps", "ground", sa.String()),
    ("public_results", "ground", sa.String()),
    ("public_standings", "publication", sa.String()),
    ("draw_plans", "disclose_from", sa.Time()),
)
_RESULT_OF_A_STANDING = """
    UPDATE public_standings SET publication = state
    WHERE state IN ('published', 'pending', 'withheld', 'withdrawn')
"""
_UNDRAWN = """
    INSERT INTO public_undrawn (visit_id, region, item, kind, publication, unreachable, ended_on, due_on)
    SELECT p.visit_id, p.region, p.item, v.kind, s.publication, false, p.ended_on,
        CASE WHEN s.publication = 'pending' THEN p.due_on END
    FROM publications p JOIN visits v ON v.id = p.visit_id
    JOIN (
        SELECT id, CASE
            WHEN public_version IS NOT NULL THEN 'published'
            WHEN state IN ('withheld', 'withdrawn') THEN state
            ELSE 'pending' END AS publication
        FROM publications
    ) s ON s.id = p.id
    WHERE v.kind <> 'drawn'
"""


def upgrade() -> None:
    """Apply."""
    for table, name, kind in _ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "disposition_extensions",
        sa.Column("disposition_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["disposition_id"], ["dispositions.id"]),
        sa.PrimaryKeyConstraint("disposition_id", "n"),
    )
    op.create_index(
        "ix_disposition_extensions_asked",
        "disposition_extensions",
        ["disposition_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "calendar_alarms",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "removed_versions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("copy_", Document, nullable=False),
        sa.Column("removed_by", sa.String(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )
    op.create_table(
        "public_undrawn",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("visit_id"),
    )
    op.create_index(
        "ix_public_undrawn_counted", "public_undrawn", ["ended_on", "region", "kind"], unique=False
    )
    op.create_index(
        "ix_visits_unapproved",
        "visits",
        ["approve_by"],
        unique=False,
        sqlite_where=sa.text("approve_by IS NOT NULL AND approved_at IS NULL"),
        postgresql_where=sa.text("approve_by IS NOT NULL AND approved_at IS NULL"),
    )
    op.execute(_RESULT_OF_A_STANDING)
    op.execute(_UNDRAWN)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_visits_unapproved", table_name="visits")
    op.drop_index("ix_public_undrawn_counted", table_name="public_undrawn")
    for table in ("public_undrawn", "removed_versions", "calendar_alarms"):
        op.drop_table(table)
    op.drop_index("ix_disposition_extensions_asked", table_name="disposition_extensions")
    op.drop_table("disposition_extensions")
    for table, name, _ in reversed(_ADDED):
        op.drop_column(table, name)
