"""One check becomes one sign: statuses, failures, drift, and the order of judgement (verdicts.md, 4 and 10)."""

from datetime import timedelta
from typing import Any

import pytest

from audit import liveness, similarity
from audit.model import Check, CitedAs, Failure, Fetch, Hop, Playback, Sign, Signed, Surroundings
from tests import make

TITLED = CitedAs(titles=("A long story about bridges",))
NOBODY = CitedAs()
SITE = "https://news.example.com"


def judged(fetch: Fetch, *, cited: CitedAs = NOBODY, **around: Any) -> Signed:
    return liveness.judge_fetch(fetch, cited=cited, around=Surroundings(**around))


def checked(*fetches: Fetch, cited: CitedAs = NOBODY) -> Signed:
    return liveness.judge_check(Check(check_id="c1", url=make.URL, fetches=fetches), cited=cited)


# ---- statuses

WALLS = {
    401: "login",
    402: "payment",
    403: "forbidden",
    429: "rate-limited",
    440: "login",
    451: "legal",
    999: "bot-wall",
} | dict.fromkeys((405, 406, 407, 412, 417, 418, 421, 428, 431, 444, 449, 450, 460, 494, 511), "refused-request")
TRANSIENT = (408, 409, 423, 424, 425, 499)


def meaning(status: int) -> tuple[Sign, str]:
    """The table of verdicts.md, section 4."""
    if status in WALLS:
        return Sign.WALLED, WALLS[status]
    if status in {404, 410}:
        return Sign.GONE, f"http-{status}"
    if status in {204, 205}:
        return Sign.OK, "no-content"
    if 200 <= status < 300:
        return Sign.OK, "ok"
    if status in TRANSIENT or status >= 600:
        return Sign.FAILING, "http-transient"
    return (Sign.FAILING, "http-5xx") if 500 <= status < 600 else (Sign.ODD, "http-odd")


@pytest.mark.parametrize("hundred", range(1, 10))
def test_every_status_has_the_meaning_of_the_table(hundred: int) -> None:
    pages = {status: make.fetch(status=status) for status in range(hundred * 100, hundred * 100 + 100)}

    found = {status: (signed.sign, signed.reason) for status, page in pages.items() for signed in [judged(page)]}

    assert found == {status: meaning(status) for status in pages}


def test_202_without_a_body_is_no_proof_of_life() -> None:
    found = judged(make.fetch(status=202, title=None, h1=None, sample=None, word_count=0, text_length=0, body_bytes=0))

    assert found.sign is Sign.DOUBTFUL


def test_no_content_is_only_half_a_proof_of_life() -> None:
    assert judged(make.fetch(status=204)).strength == 0.5


@pytest.mark.parametrize(
    ("failure", "sign", "reason"),
    [
        (Failure.DNS, Sign.FAILING, "dns"),
        (Failure.REFUSED, Sign.FAILING, "refused"),
        (Failure.RESET, Sign.FAILING, "reset"),
        (Failure.TIMEOUT, Sign.FAILING, "timeout"),
        (Failure.TLS, Sign.FAILING, "tls"),
        (Failure.TOO_MANY_REDIRECTS, Sign.FAILING, "too-many-redirects"),
        (Failure.BAD_RESPONSE, Sign.ODD, "bad-response"),
        (Failure.BLOCKED_ADDRESS, Sign.VOID, "blocked-address"),
        (Failure.ROBOTS, Sign.VOID, "robots"),
        (Failure.OTHER, Sign.ODD, "bad-response"),
    ],
)
def test_every_failure_has_the_meaning_of_the_table(failure: Failure, sign: Sign, reason: str) -> None:
    found = judged(make.fetch(failure=failure, phase="connect", detail="x"))

    assert (found.sign, found.reason) == (sign, reason)


def test_no_failure_is_forgotten() -> None:
    assert set(liveness.FAILURES) == set(Failure)


