"""What scores are made of: fits, sections, ratings, bounds.

Revision 0007.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCORES: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("display_name", sa.Text(), "Publisher key as people read it"),
    ("live5_if_unknown_live", sa.Double(), "The same if all links of unknown fate were alive at their last check"),
    ("live5_if_unknown_dead", sa.Double(), "The same if all links of unknown fate had died by their last check"),
    ("half_life_low", sa.Double(), "Lower end of the median lifetime"),
    ("half_life_high", sa.Double(), "Upper end of the median lifetime; 50 means more than that"),
    ("archive_verified", sa.BigInteger(), "Links of which a copy was opened and shows the page"),
    ("editorial_value", sa.Double(), "The word as a number, for sorting only"),
    ("editorial_low", sa.Double(), "Lower end of its interval"),
    ("editorial_high", sa.Double(), "Upper end of its interval"),
    ("links_rated", sa.BigInteger(), "Links that a rating reaches; the others are unrated, which says nothing about them"),
    ("scope_language", sa.Text(), "Language of the community whose lists speak"),
    ("policy_version", sa.Text(), "Version of the weights of the lists' words"),
    ("list_versions", sa.Text(), "Lists that speak, with their revisions: a JSON list"),
)


def upgrade() -> None:
    op.add_column(
        "link_states",
        sa.Column(
            "rating",
            sa.Text(),
            nullable=True,
            comment="Category that loaded lists give it; empty when none speaks of it, which says nothing",
        ),
    )
    op.add_column(
        "link_states",
        sa.Column(
            "best_support",
            sa.Text(),
            nullable=True,
            comment="What it was seen to show: verified, likely, unverified ...; empty when it was not opened",
        ),
    )
    op.add_column(
        "citations",
        sa.Column(
            "gone_date", sa.Date(), nullable=True, comment="Last day of the time in which an editor tagged the link as gone"
        ),
    )
    for name, kind, comment in SCORES:
        op.add_column("publisher_scores_history", sa.Column(name, kind, nullable=True, comment=comment))
    _sections()
    _fits()
    if op.get_context().dialect.name == "postgresql":
        for name, end in (("low", "Lower"), ("high", "Upper")):
            op.alter_column(
                "publisher_scores_history",
                name,
                comment=f"{end} end of its 90 % interval",
                existing_comment=f"{end} end of its 95 % interval",
            )


def _sections() -> None:
    op.create_table(
        "section_scores_history",
        sa.Column("publisher", sa.Text(), autoincrement=False, nullable=False, comment="Publisher key"),
        sa.Column("section", sa.Text(), autoincrement=False, nullable=False, comment="Host and first path segment"),
        sa.Column("scored_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When it was computed"),
        sa.Column(
            "durability",
            sa.Double(),
            nullable=False,
            comment="Per cent of citations still verifiable in five years, live or archived",
        ),
        sa.Column("durability_low", sa.Double(), nullable=False, comment="Lower end of its interval"),
        sa.Column("durability_high", sa.Double(), nullable=False, comment="Upper end of its interval"),
        sa.Column(
            "archive_coverage",
            sa.Double(),
            nullable=True,
            comment="Per cent of cited URLs with a usable capture; empty when archives were not asked",
        ),
        sa.Column("links", sa.BigInteger(), nullable=False, comment="Distinct cited URLs"),
        sa.Column("live", sa.BigInteger(), nullable=False, comment="of these live"),
        sa.Column("rotten", sa.BigInteger(), nullable=False, comment="of these dead, usurped or drifted"),
        sa.Column("blocked", sa.BigInteger(), nullable=False, comment="of these blocked"),
        sa.Column("unknown", sa.BigInteger(), nullable=False, comment="of these unknown"),
        sa.Column("suspect", sa.BigInteger(), nullable=False, comment="of these failing, not yet confirmed"),
        sa.Column("resolved", sa.BigInteger(), nullable=False, comment="Links with a known fate"),
        sa.Column("dead_hard", sa.BigInteger(), nullable=False, comment="Deaths that the server or network declared"),
        sa.Column("dead_soft", sa.BigInteger(), nullable=False, comment="Deaths behind an answer that looks well"),
        sa.Column("live5", sa.Double(), nullable=False, comment="Per cent of links that survive five years"),
        sa.Column("live5_low", sa.Double(), nullable=False, comment="Lower end of its interval"),
        sa.Column("live5_high", sa.Double(), nullable=False, comment="Upper end of its interval"),
        sa.Column("archive_checked", sa.BigInteger(), nullable=False, comment="Links whose archive standing is known"),
        sa.Column("model_version", sa.Text(), nullable=False, comment="Version of the model"),
        sa.Column("inputs_sha256", sa.Text(), nullable=False, comment="SHA-256 of the inputs of its publisher"),
        sa.PrimaryKeyConstraint("publisher", "section", "scored_at", name=op.f("pk_section_scores_history")),
        comment="Durability of the sections of publishers; append only, beside the score of their publisher",
    )


def _fits() -> None:
    op.create_table(
        "score_fits",
        sa.Column("fitted_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When it was fitted"),
        sa.Column("model_version", sa.Text(), nullable=False, comment="Version of the model"),
        sa.Column("lambda0", sa.Double(), nullable=False, comment="Base rate, deaths per link and year"),
        sa.Column("standard_error", sa.Double(), nullable=False, comment="Standard error of its logarithm"),
        sa.Column("links", sa.BigInteger(), nullable=False, comment="Links of known fate"),
        sa.Column("publishers", sa.BigInteger(), nullable=False, comment="Publishers with such links"),
        sa.Column("assumed_age_years", sa.Double(), nullable=False, comment="Age at the first check of links without any date"),
        sa.Column("archive_a", sa.Double(), nullable=False, comment="Prior of archive coverage: copies"),
        sa.Column("archive_b", sa.Double(), nullable=False, comment="Prior of archive coverage: none"),
        sa.Column(
            "survival",
            sa.Text(),
            nullable=False,
            comment="Share of all links that still work, by years since they were cited: a JSON list",
        ),
        sa.PrimaryKeyConstraint("fitted_at", name=op.f("pk_score_fits")),
        comment="What all scores of one time share; append only, fitted anew weekly or when links have grown by a tenth",
    )
