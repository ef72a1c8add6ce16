"""Appeals against published results, and the mark that the public sees of them."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "appeals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("receipt_digest", sa.String(), nullable=False),
        sa.Column("retry_digest", sa.String(), nullable=True),
        sa.Column("request_digest", sa.String(), nullable=True),
        sa.Column("publication_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("entity_name", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("sealed_filing", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("alarm_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("handler", sa.String(), nullable=True),
        sa.Column("handler_name", sa.String(), nullable=True),
        sa.Column("handled_by", Document, nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=True),
        sa.Column("sealed_proposal", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=True),
        sa.Column("decider", sa.String(), nullable=True),
        sa.Column("decider_name", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("sealed_decision", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_version", sa.Integer(), nullable=True),
        sa.Column("alarmed_at", Instant(), nullable=True),
        sa.Column("overdue_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_digest"),
        sa.UniqueConstraint("retry_digest"),
    )
    op.create_index("ix_appeals_region", "appeals", ["region", "id"])
    op.create_index("ix_appeals_visit", "appeals", ["visit_id"])
    op.create_index("ix_appeals_clock", "appeals", ["state", "alarm_on"])
    op.add_column("public_results", sa.Column("appeal", sa.String(), nullable=True))
    # Lists show a row as it was written; rows from before get the member that new ones have.
    op.execute(
        r"""UPDATE public_results SET listed = substr(listed, 1, length(listed) - 1) || ',"appeal"\:null}'"""
    )


def downgrade() -> None:
    """Undo."""
    op.execute(
        r"""UPDATE public_results SET listed = replace(replace(replace(listed,
        ',"appeal"\:null}', '}'), ',"appeal"\:"pending"}', '}'), ',"appeal"\:"upheld"}', '}')"""
    )
    op.drop_column("public_results", "appeal")
    op.drop_table("appeals")
