"""A notice that stands where a site was is a death, whatever its status; a page about one is not (verdicts.md, 6.4)."""

import pytest

from audit import liveness, placeholders
from audit.model import CitedAs, Hop, Sign
from tests import make

NOTICES = [
    ("default-server-page", "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, it works."),
    ("default-server-page", "<title>Apache2 Ubuntu Default Page: It works</title><p>This is the default welcome page."),
    ("default-server-page", "<title>IIS Windows Server</title>"),
    ("default-server-page", "<html><body><h1>It works!</h1></body></html>"),
    ("default-server-page", "<title>Test Page for the Apache HTTP Server on CentOS</title><p>x"),
    ("default-server-page", "<title>Index of /</title><h1>Index of /</h1><pre>Name Last modified Size Description</pre>"),
    ("hosting-placeholder", "<title>Site not found · GitHub Pages</title><p>There isn't a GitHub Pages site here."),
    ("hosting-placeholder", "<title>Heroku | No such app</title><p>x"),
    ("hosting-placeholder", "<title>Coming soon</title><p>This domain was registered for a client."),
    ("hosting-placeholder", "<title>Blog not found</title><p>Sorry, the blog is not here."),
    ("hosting-placeholder", "<title>x</title><p>Hier entsteht eine neue Internetpräsenz"),
    ("account-suspended", "<title>Account Suspended</title><p>Contact your hosting provider."),
    ("account-suspended", "<title>x</title><h1>This Account has been suspended.</h1>"),
    ("account-suspended", "<title>509 Bandwidth Limit Exceeded</title><p>x"),
    ("domain-expired", "<title>Domain expired</title><p>Renew it now."),
    ("domain-expired", "<title>marrowby.example</title><p>This domain has expired. Is this your domain?"),
]


@pytest.mark.parametrize("status", [200, 403, 404, 503])
@pytest.mark.parametrize(("reason", "markup"), NOTICES)
def test_a_notice_is_known_at_any_status(reason: str, markup: str, status: int) -> None:
    found = placeholders.placeholder(make.page(markup, status=status))

    assert found is not None
    assert (found[0], found[1].strength) == (reason, 0.8)


@pytest.mark.parametrize(("reason", "markup"), NOTICES)
def test_a_notice_in_place_of_a_page_is_gone(reason: str, markup: str) -> None:
    found = liveness.judge_fetch(make.page(markup))

    assert (found.sign, found.reason) == (Sign.GONE, reason)


def test_a_suspension_is_known_by_its_address() -> None:
    hop = Hop(url=make.URL, http_status=302, location="/cgi-sys/suspendedpage.cgi")

    found = placeholders.placeholder(
        make.page("<title>x</title>", hops=(hop,), final_url="http://a.example/cgi-sys/suspendedpage.cgi")
    )

    assert found is not None
    assert found[0] == "account-suspended"


LONG = "<p>" + "What administrators do when a server shows its first page. " * 60
ABOUT = [
    "<title>Welcome to nginx! - a tutorial for beginners</title><p>Short.",
    "<title>How to change the Apache2 default page</title><p>Short.",
    "<title>It works! | A play in three acts</title>" + LONG,
    "<title>Coming soon to a cinema near you</title><p>Short.",
    "<title>Account suspended: the case of a senator</title><p>Short.",
    "<title>Domain expired? What to do</title><p>Short.",
    "<title>Welcome to nginx!</title>" + LONG,
    "<title>Contact Support | Marrowby Telephones</title><p>Call us.",
    "<title>Index of / Marrowby archive</title><p>Short.",
    "<title>Suspended bridges of the world</title><p>Short.",
    "<title>The paper</title><p>" + "Bridges. " * 150 + "This domain has expired, they read.",
]


@pytest.mark.parametrize("markup", ABOUT)
def test_a_page_about_such_notices_is_no_notice(markup: str) -> None:
    assert placeholders.placeholder(make.page(markup)) is None


def test_a_cited_front_page_may_have_been_such_a_page_already() -> None:
    page = make.page("<title>Coming soon</title><p>Our museum opens next year.", url="https://museum.example/")

    assert liveness.judge_fetch(page).sign is Sign.OK


def test_the_cited_title_is_stronger_than_a_notice() -> None:
    page = make.page("<title>Site under construction</title><p>Photographs of the harbour.")

    found = liveness.judge_fetch(page, cited=CitedAs(titles=("Site under construction",)))

    assert found.sign is Sign.OK


def test_a_directory_with_files_is_a_page() -> None:
    listing = "<title>Index of /papers</title><h1>Index of /papers</h1><pre>Parent Directory bridge.pdf 2011-05-01 harbour.pdf 2012-01-02</pre>"

    assert placeholders.placeholder(make.page(listing)) is None


def test_hostile_text_is_read_only_at_its_start() -> None:
    fetch = make.fetch(sample="this domain has " * 70_000, title="x", h1="x", word_count=9)

    assert placeholders.placeholder(fetch) is None