@pytest.mark.parametrize(
    ("fetch", "strength"),
    [
        pytest.param(make.fetch(status=410), 0.9, id="410"),
        pytest.param(make.fetch(status=404), 0.85, id="404"),
        pytest.param(make.fetch(failure=Failure.DNS), 0.8, id="dns"),
        pytest.param(make.fetch(status=503), 0.6, id="5xx"),
        pytest.param(make.fetch(failure=Failure.TIMEOUT), 0.6, id="timeout"),
        pytest.param(make.fetch(failure=Failure.TLS), 0.5, id="tls"),
        pytest.param(make.fetch(failure=Failure.TOO_MANY_REDIRECTS), 0.6, id="loop"),
    ],
)
def test_a_kind_of_failure_has_its_own_strength(fetch: Fetch, strength: float) -> None:
    assert judged(fetch).strength == strength


# ---- one check, many attempts


def test_the_best_attempt_speaks_for_the_check() -> None:
    tries = (make.fetch(failure=Failure.TIMEOUT), make.fetch(status=503, attempt=2), make.fetch(attempt=3))

    assert checked(*tries).sign is Sign.OK
    assert checked(*reversed(tries)).sign is Sign.OK


def test_a_wall_behind_a_failure_is_a_wall() -> None:
    assert checked(make.fetch(failure=Failure.RESET), make.fetch(status=403, attempt=2)).sign is Sign.WALLED


def test_probe_and_front_page_of_a_check_never_speak_for_it() -> None:
    found = checked(make.fetch(status=404), make.fetch(url=f"{SITE}/", role="root"), make.fetch(url=f"{SITE}/x", role="probe"))

    assert found.sign is Sign.GONE


def test_an_answer_over_the_other_scheme_is_alive_with_advice() -> None:
    plain = make.URL.replace("https:", "http:")
    tries = (
        make.fetch(url=plain, failure=Failure.TIMEOUT),
        make.fetch(url=plain, requested_url=make.URL, final_url=make.URL, attempt=2),
    )

    found = liveness.judge_check(Check(check_id="c1", url=plain, fetches=tries))

    assert found.sign is Sign.OK
    assert "url.needs-https" in {each.rule for each in found.evidence}


def test_an_answer_for_a_repaired_address_is_alive_with_advice() -> None:
    written = make.URL + ")."
    tries = (make.fetch(url=written, status=404), make.fetch(url=written, requested_url=make.URL, final_url=make.URL, attempt=2))

    found = liveness.judge_check(Check(check_id="c1", url=written, fetches=tries))

    assert found.sign is Sign.OK
    assert any(each.rule.startswith("url.") for each in found.evidence)


@pytest.mark.parametrize("defect", ["expired", "wrong-host", "self-signed", "legacy", "incomplete-chain"])
def test_a_defect_of_the_certificate_is_a_warning_and_never_a_death(defect: str) -> None:
    found = checked(make.fetch(tls=defect))

    assert found.sign is Sign.OK
    assert "tls.defect" in {each.rule for each in found.evidence}


def test_no_sign_depends_on_how_long_an_answer_took() -> None:
    fast, slow = (judged(make.fetch(failure=Failure.REFUSED, elapsed_ms=ms)) for ms in (1, 44_000))

    assert fast == slow


# ---- the order of judgement

PARKED = "<title>news.example.com is for sale</title><p>Make an offer."


def test_a_wall_is_seen_before_everything_else() -> None:
    refused = make.page(PARKED, status=404, headers=(("cf-mitigated", "challenge"),))

    assert judged(refused).sign is Sign.WALLED


def test_a_lost_domain_is_seen_before_its_status() -> None:
    assert judged(make.page(PARKED, status=404)).sign is Sign.TAKEN


def test_a_notice_is_seen_before_its_status() -> None:
    assert judged(make.page("<title>Account suspended</title>", status=503)).reason == "account-suspended"


