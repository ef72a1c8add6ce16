"""Policies as data."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "policies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("reach", ByteText, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sm3", sa.String(), nullable=False),
        sa.Column("based_on", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("drafted_at", Instant(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("withdrawal_asked_by", sa.String(), nullable=True),
        sa.Column("withdrawal_asked_at", Instant(), nullable=True),
        sa.Column("withdrawal_reason", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", "reach", "version"),
    )
    op.create_index("ix_policies_in_force", "policies", ["code", "reach", "valid_from"], unique=False)
    op.create_index(op.f("ix_policies_sha256"), "policies", ["sha256"], unique=False)
    op.create_index(op.f("ix_policies_sm3"), "policies", ["sm3"], unique=False)
    op.add_column("register_changes", sa.Column("reason", sa.String(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("register_changes") as table:
        table.drop_column("reason")
    op.drop_table("policies")
