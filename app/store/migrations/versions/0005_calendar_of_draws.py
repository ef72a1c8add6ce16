"""The calendar of draws."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "adhoc_draws",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("visit_from", sa.Date(), nullable=False),
        sa.Column("visit_to", sa.Date(), nullable=False),
        sa.Column("rate_p", sa.Integer(), nullable=False),
        sa.Column("rate_q", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item", "region", "period"),
    )
    op.create_index("ix_adhoc_draws_region", "adhoc_draws", ["region"], unique=False)
    op.create_table(
        "draw_calendars",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("drafted_at", Instant(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item", "region", "year", "version"),
    )
    op.create_index("ix_draw_calendars_region", "draw_calendars", ["region"], unique=False)
    op.create_index(
        "ux_draw_calendars_one_approved",
        "draw_calendars",
        ["item", "region", "year"],
        unique=True,
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_index(
        "ux_draw_calendars_one_draft",
        "draw_calendars",
        ["item", "region", "year"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "public_calendars",
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("copy_", Document, nullable=False),
        sa.PrimaryKeyConstraint("item", "region", "year"),
    )
    op.create_table(
        "calendar_draws",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("calendar_id", sa.String(), nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("visit_from", sa.Date(), nullable=False),
        sa.Column("visit_to", sa.Date(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("rate_p", sa.Integer(), nullable=True),
        sa.Column("rate_q", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("holiday", sa.Date(), nullable=True),
        sa.Column("occasion", sa.String(), nullable=True),
        sa.Column("alarm_on", sa.Date(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("alarmed_at", Instant(), nullable=True),
        sa.Column("missed_at", Instant(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["draw_calendars.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("calendar_id", "period"),
    )
    op.create_index(
        "ix_calendar_draws_clock", "calendar_draws", ["in_force", "settled", "alarm_on"], unique=False
    )
    op.create_index("ix_calendar_draws_region", "calendar_draws", ["region"], unique=False)
    op.create_index(
        "ux_calendar_draws_in_force",
        "calendar_draws",
        ["item", "region", "period"],
        unique=True,
        sqlite_where=sa.text("in_force"),
        postgresql_where=sa.text("in_force"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(
        "ux_calendar_draws_in_force",
        table_name="calendar_draws",
        sqlite_where=sa.text("in_force"),
        postgresql_where=sa.text("in_force"),
    )
    op.drop_index("ix_calendar_draws_region", table_name="calendar_draws")
    op.drop_index("ix_calendar_draws_clock", table_name="calendar_draws")
    op.drop_table("calendar_draws")
    op.drop_table("public_calendars")
    op.drop_index(
        "ux_draw_calendars_one_draft",
        table_name="draw_calendars",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_index(
        "ux_draw_calendars_one_approved",
        table_name="draw_calendars",
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.drop_index("ix_draw_calendars_region", table_name="draw_calendars")
    op.drop_table("draw_calendars")
    op.drop_index("ix_adhoc_draws_region", table_name="adhoc_draws")
    op.drop_table("adhoc_draws")