def test_a_redirect_is_seen_before_the_words_of_the_page() -> None:
    page = make.page(
        "<title>Page not found</title>",
        hops=(Hop(url=make.URL, http_status=302, location=f"{SITE}/404"),),
        final_url=f"{SITE}/404",
    )

    found = judged(page)

    assert found.reason == "redirect-to-error"
    assert "soft404.title" in {each.rule for each in found.evidence}


def test_a_soft_404_excludes_drift() -> None:
    page = make.page("<title>Page not found</title><p>" + "Some other words of the menu. " * 60)

    assert judged(page, cited=TITLED).sign is Sign.GONE


def test_a_silenced_rule_says_nothing() -> None:
    page = make.page("<title>Page not found</title><p>" + "Some other words of the menu. " * 60)

    found = liveness.judge_fetch(page, silenced=frozenset({"soft404.title"}))

    assert found.sign is Sign.OK


def test_a_metered_page_that_shows_its_title_is_alive() -> None:
    found = judged(make.fetch(flags=frozenset({"not-free"})), cited=TITLED)

    assert (found.sign, found.reason) == (Sign.OK, "metered")


# ---- drift

OLD = " ".join(f"In year {number} the harbour bridge carried carts and herds over the water." for number in range(60))
NEW = " ".join(f"Offer {number} brings telephones and tablets cheaply into every house." for number in range(60))


def capture(text: str = OLD, **fields: Any) -> Playback:
    return make.playback(**({"sample": text, "title": "The harbour bridge of Marrowby"} | fields))


def changed(text: str = NEW, **fields: Any) -> Fetch:
    return make.fetch(
        **({"sample": text, "sketch": similarity.sketch(text), "title": "Telephones and tablets", "h1": None} | fields)
    )


CITED = CitedAs(titles=("The harbour bridge of Marrowby",))


def test_other_text_under_another_title_has_drifted() -> None:
    found = judged(changed(), cited=CITED, playbacks=(capture(),))

    assert (found.sign, found.reason) == (Sign.DRIFTING, "content-drift")


def test_without_a_capture_another_title_is_a_weaker_drift() -> None:
    found = judged(changed(), cited=CITED)

    assert (found.sign, found.reason) == (Sign.DRIFTING, "title-drift")
    assert found.strength <= 0.7


EXEMPT = [
    pytest.param(changed(OLD, title="Another title of it"), CITED, (capture(),), id="the text is the same"),
    pytest.param(changed(title="The harbour bridge of Marrowby | Gazette"), CITED, (capture(),), id="the title is the same"),
    pytest.param(changed(title="Harbour bridge, Marrowby"), CitedAs(), (capture(),), id="the title of the capture"),
    pytest.param(
        changed(NEW + " carts and herds crossed the water every day"),
        CitedAs(titles=CITED.titles, quotes=("carts and herds crossed the water every day",)),
        (capture(),),
        id="the quotation is there",
    ),
    pytest.param(changed(url=f"{SITE}/"), CITED, (capture(),), id="front page"),
    pytest.param(changed(url=f"{SITE}/tag/bridges"), CITED, (capture(),), id="tag"),
    pytest.param(changed(url=f"{SITE}/search?q=bridges"), CITED, (capture(),), id="search"),
    pytest.param(changed(url=f"{SITE}/docs/latest/bridge"), CITED, (capture(),), id="latest version"),
    pytest.param(changed(word_count=70), CITED, (capture(),), id="short page"),
    pytest.param(changed(), NOBODY, (capture(word_count=70),), id="short capture and no title"),
    pytest.param(changed(), CitedAs(titles=("Home",)), (), id="a title that says nothing"),
    pytest.param(changed(title=None), CITED, (), id="a page without a title"),
    pytest.param(changed(title="Ann Arkwell | The register"), CitedAs(titles=("Ann Arkwell",)), (capture(),), id="a short title"),
    pytest.param(changed(), CitedAs(titles=("2014 2015 2016",)), (), id="a title of numbers"),
    pytest.param(
        changed("Le port de la ville est ouvert et les bateaux sont dans la rue. " * 9, title="Le port"),
        CITED,
        (),
        id="a title that is a translation",
    ),
    pytest.param(changed("The harbour bridge of Marrowby. " + NEW), CITED, (), id="the title stands in the text"),
    pytest.param(changed(content_type="application/pdf", magic="pdf", body_bytes=900), CITED, (capture(),), id="a document"),
]


