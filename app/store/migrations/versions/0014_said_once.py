"""A training, a qualification or an absence is said once."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SAID: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("inspector_trainings", ("held_on", "course")),
    ("inspector_qualifications", ("regime", "valid_from", "valid_to", "certificate")),
    ("inspector_absences", ("starts_on", "ends_on")),
)
_ABSENCES = "inspector_absences"


def upgrade() -> None:
    """Apply. Of what was entered twice before, the first has the key, and the others stay as they are."""
    for table, said in _SAID:
        op.add_column(table, sa.Column("natural_key", sa.String(), nullable=True))
        _fill(table, said)
        with op.batch_alter_table(table) as changed:
            changed.create_unique_constraint(f"uq_{table}_natural_key", ["natural_key"])


def _fill(table: str, said: Sequence[str]) -> None:
    columns: list[sa.ColumnClause[str]] = [sa.column(name) for name in ("id", "inspector_id", "natural_key")]
    days = {name for name in said if name.endswith(("_on", "_from", "_to"))}
    said_columns = [sa.column(name, sa.Date() if name in days else sa.String()) for name in said]
    rows = sa.table(table, *columns, *said_columns)
    standing = sa.select(rows).order_by(rows.c.id)
    if table != _ABSENCES:
        standing = standing.where(sa.column("withdrawn_at").is_(None))
    connection = op.get_bind()
    keys: dict[str, str] = {}
    for row in connection.execute(standing).mappings():
        words = (row["inspector_id"], *(row[name] for name in said))
        keys.setdefault("|".join("" if word is None else str(word) for word in words), row["id"])
    if keys:
        named = sa.update(rows).where(rows.c.id == sa.bindparam("of")).values(natural_key=sa.bindparam("key"))
        connection.execute(named, [{"of": record_id, "key": key} for key, record_id in keys.items()])


def downgrade() -> None:
    """Undo."""
    for table, _ in _SAID:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(f"uq_{table}_natural_key", type_="unique")
            changed.drop_column("natural_key")
