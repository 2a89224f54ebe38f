"""Every address of the console, taken from its own table: whoever adds one is asked the same questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.urls import URLPattern

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.doors.web import acts
from nocturne.doors.web.urls import urlpatterns
from nocturne.store.models import Entry
from tests.cast import Cast, account
from tests.visitor import Visitor

PUBLIC = {
    "sign-on",
    "setup",
    "second",
    "enrol",
    "forgotten",
    "new-password",
    "display",
    "display-new",
    "display-events",
    "display-on",
    "with",
    "with-back",
    "link",
    "link-file",
    "feed",
    "subscription-left",
    "display-dashboard",
}
READERS = {
    *(
        "board",
        "board-new",
        "events",
        "bell",
        "view",
        "search",
        "search-complete",
        "search-export",
        "view-export",
        "feed",
        "feeds",
        "subscriptions",
        "subscription",
        "subscription-left",
        "display-dashboard",
        *("home", "dashboards", "dashboard", "dashboard-arranging", "dashboard-tile", "dashboard-figures"),
        "open",
        "short",
        "ticket",
        "peek",
        "print",
        "alike",
        "ticket-new",
        "near",
    ),
    *("entries", "entry", "act", "attachment", "attachment-formatted", "account", "device", "keys"),
    *("shift-note-redaction", "shift-redaction"),
    *("handover", "handover-text", "shift-note", "shifts", "shift", "questions", "timeline", "timeline-new"),
    *("go", "batches", "batch-new", "batch", "batch-progress", "beside", "beside-long", "workload"),
    *("factors", "sure", "displays", "display-shows", "reached"),
    *(
        "views",
        "view-new",
        "view-edit",
        "rail-counts",
        "cell",
        "view-rows",
        "search-rows",
        "search-count",
        "search-form",
    ),
    *("settings", "settings-new", "settings-list", "settings-document", "settings-text", "settings-name"),
    *("settings-retirement", "settings-removal", "settings-history", "settings-change", "settings-diagram"),
    *(
        "administration",
        "admin-audit",
        "admin-audit-line",
        "admin-people",
        "admin-person",
        "admin-person-new",
    ),
    *("admin-person-disabling", "admin-groups", "admin-group", "admin-contacts", "admin-contact"),
    *("admin-speakers", "admin-screens", "admin-rights", "admin-health", "admin-health-parts"),
}
"""Addresses that answer a GET."""
NAMES = [str(route.name) for route in urlpatterns]


def address(route: URLPattern, number: int, entry: str) -> str:
    """This will fill a route with a ticket and an update that are there."""
    path = str(route.pattern)
    for part, value in {
        "<ticket:number>": str(number),
        "<pair:pair>": f"{number}|{number}",
        "<int:number>": "1",
        "<name:address>": entry,
        "<name:noun>": "notes",
        "<name:name>": "mine",
        "<name:key>": "k" * 16,
        "<name:token>": "t" * 22,
        "<name:mark>": "m",
        "<name:form>": "atom",
        "<name:secret>": "s",
        "<setting:segment>": "queues",
        "<setting:name>": "general",
        "<int:row>": "1",
        "<slug:noun>": "about",
        "<who:who>": "anna",
    }.items():
        path = path.replace(part, value)
    assert "<" not in path, f"tell this test how to fill {path}"
    return f"/{path}"


@pytest.fixture
def addresses(trouble: int) -> dict[str, str]:
    entry = Entry.objects.get(ticket=trouble)
    return {str(route.name): address(route, trouble, entry.address) for route in urlpatterns}


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_asked_to_sign_on_everywhere(addresses: dict[str, str], name: str) -> None:
    stranger = Visitor()
    got, sent = stranger.get(addresses[name]), stranger.post(addresses[name], {"text": "x"})
    if name in PUBLIC:
        assert got.status_code in (200, 404, 405, 410) or got.headers["Location"] == "/sign-on"
        return
    assert got.status_code == 302
    assert got.headers["Location"].startswith("/sign-on")
    assert sent.status_code == 401
    assert "Password" in sent.content.decode()
    assert stranger.get(addresses[name], **{"HX-Request": "true"}).status_code == 401
    assert Entry.objects.count() == 1


ONE_CLICK = {"subscription-left"}
"""What a mail program posts to by itself (RFC 8058): a word in the address proves what our pages' token would."""


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("name", [each for each in NAMES if each not in ONE_CLICK])
def test_a_form_without_our_token_or_from_elsewhere_is_refused(
    cast: Cast, addresses: dict[str, str], name: str
) -> None:
    anna = Visitor(checks_csrf=True)
    page = anna.text("/sign-on")
    token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    anna.post("/sign-on", {"name": "anna", "password": "splice-crew-1040", "csrfmiddlewaretoken": token})
    page = anna.text("/account") if name not in PUBLIC else page
    token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    before = snapshot()
    for method in ("post", "put", "patch", "delete"):
        send = getattr(anna.client, method)
        bare = send(addresses[name], {"text": "x"} if method == "post" else "text=x")
        foreign = anna.client.post(
            addresses[name],
            {"text": "x", "csrfmiddlewaretoken": token},
            headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert (bare.status_code, foreign.status_code) == (403, 403), method
        assert 'name="text"' not in foreign.content.decode(), "a foreign page's words are not offered back"
    assert snapshot() == before


UNCOUNTED = ("session", "throttle", "fulltext")
"""What reading writes to by the by, and the index of words on SQLite, which can be asked but not walked."""


def snapshot() -> dict[str, int]:
    """This will count the rows of every table but the sessions, whose activity is noted."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if name not in UNCOUNTED]
        return {name: _count(cursor, name) for name in tables}


def _count(cursor: object, table: str) -> int:
    cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["ada", "anna", "cleo"])
def test_reading_changes_nothing(cast: Cast, addresses: dict[str, str], trouble: int, who: str) -> None:
    if who == "cleo":
        account("cleo", contact=cast.cleo_contact)
    visitor = Visitor(who)
    before = snapshot()
    version = Entry.objects.latest("pk").pk
    for name, where in addresses.items():
        answer = visitor.get(where)
        allowed = (200, 204, 302, 403, 404, 410) if name in READERS | PUBLIC - {"with"} else (405,)
        assert answer.status_code in allowed, f"{name}: {answer.status_code}"
    for noun in acts.BY_NOUN:
        assert visitor.get(f"/tickets/{trouble}/{noun}").status_code in (200, 403, 404)
    assert snapshot() == before
    assert Entry.objects.latest("pk").pk == version


def _ways(number: int) -> Iterator[str]:
    yield from (f"/tickets/{number}{rest}" for rest in ("", "/peek", "/print", "/new", "/entries"))
    yield from (f"/tickets/{number}/{noun}" for noun in acts.BY_NOUN)


@pytest.mark.req("R16.5", "R16.6")
def test_a_customer_cannot_tell_a_ticket_of_others_from_one_that_is_not_there(
    cast: Cast, trouble: int, complaint: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    hidden, missing = trouble, 999_999
    for there, not_there in zip(_ways(hidden), _ways(missing), strict=True):
        with time_machine.travel(datetime.now(UTC), tick=False):  # each page says how late it is
            one, other = cleo.get(there), cleo.get(not_there)
        assert (one.status_code, other.status_code) == (404, 404), there
        # The page says where it is; but for that both are the same, to the letter.
        assert _anywhere(one.content.decode()) == _anywhere(other.content.decode()), there
    for noun in acts.BY_NOUN:
        answer = cleo.post(
            f"/tickets/{hidden}/{noun}", {"text": "x", "to": "x", "line": "x", "other": complaint}
        )
        assert answer.status_code == 404, noun


def _anywhere(page: str) -> str:
    """This will take a page's own address and its tokens out of it."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", re.sub(r"/tickets/\d+", "/tickets/N", page))


@pytest.mark.req("S10")
def test_a_customer_does_none_of_the_staffs_acts_on_their_own_ticket(cast: Cast, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    for noun in set(acts.BY_NOUN) - {"messages"}:
        assert cleo.get(f"/tickets/{complaint}/{noun}").status_code == 403, noun
        values = {"text": "x", "to": "anna", "line": "x", "reason": "x", "priority": "1", "was-priority": "4"}
        assert cleo.post(f"/tickets/{complaint}/{noun}", values).status_code == 403, noun
    assert Entry.objects.filter(ticket=complaint).count() == 1


@pytest.mark.req("R16.6")
def test_a_customer_never_sees_that_there_is_more(
    cast: Cast, anna: Actor, complaint: int, trouble: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    before = {
        way: cleo.get(way).content for way in ("/tickets/1", "/views/all", f"/tickets/{complaint}/print")
    }
    desk.update(
        complaint, "secret-word one", by=anna, door=Door.WEB, extra=desk.Extra(next_action="secret-word two")
    )
    desk.take(complaint, by=anna, door=Door.WEB)
    desk.relate(complaint, "parent", trouble, by=anna, door=Door.WEB)
    twin = desk.open(desk.Opening(subject="100G merged twin"), by=anna, door=Door.WEB).number
    desk.merge(twin, complaint, by=anna, door=Door.WEB)
    for way in (
        f"/tickets/{complaint}",
        f"/tickets/{complaint}/peek",
        f"/tickets/{complaint}/print",
        "/",
        "/views/all",
    ):
        page = cleo.text(way)
        for word in ("secret-word", "anna", "100G", "owner", "merged", "Priority", "kofi"):
            assert word not in page, f"{way} shows {word}"
    for way in before:
        assert b"secret" not in cleo.get(way).content
    form = cleo.form(f"/tickets/{complaint}", f"/tickets/{complaint}/messages")
    assert cleo.get(f"/tickets/{complaint}/new?seen={form.values['seen']}").status_code == 204


def test_every_page_carries_the_content_policy_and_is_kept_nowhere(addresses: dict[str, str]) -> None:
    anna = Visitor("anna")
    for name, where in addresses.items():
        answer = anna.get(where)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy
        assert "no-store" in answer.headers["Cache-Control"], name
        page = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "replace")
        assert "style=" not in page.replace("font-style=", ""), name
        assert "<style" not in page
        assert " onclick" not in page
        assert "javascript:" not in page
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            assert "src=http" not in page.replace('"', "")