@pytest.mark.parametrize(("fetch", "cited", "playbacks"), EXEMPT)
def test_what_is_not_drift(fetch: Fetch, cited: CitedAs, playbacks: tuple[Playback, ...]) -> None:
    assert judged(fetch, cited=cited, playbacks=playbacks).sign is Sign.OK


def test_drift_is_measured_against_the_capture_nearest_to_the_access_date() -> None:
    near = capture(captured_at=make.NOON - timedelta(days=900))
    far = capture(NEW, captured_at=make.NOON - timedelta(days=3), title="Telephones and tablets")
    cited = CitedAs(titles=CITED.titles, first_access_date=(make.NOON - timedelta(days=890)).date())

    signs = {judged(changed(), cited=cited, playbacks=order).sign for order in ((near, far), (far, near))}

    assert signs == {Sign.DRIFTING}


def test_drift_through_a_wrong_certificate_is_half_as_sure() -> None:
    sure, unsure = (judged(changed(tls=tls), cited=CITED, playbacks=(capture(),)) for tls in (None, "wrong-host"))

    assert unsure.strength == sure.strength / 2


# ---- what the fetcher asks


def check(*fetches: Fetch) -> Check:
    return Check(check_id="c1", url=make.URL, fetches=fetches)


@pytest.mark.parametrize(
    ("fetch", "titles", "wanted"),
    [
        pytest.param(make.fetch(), (), True, id="nothing shows that it is the page"),
        pytest.param(make.fetch(), TITLED.titles, False, id="the cited title"),
        pytest.param(make.fetch(url=f"{SITE}/"), (), False, id="front page"),
        pytest.param(make.fetch(status=403), (), False, id="wall"),
        pytest.param(make.fetch(status=404), (), False, id="gone"),
        pytest.param(make.fetch(failure=Failure.TIMEOUT), (), False, id="failure"),
        pytest.param(make.fetch(content_type="application/pdf", magic="pdf"), (), False, id="document"),
        pytest.param(make.page("<title>Page not found</title><p>x"), (), False, id="convicted already"),
        pytest.param(make.page("<title>The Paper</title><h1>Page not found</h1><p>Try the search."), (), True, id="a weak sign"),
        pytest.param(make.page(PARKED), (), False, id="for sale"),
    ],
)
def test_a_probe_is_sent_only_when_it_can_tell_something(*, fetch: Fetch, titles: tuple[str, ...], wanted: bool) -> None:
    assert liveness.wants_probe(check(fetch), cited=CitedAs(titles=titles)) is wanted


@pytest.mark.parametrize(
    ("fetch", "wanted"),
    [
        pytest.param(make.page(PARKED), True, id="for sale"),
        pytest.param(make.fetch(), False, id="ordinary page"),
        pytest.param(make.fetch(status=404), False, id="404"),
        pytest.param(make.page("<title>Not found - Slot Gacor</title>", status=404), True, id="404 of a casino"),
        pytest.param(make.fetch(status=404, url="https://medium.com/@ann/x"), False, id="404 of a tenant"),
        pytest.param(
            make.fetch(
                hops=(Hop(url=make.URL, http_status=302, location="https://strangers.example.net/"),),
                final_url="https://strangers.example.net/",
            ),
            True,
            id="redirect to strangers",
        ),
    ],
)
def test_the_front_page_is_asked_only_on_a_sign(*, fetch: Fetch, wanted: bool) -> None:
    assert liveness.needs_root(check(fetch)) is wanted


