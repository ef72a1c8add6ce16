"""Registers from elsewhere: sources, their runs and records, pairs to decide, joined entities, alarms."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import ByteText, Document, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_entities_source", "entities", ["source", "source_key"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("register_name", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("configuration", Document, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("overdue_at", Instant(), nullable=False),
        sa.Column("good_run_id", sa.String(), nullable=True),
        sa.Column("good_at", Instant(), nullable=True),
        sa.Column("good_rows", sa.Integer(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_sources_due", "sources", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_sources_region"), "sources", ["region"], unique=False)
    op.create_table(
        "joined_entities",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("key", ByteText, nullable=False),
        sa.Column("into_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["entities.id"],
        ),
        sa.PrimaryKeyConstraint("entity_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_joined_entities_into_id"), "joined_entities", ["into_id"], unique=False)
    op.create_table(
        "source_alarms",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("values", Document, nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_source_alarms_region"), "source_alarms", ["region"], unique=False)
    op.create_index(
        "ux_source_alarms_one_of_a_kind",
        "source_alarms",
        ["source_id", "kind"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "source_matches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("joined_id", sa.String(), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("likeness", Document, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["joined_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("joined_id", "kept_id"),
    )
    op.create_index(op.f("ix_source_matches_joined_id"), "source_matches", ["joined_id"], unique=False)
    op.create_index(op.f("ix_source_matches_kept_id"), "source_matches", ["kept_id"], unique=False)
    op.create_index("ix_source_matches_state", "source_matches", ["state", "region", "id"], unique=False)
    op.create_table(
        "source_records",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("source_key", ByteText, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("record_id", sa.String(), nullable=True),
        sa.Column("regime", sa.String(), nullable=True),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("fetched_run", sa.String(), nullable=True),
        sa.Column("not_seen_since", Instant(), nullable=True),
        sa.Column("to_match", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("source_id", "source_key"),
    )
    op.create_index("ix_source_records_entity", "source_records", ["entity_id"], unique=False)
    op.create_index("ix_source_records_record", "source_records", ["record_id"], unique=False)
    op.create_table(
        "source_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("region", ByteText, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("configuration", Document, nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("anew", sa.Boolean(), nullable=False),
        sa.Column("accept_shrink", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("held_since", Instant(), nullable=True),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ask", Document, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("unsteady", sa.Boolean(), nullable=False),
        sa.Column("landed", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("not_seen", sa.Integer(), nullable=False),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("not_modified", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("failure_values", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_source_runs_source", "source_runs", ["source_id", "id"], unique=False)
    op.create_index(
        "ux_source_runs_one_at_a_time",
        "source_runs",
        ["source_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'fetching', 'landing', 'marking', 'matching')"),
        postgresql_where=sa.text("state IN ('queued', 'fetching', 'landing', 'marking', 'matching')"),
    )
    op.create_table(
        "source_run_notes",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("values", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["source_runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "n"),
    )
    op.create_table(
        "source_staged_rows",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_key", ByteText, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("cells", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["source_runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "n"),
        sa.UniqueConstraint("run_id", "source_key"),
    )


def downgrade() -> None:
    op.drop_table("source_staged_rows")
    op.drop_table("source_run_notes")
    op.drop_index(
        "ux_source_runs_one_at_a_time",
        table_name="source_runs",
        sqlite_where=sa.text("state IN ('queued', 'fetching', 'landing', 'marking', 'matching')"),
        postgresql_where=sa.text("state IN ('queued', 'fetching', 'landing', 'marking', 'matching')"),
    )
    op.drop_index("ix_source_runs_source", table_name="source_runs")
    op.drop_table("source_runs")
    op.drop_index("ix_source_records_record", table_name="source_records")
    op.drop_index("ix_source_records_entity", table_name="source_records")
    op.drop_table("source_records")
    op.drop_index("ix_source_matches_state", table_name="source_matches")
    op.drop_index(op.f("ix_source_matches_kept_id"), table_name="source_matches")
    op.drop_index(op.f("ix_source_matches_joined_id"), table_name="source_matches")
    op.drop_table("source_matches")
    op.drop_index(
        "ux_source_alarms_one_of_a_kind",
        table_name="source_alarms",
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.drop_index(op.f("ix_source_alarms_region"), table_name="source_alarms")
    op.drop_table("source_alarms")
    op.drop_index(op.f("ix_joined_entities_into_id"), table_name="joined_entities")
    op.drop_table("joined_entities")
    op.drop_index(op.f("ix_sources_region"), table_name="sources")
    op.drop_index("ix_sources_due", table_name="sources")
    op.drop_table("sources")
    op.drop_index("ix_entities_source", table_name="entities")
