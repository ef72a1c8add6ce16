"""Requests that duties be looked at again, alarms about a whole region, declined withdrawals of policies."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OF_ONE_DUTY = ("registration_id", "entity_id", "item", "regime")


def upgrade() -> None:
    """Apply."""
    op.add_column("policies", sa.Column("declined_withdrawals", Document, nullable=True))
    op.create_table(
        "duty_look_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duty_look_requests_region", "duty_look_requests", ["region"])
    with op.batch_alter_table("duty_alarms") as alarms:
        for name in _OF_ONE_DUTY:
            alarms.alter_column(name, existing_type=sa.String(), nullable=True)
        alarms.add_column(sa.Column("duties", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM duty_alarms WHERE registration_id IS NULL")
    with op.batch_alter_table("duty_alarms") as alarms:
        alarms.drop_column("duties")
        for name in _OF_ONE_DUTY:
            alarms.alter_column(name, existing_type=sa.String(), nullable=False)
    op.drop_table("duty_look_requests")
    op.drop_column("policies", "declined_withdrawals")