def test_before_a_page_that_is_gone_is_called_dead_the_front_page_is_seen() -> None:
    gone = check(make.fetch(status=404))

    assert not liveness.needs_root(gone)
    assert liveness.needs_root(gone, failed_before=True)


@pytest.mark.parametrize(
    ("fetch", "transient"),
    [
        pytest.param(make.fetch(failure=Failure.DNS), True, id="dns"),
        pytest.param(make.fetch(failure=Failure.TLS), False, id="tls"),
        pytest.param(make.fetch(status=503), True, id="503"),
        pytest.param(make.fetch(status=503, headers=(("retry-after", "9"),)), False, id="503 with Retry-After"),
        pytest.param(make.fetch(status=408), True, id="408"),
        pytest.param(make.fetch(status=404), False, id="404"),
    ],
)
def test_only_what_may_pass_is_tried_again(*, fetch: Fetch, transient: bool) -> None:
    assert liveness.is_transient(fetch) is transient


REGISTERED = {
    "forbidden": ("https://doi.org/10.5555/12345", 403, ["url.doi-registered"]),
    "too many requests": ("http://dx.doi.org/10.5555/12345", 429, ["url.doi-registered"]),
    "a handle, and trouble": ("https://hdl.handle.net/2027/1", 500, ["url.doi-registered"]),
    "a page": ("https://doi.org/10.5555/12345", 200, []),
    "another host": ("https://doi.example/10.5555/12345", 403, []),
}


@pytest.mark.parametrize(("resolver", "status", "noted"), REGISTERED.values(), ids=REGISTERED.keys())
def test_a_document_whose_publisher_refuses_us_is_noted_as_registered(resolver: str, status: int, noted: list[str]) -> None:
    landing = "https://publisher.example/article/12345"
    hop = Hop(url=resolver, http_status=302, location=landing)

    signed = checked(make.fetch(url=resolver, hops=(hop,), final_url=landing, status=status))

    assert [each.rule for each in signed.evidence if each.rule.startswith("url.")] == noted


# ---- walls beside other signs

LOGIN = "<title>Sign in</title><form>Name <input name=n> Password <input type=password></form>"


def test_addresses_of_a_site_that_all_end_at_its_login_are_walled_and_no_soft_404() -> None:
    hop = Hop(url=make.URL, http_status=302, location="/portal")
    asked = [f"{SITE}/2020/0{month}/a-story-of-the-quay" for month in range(1, 5)]
    fetches = [make.page(LOGIN, url=url, hops=(hop,), final_url=f"{SITE}/portal") for url in asked]

    found = judged(fetches[0], siblings=tuple(fetches[1:]))

    assert (found.sign, found.reason) == (Sign.WALLED, "login")


def test_a_wall_on_the_front_page_convicts_no_page_behind_it() -> None:
    hop = Hop(url=make.URL, http_status=302, location="https://elsewhere.example/x")
    moved = make.page("<title>Welcome</title><p>A portal of many things.", hops=(hop,), final_url="https://elsewhere.example/x")
    root = make.page(
        "<title>Just a moment...</title>", url=f"{SITE}/", role="root", hops=(hop,), final_url="https://elsewhere.example/"
    )

    found = judged(moved, cited=TITLED, root=root)

    assert found.sign is not Sign.TAKEN


def test_a_wall_that_only_words_make_yields_to_the_cited_title() -> None:
    shown = make.page("<title>A long story about bridges</title><h1>Access denied</h1><p>A story.")

    found = judged(shown, cited=TITLED)

    assert (found.sign, found.reason) == (Sign.OK, "ok")


def test_a_cited_title_of_a_guard_is_no_proof_of_the_page() -> None:
    shown = make.page("<title>Verify you are human</title><p>Wait.")

    found = judged(shown, cited=CitedAs(titles=("Verify you are human",)))

    assert found.sign is Sign.WALLED
