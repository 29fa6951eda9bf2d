"""The API client and the sources on wikis, against a real MediaWiki."""

import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace

import pytest

from audit.errors import DocumentError, WikiError
from audit.settings import Web, WikiSettings
from audit.wiki import Page, Text, Wiki, Wire, parse, texts
from audit.wiki.reading import Unchanged, Wanted
from tests.real import wiki_front
from tests.real.mediawiki import MediaWiki
from tests.real.wiki_front import Edge, WikiFront

pytestmark = pytest.mark.real

CONTACT = "desk@news.example"
WEB = Web(contact=CONTACT, allow_networks=("127.0.0.0/8",), retry_after_s=(0.05,), max_wait_s=10.0)
CITING = "Prose.<ref>https://www.cited.test/{}</ref>\n[[Category:Club]]"
CLUB = [f"Club {number:03}" for number in range(120)]


@pytest.fixture(scope="module")
def behind(wiki: MediaWiki) -> Iterator[WikiFront]:
    """A front of a wiki that holds a category of 120 pages, subcategories in a circle, and a history."""
    wiki.save({title: CITING.format(number) for number, title in enumerate(CLUB)})
    wiki.save(
        {
            "Category:Club": "[[Category:Inner]]",
            "Category:Inner": "[[Category:Club]]",
            "Inside": "text [[Category:Inner]]",
            "Category:Innermost": "[[Category:Inner]]",
            "Deep inside": "text [[Category:Innermost]]",
            "The club": "#REDIRECT [[Club 007]]",
            "Talk:Club 007": "talk http://www.cited.test/talk [[Category:Club]]",
            "Insecure": "http://cited.test/plain",
        }
    )
    with wiki_front.serving(wiki.url) as front:
        yield front


@pytest.fixture
def front(behind: WikiFront) -> WikiFront:
    behind.forget()
    return behind


@pytest.fixture
async def client(front: WikiFront) -> AsyncGenerator[Wiki]:
    async with Wiki(front.api, web=WEB, rules=WikiSettings()) as opened:
        yield opened


async def gathered(pages: AsyncGenerator[Page]) -> list[Page]:
    return [page async for page in pages]


# ---- pages


async def test_pages_come_with_text_revision_and_moment_in_batches(wiki: MediaWiki, front: WikiFront, client: Wiki) -> None:
    found = await gathered(client.pages(CLUB))

    assert {page.title: page.text for page in found} == {title: CITING.format(number) for number, title in enumerate(CLUB)}
    assert len(front.hits) == 3
    assert all(page.revised_at and page.revised_at.tzinfo for page in found)
    assert found[0].revision == wiki.newest(found[0].title)


async def test_continuation_that_splits_a_batch_loses_no_page_and_no_text(front: WikiFront, client: Wiki) -> None:
    front.always["X-Wiki-Result-Size"] = "3000"

    found = await gathered(client.pages(CLUB[:50]))

    assert len(front.hits) > 3
    assert {page.title: page.text for page in found} == {title: CITING.format(number) for number, title in enumerate(CLUB[:50])}
    assert len(found) == 50


async def test_long_questions_go_by_post_and_short_ones_by_get(front: WikiFront, client: Wiki) -> None:
    await gathered(client.pages([f"{'Longer ' * 9}{number}" for number in range(50)]))
    await gathered(client.pages(["Inside"]))

    assert [hit.method for hit in front.hits] == ["POST", "GET"]


async def test_revisions_come_by_number_and_those_that_are_gone_say_so(wiki: MediaWiki, client: Wiki) -> None:
    old = wiki.newest("Inside")

    found = await gathered(client.revisions([old, 99_999_999]))

    assert {page.revision: bool(page.fault) for page in found} == {old: False, 99_999_999: True}


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("Never written", "no such page"),
        ("A<B", "no page can have this title"),
        ("Special:Version", "no such page"),
        ("Module:Echo", "Scribunto"),
    ],
    ids=["missing", "invalid", "special", "module"],
)
async def test_what_is_no_page_says_why(client: Wiki, title: str, fault: str) -> None:
    (page,) = await gathered(client.pages([title]))

    assert fault in (page.fault or "")


async def test_a_title_with_a_bar_cannot_split_a_question(client: Wiki) -> None:
    found = await gathered(client.pages(["Inside", "A|B"]))

    assert [bool(page.fault) for page in sorted(found, key=lambda page: page.title == "A|B")] == [False, True]


# ---- lists


