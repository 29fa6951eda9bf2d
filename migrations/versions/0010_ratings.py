"""Rating lists, their rules, and corrections of them.

Revision 0010.
"""

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_lists",
        sa.Column(
            "version",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Its number: every import is a version of its own",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the rating list"),
        sa.Column("kind", sa.Text(), nullable=False, comment="Kind of list: rsp, citeunseen, csv ..."),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it was read: files, or a wiki"),
        sa.Column("family", sa.Text(), nullable=True, comment="Lists of one family count once"),
        sa.Column(
            "language",
            sa.Text(),
            nullable=True,
            comment="Language of the community that it speaks for; empty when it is bound to none",
        ),
        sa.Column("licence", sa.Text(), nullable=True, comment="Terms under which it stands"),
        sa.Column("url", sa.Text(), nullable=True, comment="Where people can read it"),
        sa.Column("as_of", sa.Date(), nullable=True, comment="Day of its newest page, or of the file"),
        sa.Column("fetched_at", UtcDateTime(), nullable=False, comment="When it was read"),
        sa.Column("revisions", sa.Text(), nullable=False, comment="Pages and their revisions: a JSON list of pairs"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of its rules"),
        sa.Column("counts", sa.Text(), nullable=False, comment="What was read and what was left out, as JSON"),
        sa.Column("rules", sa.BigInteger(), nullable=False, comment="How many rules it has"),
        sa.Column(
            "rules_version",
            sa.BigInteger(),
            nullable=False,
            comment="Version that holds the rules: an earlier one when nothing had changed",
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rating_lists")),
        comment="Rating lists; append only, one row per import, old versions are kept for replays",
    )
    op.create_index(op.f("ix_rating_lists_name_fetched_at"), "rating_lists", ["name", "fetched_at"])
    op.create_table(
        "rating_rules",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False, comment="Version of the rating list"),
        sa.Column(
            "position",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Its place in an order that the order of rows never changes",
        ),
        sa.Column("list_id", sa.Text(), nullable=False, comment="List that says it"),
        sa.Column("family", sa.Text(), nullable=False, comment="Family of the list"),
        sa.Column("kind", sa.Text(), nullable=False, comment="host, substring, pattern, doi-prefix, doi, issn or any"),
        sa.Column("key", sa.Text(), nullable=False, comment="Host in A-labels, text, pattern or identifier"),
        sa.Column("path", sa.Text(), nullable=False, comment="Path that it is bound to; empty for the whole host"),
        sa.Column("excluded", sa.Text(), nullable=False, comment="Keys that do not belong: a JSON list"),
        sa.Column("category", sa.Text(), nullable=False, comment="What the list says"),
        sa.Column("flags", sa.Text(), nullable=False, comment="blacklisted, stale, in-progress ...: a JSON list"),
        sa.Column("topic", sa.Text(), nullable=True, comment="Topic that it is bound to"),
        sa.Column("author", sa.Text(), nullable=True, comment="Pattern of authors that it is bound to"),
        sa.Column("work", sa.Text(), nullable=True, comment="Pattern of publishers or works that it is bound to"),
        sa.Column("language", sa.Text(), nullable=True, comment="Language of the community; empty when it is bound to none"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="First day of publication that it speaks of"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="Last day of publication that it speaks of"),
        sa.Column("as_of", sa.Date(), nullable=True, comment="When the list last discussed it, or the day of the file"),
        sa.Column("entry", sa.Text(), nullable=True, comment="The row's own name"),
        sa.Column("url", sa.Text(), nullable=True, comment="Where the row can be read"),
        sa.Column("revision", sa.Text(), nullable=True, comment="Revision of the page"),
        sa.Column("licence", sa.Text(), nullable=True, comment="Terms under which it stands"),
        sa.ForeignKeyConstraint(["version"], ["rating_lists.version"], name=op.f("fk_rating_rules_version_rating_lists")),
        sa.PrimaryKeyConstraint("version", "position", name=op.f("pk_rating_rules")),
        comment="Rules of rating lists: what each says of which host, path, years, author",
    )
    op.create_table(
        "rating_overrides",
        sa.Column("list_id", sa.Text(), autoincrement=False, nullable=False, comment="List that is corrected"),
        sa.Column(
            "key", sa.Text(), autoincrement=False, nullable=False, comment="Host, or host and path, that the correction is about"
        ),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When it was written"),
        sa.Column("category", sa.Text(), nullable=True, comment="What stands instead; empty for no rating"),
        sa.Column("author", sa.Text(), nullable=False, comment="Who says so"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="Until when it acts"),
        sa.PrimaryKeyConstraint("list_id", "key", "created_at", name=op.f("pk_rating_overrides")),
        comment="Corrections of ratings by people; the lists' own rows stay as they are",
    )
