"""Decisions where a duty and the annual cap collide."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "cap_decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject", ByteText, nullable=False),
        sa.Column("yields", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["draw_plans.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cap_decisions_item", "cap_decisions", ["item", "year", "region"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("cap_decisions")
