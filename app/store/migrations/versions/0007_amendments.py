"""Amendments of draws, and requests for recusal; places of teams, joint plans, agencies of callers."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draw_amendments",
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("basis", Document, nullable=False),
        sa.Column("may_change", Document, nullable=True),
        sa.Column("logged_at", Instant(), nullable=False),
        sa.Column("logged_by", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("given", Document, nullable=True),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("beacon", sa.String(), nullable=True),
        sa.Column("effect", Document, nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"]),
        sa.PrimaryKeyConstraint("draw_id", "n"),
    )
    op.create_index(
        "ux_draw_amendments_one_pending",
        "draw_amendments",
        ["draw_id"],
        unique=True,
        sqlite_where=sa.text("beacon IS NULL"),
        postgresql_where=sa.text("beacon IS NULL"),
    )
    op.create_table(
        "recusal_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=True),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("inspector", ByteText, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("receipt_digest", sa.String(), nullable=True),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("amendment_n", sa.Integer(), nullable=True),
        sa.Column("alarmed_at", Instant(), nullable=True),
        sa.Column("overdue_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"]),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_digest"),
    )
    op.create_index("ix_recusal_requests_clock", "recusal_requests", ["state", "decide_by"], unique=False)
    op.create_index("ix_recusal_requests_visit", "recusal_requests", ["visit_id", "inspector"], unique=False)
    op.create_index(
        "ux_recusal_requests_one_open",
        "recusal_requests",
        ["visit_id", "inspector"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("visits", sa.Column("places", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("agencies", Document, nullable=True))
    op.add_column("draw_plans", sa.Column("joint", Document, nullable=True))
    op.add_column("api_keys", sa.Column("agency", sa.String(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("api_keys", "agency")
    op.drop_column("draw_plans", "joint")
    op.drop_column("visits", "agencies")
    op.drop_column("visits", "places")
    for name in ("ux_recusal_requests_one_open", "ix_recusal_requests_visit", "ix_recusal_requests_clock"):
        op.drop_index(name, table_name="recusal_requests")
    op.drop_table("recusal_requests")
    op.drop_index("ux_draw_amendments_one_pending", table_name="draw_amendments")
    op.drop_table("draw_amendments")