async def test_a_category_is_read_down_to_its_depth_and_a_circle_ends(client: Wiki) -> None:
    flat, inner, all_of_it = [
        {page.title for page in await gathered(client.category("Category:Club", depth=depth))} for depth in (0, 1, 9)
    ]

    assert flat == {*CLUB, "Talk:Club 007"}
    assert inner - flat == {"Inside"}
    assert all_of_it - inner == {"Deep inside"}


async def test_a_list_that_continues_is_read_to_its_end(front: WikiFront, client: Wiki) -> None:
    front.always["X-Wiki-Result-Size"] = "4000"

    found = await gathered(client.all_pages(prefix="Club"))

    assert [page.title for page in found] == CLUB
    assert len(front.hits) > 2


async def test_pages_that_cite_a_publisher_are_found_by_both_protocols_each_once(client: Wiki) -> None:
    found = await gathered(client.citing("*.cited.test", namespaces=(0,)))

    assert sorted(page.title for page in found) == [*CLUB, "Insecure"]


async def test_the_pages_that_a_user_edited_come_once_each(wiki: MediaWiki, client: Wiki) -> None:
    wiki.save({"By another": "one", "Also by another": "one"}, by=wiki.other)
    wiki.save({"By another": "two"}, by=wiki.other)

    found = await gathered(client.edited_by("Other", namespaces=(0,)))

    titles = [page.title for page in found]
    assert {"By another", "Also by another"} <= set(titles)
    assert len(titles) == len(set(titles))


# ---- errors

