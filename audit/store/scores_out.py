"""What is stored of scores, as of a moment: the newest fit, the fingerprints, the course of a publisher. I/O."""

from datetime import datetime

import sqlalchemy as sa

from audit.model import Row, ScoreFit
from audit.store import rows
from audit.store.statements import STREAMED
from audit.store.tables import cited_urls, publisher_scores_history, score_fits

HISTORY = publisher_scores_history
COURSE = (
    "scored_at",
    "score",
    "low",
    "high",
    "basis",
    "durability",
    "durability_low",
    "durability_high",
    "editorial",
    "resolved",
    "links",
)
MOST_OF_A_COURSE = 50
"""The newest rows of a course; the table has the rest."""


def score_fit(conn: sa.Connection, *, at: datetime) -> ScoreFit | None:
    """The newest fit of that moment."""
    query = sa.select(score_fits).where(score_fits.c.fitted_at <= at).order_by(score_fits.c.fitted_at.desc()).limit(1)
    row = conn.execute(query).mappings().first()
    if row is None:
        return None
    curve = tuple((float(years), float(alive)) for years, alive in rows.unlisted(row["survival"]))
    return ScoreFit(**{name: row[name] for name in ScoreFit.__slots__ if name != "survival"}, survival=curve)


def score_inputs(conn: sa.Connection, *, at: datetime) -> dict[str, str]:
    """Publisher -> fingerprint of the inputs of its newest score of that moment."""
    newest = (
        sa.select(HISTORY.c.publisher, sa.func.max(HISTORY.c.scored_at).label("scored_at"))
        .where(HISTORY.c.scored_at <= at)
        .group_by(HISTORY.c.publisher)
        .subquery()
    )
    same = (newest.c.publisher == HISTORY.c.publisher) & (newest.c.scored_at == HISTORY.c.scored_at)
    query = sa.select(HISTORY.c.publisher, HISTORY.c.inputs_sha256).join(newest, same)
    return {row.publisher: row.inputs_sha256 for row in conn.execution_options(**STREAMED).execute(query)}


def score_versions(conn: sa.Connection) -> tuple[str, str] | None:
    """(suffix list, table of platforms) of the newest score: by these the cited URLs were grouped last."""
    query = sa.select(HISTORY.c.psl_version, HISTORY.c.tenants_version).order_by(HISTORY.c.scored_at.desc()).limit(1)
    row = conn.execute(query).first()
    return (row.psl_version, row.tenants_version) if row else None


def course(conn: sa.Connection, publisher: str) -> tuple[Row, ...]:
    """The scores of a publisher over time, the oldest first."""
    columns = [HISTORY.c[name] for name in COURSE]
    query = sa.select(*columns).where(HISTORY.c.publisher == publisher).order_by(HISTORY.c.scored_at.desc())
    found = [dict(row) for row in conn.execute(query.limit(MOST_OF_A_COURSE)).mappings()]
    return tuple(reversed(found))


def grouped_urls(conn: sa.Connection) -> list[tuple[bytes, str, str, str]]:
    """(key, URL, publisher, section) of every URL that is known."""
    query = sa.select(cited_urls.c.url_key, cited_urls.c.url, cited_urls.c.publisher, cited_urls.c.section)
    return [(row.url_key, row.url, row.publisher, row.section) for row in conn.execute(query)]
