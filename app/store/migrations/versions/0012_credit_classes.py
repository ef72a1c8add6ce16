"""Classes of credit risk; evidence by agency; pairs proposed by hand, and undone."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Document, Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WHO_AND_WHY = (
    *("proposed_by", "proposed_by_name", "proposed_because"),
    *("undone_by", "undone_by_name", "undone_because"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "credit_classes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column("credit_class", sa.String(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("not_seen_since", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("natural_key"),
    )
    op.create_index("ix_credit_classes_entity_id", "credit_classes", ["entity_id"])
    op.add_column("evidence", sa.Column("agency", sa.String(), nullable=True))
    # What was handed in at joint visits before belongs to the agency of the officer who did.
    op.execute(
        "UPDATE evidence SET agency = (SELECT i.agency FROM api_keys k"
        ' JOIN inspectors i ON i.code = k.inspector WHERE k.id = evidence."by")'
        " WHERE visit_id IN (SELECT id FROM visits WHERE agencies IS NOT NULL)"
    )
    op.add_column("joined_entities", sa.Column("moves", Document, nullable=True))
    with op.batch_alter_table("source_matches") as matches:
        matches.alter_column("source_id", existing_type=sa.String(), nullable=True)
        matches.alter_column("source_key", existing_type=sa.String(), nullable=True)
        for name in _WHO_AND_WHY:
            matches.add_column(sa.Column(name, sa.String(), nullable=True))
        matches.add_column(sa.Column("undone_at", Instant(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM source_matches WHERE source_id IS NULL")
    with op.batch_alter_table("source_matches") as matches:
        for name in ("undone_at", *reversed(_WHO_AND_WHY)):
            matches.drop_column(name)
        matches.alter_column("source_key", existing_type=sa.String(), nullable=False)
        matches.alter_column("source_id", existing_type=sa.String(), nullable=False)
    op.drop_column("joined_entities", "moves")
    op.drop_column("evidence", "agency")
    op.drop_table("credit_classes")