LAG = {"X-Wiki-Error": "maxlag"}
PASSING = {
    "rate limit inside 200": {"X-Wiki-Error": "ratelimited"},
    "read-only": {"X-Wiki-Error": "readonly"},
    "crash": {"X-Wiki-Crash": "1"},
    "timeout": {"X-Wiki-Error": "timeout"},
    "429 of the edge": Edge(http_status=429, body="<html>slow down</html>", headers={"Retry-After": "0"}),
    "500": Edge(http_status=500, body="<html>"),
    "502": Edge(http_status=502, body="<html>"),
    "503 with a wait": Edge(http_status=503, body="<html>Wikimedia Error</html>", headers={"Retry-After": "0"}),
    "504": Edge(http_status=504, body="upstream timeout", content_type="text/plain"),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
async def test_what_passes_is_asked_again_until_the_wiki_answers(
    front: WikiFront, client: Wiki, fault: Edge | dict[str, str]
) -> None:
    front.faults.extend([fault, fault])

    found = await gathered(client.pages(["Inside"]))

    assert [page.title for page in found] == ["Inside"]
    assert len(front.hits) == 3


async def test_a_wiki_whose_databases_lag_is_asked_again_and_then_left_with_one_line(front: WikiFront) -> None:
    rules, web = WikiSettings(maxlag=-2), replace(WEB, max_wait_s=1.0)

    async with Wiki(front.api, web=web, rules=rules) as client:
        with pytest.raises(WikiError, match="asks for 5 s of silence") as told:
            await gathered(client.pages(["Inside"]))

    assert told.value.code == "wait"
    assert len(front.hits) == 1


async def test_a_wiki_that_never_recovers_is_left_with_one_line(front: WikiFront, client: Wiki) -> None:
    front.answer(*[Edge(http_status=503, body="<html>")] * 9)

    with pytest.raises(WikiError, match=r"did not answer 6 times \(HTTP 503\)"):
        await gathered(client.pages(["Inside"]))

    assert len(front.hits) == 6


STAYING = {
    "private": ({"X-Wiki-Private": "1"}, "lets only its members read"),
    "protected": ({"X-Wiki-Error": "protectedpage"}, "protects this page"),
    "permission": ({"X-Wiki-Error": "permissiondenied"}, "does not allow"),
    "User-Agent": (Edge(http_status=403, body="Please set a user-agent", content_type="text/plain"), "Please set a user-agent"),
    "no API": (Edge(http_status=404, body="<html>"), "has no MediaWiki API"),
    "moved": (Edge(http_status=301, headers={"Location": "https://elsewhere.test/api.php"}), "elsewhere.test"),
}


@pytest.mark.parametrize(("fault", "said"), STAYING.values(), ids=STAYING)
async def test_what_stays_is_asked_once(front: WikiFront, client: Wiki, fault: Edge | dict[str, str], said: str) -> None:
    front.faults.append(fault)

    with pytest.raises(WikiError, match=said):
        await gathered(client.pages(["Inside"]))

    assert len(front.hits) == 1


async def test_a_wiki_that_refuses_the_program_is_not_asked_for_anything_else(front: WikiFront, client: Wiki) -> None:
    front.answer(Edge(http_status=403, body="no", content_type="text/plain"))

    for _ in range(3):
        with pytest.raises(WikiError, match="web.contact"):
            await gathered(client.pages(["Inside"]))

    assert len(front.hits) == 1


async def test_a_private_network_is_refused_unless_it_is_allowed(front: WikiFront) -> None:
    async with Wiki(front.api, web=Web(contact=CONTACT)) as client:
        with pytest.raises(WikiError, match="web.allow_networks"):
            await gathered(client.pages(["Inside"]))

    assert front.hits == []


async def test_a_host_of_the_configuration_is_asked_where_it_is_pinned(front: WikiFront) -> None:
    port = front.url.rpartition(":")[2]

    async with Wiki(
        "http://en.wikipedia.org/w/api.php", web=replace(WEB, resolve={"en.wikipedia.org": f"127.0.0.1:{port}"})
    ) as client:
        (page,) = await gathered(client.pages(["Inside"]))

    assert page.revision


async def test_warnings_are_told_once_per_kind(client: Wiki, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        await client.ask({"action": "query", "meta": "siteinfo", f"nosuch{number}": "1"})

    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == ["Unrecognized parameter: nosuch0."]


# ---- manners


async def test_at_most_three_requests_are_open_at_once_over_all_wikis(front: WikiFront) -> None:
    front.slow_s = 0.05
    rules = WikiSettings(batch=5)

    async with (
        Wire(WEB, rules=rules) as wire,
        Wiki(front.api, wire=wire) as one,
        Wiki(f"{front.url}/api.php", wire=wire) as other,
    ):
        found = await both(one.pages(CLUB), other.pages(CLUB))

    assert [len(pages) for pages in found] == [120, 120]
    assert front.most_open == 3


async def both(*some: AsyncGenerator[Page]) -> list[list[Page]]:
    import asyncio

    return await asyncio.gather(*map(gathered, some))


AGENTS = {
    "contact": (Web(contact=CONTACT), f"source-audit/0.1.0 ({CONTACT}) aiohttp/", 0),
    "nobody said": (Web(), "source-audit/0.1.0 (https://pypi.org/project/source-audit/) aiohttp/", 1),
    "own name": (Web(user_agent="newsroom/2.0", contact=CONTACT), f"newsroom/2.0 ({CONTACT}) aiohttp/", 0),
    "own name with a contact": (Web(user_agent=f"newsroom/2.0 ({CONTACT})"), f"newsroom/2.0 ({CONTACT}) aiohttp/", 0),
    "own name without": (Web(user_agent="newsroom/2.0"), "newsroom/2.0 (https://pypi.org/project/source-audit/) aiohttp/", 1),
}


@pytest.mark.parametrize(("web", "begins", "warned"), AGENTS.values(), ids=AGENTS)
async def test_the_user_agent_always_names_a_contact(
    front: WikiFront, caplog: pytest.LogCaptureFixture, web: Web, begins: str, warned: int
) -> None:
    async with Wiki(front.api, web=replace(web, allow_networks=WEB.allow_networks)) as client:
        await client.site()

    (hit,) = front.hits
    assert hit.headers["User-Agent"].startswith(begins)
    assert hit.headers["Accept-Encoding"] == "gzip"
    assert hit.asked["maxlag"] == "5"
    assert sum("web.contact is not set" in record.getMessage() for record in caplog.records) == warned


# ---- pairs


@pytest.fixture(scope="module")
def history(wiki: MediaWiki) -> list[int]:
    """Four revisions of a page."""
    return [
        wiki.save({"Edited": f"state {step} <ref>http://state{step}.test/</ref>"}, by=by)["Edited"]
        for step, by in enumerate([wiki.bot, wiki.other] * 2)
    ]


PAIRS = {
    "against the parent": ("?diff={2}", (1, 2)),
    "two numbers": ("?title=Edited&diff={3}&oldid={0}", (0, 3)),
    "prev": ("?diff=prev&oldid={1}", (0, 1)),
    "next": ("?diff=next&oldid={1}", (1, 2)),
    "cur": ("?diff=cur&oldid={0}", (0, 3)),
    "last edit": ("?title=Edited&diff=cur", (2, 3)),
    "first revision": ("?diff={0}", (None, 0)),
}


@pytest.mark.parametrize(("query", "numbers"), PAIRS.values(), ids=PAIRS)
async def test_a_diff_is_resolved_to_two_whole_texts(
    front: WikiFront, history: list[int], query: str, numbers: tuple[int | None, int]
) -> None:
    old, new = numbers

    (found,) = await read([f"{front.url}/w/index.php{query.format(*history)}"], front)

    assert isinstance(found, Text)
    assert found.before is not None
    assert (found.revision, found.text) == (history[new], f"state {new} <ref>http://state{new}.test/</ref>")
    assert found.before.text == ("" if old is None else f"state {old} <ref>http://state{old}.test/</ref>")
    assert not front.asked(action="parse")


async def test_a_revision_that_is_compared_with_itself_is_one_clear_line(front: WikiFront, history: list[int]) -> None:
    (found,) = await read([f"{front.url}/w/index.php?diff=next&oldid={history[3]}"], front)

    assert isinstance(found, DocumentError)
    assert "with itself" in str(found)


# ---- sources


async def read(
    names: Sequence[str], front: WikiFront, *, known: dict[str, str] | None = None, rules: WikiSettings | None = None
) -> list[object]:
    sites = {"testwiki": front.api}
    named = [each for name in names if (each := parse(name, sites=sites))]
    assert len(named) == len(names)
    async with Wire(WEB, rules=rules or WikiSettings(sites=sites)) as wire:
        return [one async for one in texts(named, wire=wire, known=lambda _: known or {}, wanted=Wanted(namespaces=(0,)))]


async def test_one_bad_source_is_one_line_and_the_others_go_on(front: WikiFront, caplog: pytest.LogCaptureFixture) -> None:
    names = [
        "testwiki:Gone",
        "testwiki:The club",
        "testwiki:Special:Statistics",
        "testwiki:Special:Diff/99999999",
        "testwiki:Inside",
    ]

    found = await read(names, front)

    assert [
        str(one) if isinstance(one, DocumentError) else one.source for one in found if isinstance(one, DocumentError | Text)
    ] == [
        "testwiki:Gone: there is no such page on this wiki (any more)",
        "testwiki:Club 007",
        f"testwiki:Special:Statistics: {SPECIALS}",
        f"testwiki:Special:Diff/99999999: {front.url.removeprefix('http://')} has no such revision (nosuchrevid)",
        "testwiki:Inside",
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "testwiki:The club is a redirect; testwiki:Club 007 is read instead"
    ]


SPECIALS = (
    "is a special page that is not read; these are: Special:Diff/N, Special:Diff/M/N, Special:PermanentLink/N, "
    "Special:Contributions/USER, Special:PrefixIndex/TEXT, Special:LinkSearch/*.HOST, Special:Watchlist/OWNER"
)


async def test_a_page_that_several_lists_hold_is_read_once(front: WikiFront) -> None:
    found = await read(["testwiki:Category:Club", "testwiki:Special:LinkSearch/*.cited.test", "testwiki:Club 007"], front)

    sources = [one.source for one in found if isinstance(one, Text)]
    assert len(sources) == len(set(sources)) == 122
    assert "testwiki:Talk:Club 007" not in sources


async def test_an_unknown_wiki_is_found_by_the_address_of_a_page(front: WikiFront) -> None:
    async with Wire(WEB) as wire:
        named = parse(f"{front.url}/wiki/Inside#part", sites={})
        assert named is not None
        (found,) = [one async for one in texts([named], wire=wire, known=lambda _: {})]

    assert isinstance(found, Text)
    assert (found.source, found.wiki, found.language) == (f"{front.url}/wiki/Inside", "testwiki", "en")


async def test_an_unchanged_list_costs_one_request_for_its_pages_and_no_text(front: WikiFront) -> None:
    first = await read(["testwiki:Category:Club"], front)
    known = {one.source: str(one.revision) for one in first if isinstance(one, Text)}
    front.forget()

    again = await read(["testwiki:Category:Club"], front, known=known)

    assert len(again) == 121
    assert all(isinstance(one, Unchanged) for one in again)
    assert not front.asked(prop="revisions")
    assert len(front.hits) <= 1 + 2  # the wiki's words, the category, its subcategory


async def test_a_list_of_titles_in_a_file_is_read(front: WikiFront, tmp_path: object) -> None:
    place = f"{tmp_path}/titles.txt"
    with open(place, "w") as stream:
        stream.write("# ours\nInside\n* [[Club 003]]\nNowhere\n")

    found = await read([f"testwiki:@{place}"], front)

    assert sorted(one.source for one in found if isinstance(one, Text)) == ["testwiki:Club 003", "testwiki:Inside"]
    assert [one.source for one in found if isinstance(one, DocumentError)] == ["testwiki:Nowhere"]
