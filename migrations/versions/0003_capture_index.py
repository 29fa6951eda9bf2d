"""The local capture index.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_archives",
        sa.Column(
            "archive_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Its number in the local capture index"
        ),
        sa.Column("archive", sa.Text(), nullable=False, comment="Archive that holds the captures"),
        sa.Column(
            "base_url",
            sa.Text(),
            nullable=False,
            comment="Where it plays captures back: a timestamp and the original address follow",
        ),
        sa.Column(
            "imported_at", UtcDateTime(), nullable=False, comment="When a file brought captures that were not known before"
        ),
        sa.PrimaryKeyConstraint("archive_id", name=op.f("pk_index_archives")),
        sa.UniqueConstraint("archive", name=op.f("uq_index_archives_archive")),
        comment="Archives of which capture indexes were imported",
    )
    op.create_table(
        "capture_index",
        sa.Column(
            "urlkey",
            sa.Text(),
            autoincrement=False,
            nullable=False,
            comment="SURT form of the file, else ours; beginning and digest of one that no index could hold",
        ),
        sa.Column(
            "timestamp",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Moment of the capture as the archive writes it: 14 digits, UTC",
        ),
        sa.Column("archive_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Archive that holds it"),
        sa.Column(
            "digest",
            sa.Text(),
            autoincrement=False,
            nullable=False,
            comment="Digest of the captured body; empty text when not known",
        ),
        sa.Column(
            "original",
            sa.Text(),
            nullable=False,
            comment="Address that was captured; only its beginning where the urlkey says the rest",
        ),
        sa.Column("mimetype", sa.Text(), nullable=True, comment="Media type that was captured"),
        sa.Column("http_status", sa.BigInteger(), nullable=True, comment="HTTP status that was captured"),
        sa.Column("length", sa.BigInteger(), nullable=True, comment="Bytes of the record in the archive"),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["index_archives.archive_id"], name=op.f("fk_capture_index_archive_id_index_archives")
        ),
        sa.PrimaryKeyConstraint("urlkey", "timestamp", "archive_id", "digest", name=op.f("pk_capture_index")),
        comment="Captures that capture indexes list: imported, asked without a request",
        sqlite_with_rowid=False,
    )
