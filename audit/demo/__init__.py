"""The demo: a small rotten web and a little archive on loopback, an article about them, and what is true of its links.

::

    async with RottenWeb() as web:
        ...  # audit SOURCE, `article()`, with `settings(web, database=...)`
"""

from audit.demo.pages import article
from audit.demo.serving import RottenWeb
from audit.demo.sites import TRUTH, Truth
from audit.settings import ArchiveSettings, Captures, Pace, PerHost, Settings, Takeover, Timeouts, Web

__all__ = ["SOURCE", "TRUTH", "RottenWeb", "Truth", "article", "settings"]

SOURCE = "article.wiki"
"""What the article is called in the database and in reports."""
FAST = Pace(playback_per_min=60_000, index_per_min=60_000)
"""The little archive is ours: it may be asked at once."""


def settings(web: RottenWeb, *, database: str) -> Settings:
    """The settings of an audit that stays on loopback: the same program, other addresses and no waiting."""
    return Settings(
        database=database,
        web=Web(
            contact="https://marrowby-gazette.example/contact",
            per_host=PerHost(delay_s=0.02),
            timeouts=Timeouts(connect_s=2.0, read_s=5.0, total_s=10.0),
            max_wait_s=2.0,
            retry_after_s=(0.1, 0.2),
            ca_file=web.ca_file,
            allow_networks=("127.0.0.0/8",),
            resolve=dict(web.resolve),
            canaries=(),
        ),
        archives=(ArchiveSettings(name="wayback", kind="wayback", base_url=web.archive_url, api_url=web.archive_url, pace=FAST),),
        takeover=Takeover(rdap="never"),
        captures=Captures(search="all", verify="needed", max_minutes=1.0),
    )
