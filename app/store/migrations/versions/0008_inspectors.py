"""Trainings, qualifications, assignments, candidates for recusal, alerts about kin, reminders."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "inspector_trainings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_inspector_trainings_inspector_id"), "inspector_trainings", ["inspector_id"], unique=False
    )
    op.create_table(
        "inspector_qualifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_inspector_qualifications_inspector_id"),
        "inspector_qualifications",
        ["inspector_id"],
        unique=False,
    )
    op.create_table(
        "inspector_assignments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("home", ByteText, nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_because", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_inspector_assignments_inspector_id"), "inspector_assignments", ["inspector_id"], unique=False
    )
    op.create_table(
        "recusal_candidates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("station", sa.String(), nullable=True),
        sa.Column("matched", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("natural_key"),
    )
    op.create_index("ix_recusal_candidates_entity", "recusal_candidates", ["entity_id"], unique=False)
    op.create_index(
        op.f("ix_recusal_candidates_inspector_id"), "recusal_candidates", ["inspector_id"], unique=False
    )
    op.create_index(
        "ix_recusal_candidates_state", "recusal_candidates", ["state", "region", "id"], unique=False
    )
    op.create_table(
        "register_watches",
        sa.Column("register_name", sa.String(), nullable=False),
        sa.Column("last_change", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("register_name"),
    )
    op.create_table(
        "kin_alerts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recusal_id", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recusal_id"],
            ["recusals.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recusal_id"),
    )
    op.create_index("ix_kin_alerts_region", "kin_alerts", ["region", "id"], unique=False)
    op.create_table(
        "staff_reminders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("inspector_id", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("runs_out_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspectors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "record_id", "runs_out_on", "stage"),
    )
    op.create_index(
        op.f("ix_staff_reminders_inspector_id"), "staff_reminders", ["inspector_id"], unique=False
    )
    op.create_index(
        "ix_staff_reminders_region", "staff_reminders", ["region", "runs_out_on", "id"], unique=False
    )
    op.create_index("ix_register_changes_register", "register_changes", ["register_name", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_register_changes_register", table_name="register_changes")
    op.drop_index(op.f("ix_staff_reminders_inspector_id"), table_name="staff_reminders")
    op.drop_index("ix_staff_reminders_region", table_name="staff_reminders")
    op.drop_table("staff_reminders")
    op.drop_index("ix_kin_alerts_region", table_name="kin_alerts")
    op.drop_table("kin_alerts")
    op.drop_table("register_watches")
    op.drop_index("ix_recusal_candidates_entity", table_name="recusal_candidates")
    op.drop_index(op.f("ix_recusal_candidates_inspector_id"), table_name="recusal_candidates")
    op.drop_index("ix_recusal_candidates_state", table_name="recusal_candidates")
    op.drop_table("recusal_candidates")
    op.drop_index(op.f("ix_inspector_assignments_inspector_id"), table_name="inspector_assignments")
    op.drop_table("inspector_assignments")
    op.drop_index(op.f("ix_inspector_qualifications_inspector_id"), table_name="inspector_qualifications")
    op.drop_table("inspector_qualifications")
    op.drop_index(op.f("ix_inspector_trainings_inspector_id"), table_name="inspector_trainings")
    op.drop_table("inspector_trainings")
