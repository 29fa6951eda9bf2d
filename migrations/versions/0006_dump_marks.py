"""How far dumps are read.

Revision 0006.
"""

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dump_marks",
        sa.Column("dump", sa.Text(), autoincrement=False, nullable=False, comment="The dump, as it was named"),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="Tells the very same file, read the same way"),
        sa.Column(
            "position",
            sa.BigInteger(),
            nullable=False,
            comment="Where to go on: an offset in a multistream file, else a number of pages",
        ),
        sa.Column("pages", sa.BigInteger(), nullable=False, comment="Pages seen"),
        sa.Column("documents", sa.BigInteger(), nullable=False, comment="Pages that cite something, and were read"),
        sa.Column("updated_at", UtcDateTime(), nullable=False, comment="When the last batch was written"),
        sa.Column("finished_at", UtcDateTime(), nullable=True, comment="When its end was reached"),
        sa.PrimaryKeyConstraint("dump", name=op.f("pk_dump_marks")),
        comment="How far each dump is read: a reading that was stopped goes on there",
    )
