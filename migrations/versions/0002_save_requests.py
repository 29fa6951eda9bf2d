"""Requests to save pages.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "save_requests",
        sa.Column(
            "url_key",
            sa.LargeBinary(length=16),
            autoincrement=False,
            nullable=False,
            comment="The cited URL that was to be saved",
        ),
        sa.Column(
            "requested_at",
            UtcDateTime(),
            autoincrement=False,
            nullable=False,
            comment="When it was sent; the row is written before",
        ),
        sa.Column("archive", sa.Text(), autoincrement=False, nullable=False, comment="Archive that was asked"),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="requested, accepted, saved, unknown, transient, permanent, quota or quota-all",
        ),
        sa.Column("job_id", sa.Text(), nullable=True, comment="The archive's name for the job"),
        sa.Column("code", sa.Text(), nullable=True, comment="The archive's word for what went wrong"),
        sa.Column("detail", sa.Text(), nullable=True, comment="What it said, or why the outcome is not known"),
        sa.Column(
            "finished_at",
            UtcDateTime(),
            nullable=True,
            comment="When the outcome was known; empty while the job is open or if the run was killed",
        ),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_save_requests_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "requested_at", "archive", name=op.f("pk_save_requests")),
        comment="Requests to save pages; one row each, finished once, never sent again while nobody knows the outcome",
    )
