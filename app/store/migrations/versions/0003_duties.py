"""Duties: changes of registrations, and cases for the registrar."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The day in Asia/Shanghai on which the premises was entered: nobody knows a better one.
_KNOWN_SINCE = {
    "sqlite": "date(created_at, '+8 hours')",
    "postgresql": "CAST(created_at + interval '8 hours' AS date)",
}


def upgrade() -> None:
    """Apply."""
    op.add_column("registrations", sa.Column("known_since", sa.Date(), nullable=True))
    created = _KNOWN_SINCE[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE registrations SET known_since = (SELECT {created} FROM entities WHERE id = entity_id)"  # noqa: S608 - two texts of our own
    )
    with op.batch_alter_table("registrations") as table:
        table.alter_column("known_since", existing_type=sa.Date(), nullable=False)
    op.create_table(
        "registration_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registration_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status_before", sa.String(), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("subtype_before", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_registration_changes_registration", "registration_changes", ["registration_id", "on", "id"]
    )
    _cases()
    _alarms()
    _ended()


def _cases() -> None:
    op.create_table(
        "registrar_cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registration_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("ends_duty", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "registration_id"),
    )
    op.create_index("ix_registrar_cases_region", "registrar_cases", ["region", "state", "id"])
    op.create_index("ix_registrar_cases_registration", "registrar_cases", ["registration_id", "state"])


def _alarms() -> None:
    op.create_table(
        "duty_alarms",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registration_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("registration_id", "item", "due_on"),
    )
    op.create_index("ix_duty_alarms_region", "duty_alarms", ["region", "id"])


def _ended() -> None:
    op.create_table(
        "ended_duties",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registration_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("station", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("excused", sa.String(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("registration_id", "item", "window_to"),
    )
    op.create_index("ix_ended_duties_region", "ended_duties", ["region", "window_to", "id"])
    op.create_table(
        "duty_clocks",
        sa.Column("region", ByteText, nullable=False),
        sa.Column("recorded_to", sa.Date(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("region"),
    )


def downgrade() -> None:
    """Undo."""
    for table in ("duty_clocks", "ended_duties", "duty_alarms", "registrar_cases", "registration_changes"):
        op.drop_table(table)
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_column("known_since")
