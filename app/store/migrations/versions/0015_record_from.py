"""From when a draw's record is given: not before the visits that its lines know of are disclosed."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("public_draws", sa.Column("record_from", Instant(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("public_draws", "record_from")
