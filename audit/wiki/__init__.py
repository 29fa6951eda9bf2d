"""The MediaWiki API: any wiki, read politely. I/O.

What other rooms use::

    async with Wiki("https://en.wikipedia.org/w/api.php", web=settings.web) as wiki:
        async for page in wiki.pages(["Earth", "Mars"]):          # newest text, revision id, moment; redirects followed
            page.title, page.revision, page.revised_at, page.text
        async for page in wiki.revisions([1234, 1235]): ...       # texts of revisions by id, whatever page they belong to
        async for head in wiki.all_pages(namespace=4, prefix="Reliable sources/"): ...     # titles and newest revisions, no text

A page that is not there comes with `missing` set. Whatever the wiki refuses for good is a `WikiError`, one clear line; what may
pass (lag, limits, read-only, faults of the server or the network) is asked again first. Several wikis share one `Wire`, so that
no more than three requests are open at once over all of them.
"""

from audit.wiki.answers import Page, Pair, Site
from audit.wiki.client import Wiki
from audit.wiki.naming import Named, parse
from audit.wiki.reading import Text, texts
from audit.wiki.wire import Wire

__all__ = ["Named", "Page", "Pair", "Site", "Text", "Wiki", "Wire", "parse", "texts"]
