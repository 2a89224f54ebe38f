"""What the board and a ticket's page show, and how few queries they take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk.alarms import MACHINERY
from nocturne.doors.web import prose
from nocturne.doors.web.acts.links import _absorbed
from nocturne.store.models import Entry, Notice, Ticket
from tests.cast import Cast, account
from tests.visitor import Visitor

HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7 }}"
WEB = Door.WEB


def opened(subject: str, by: Actor, **more: object) -> int:
    return desk.open(desk.Opening(subject=subject, **more), by=by, door=WEB).number  # type: ignore[arg-type]


def queries(visitor: Visitor, address: str) -> int:
    visitor.text(address)  # what is built once is built
    with CaptureQueriesContext(connection) as caught:
        visitor.text(address)
    return len(caught)


@pytest.mark.req("R2.1", "R11.3")
def test_the_board_shows_the_most_urgent_first_with_what_comes_next(anna: Actor) -> None:
    opened("DNS is slow", anna, priority=3)
    first = opened("All is dark", anna, priority=1, machines=["cr1.aa", "cr2.chi"], owner="anna")
    desk.suspend(
        first, "vendor", by=anna, door=WEB,
        extra=desk.Extra(next_action="Norlink to call", alarm=desk.Alarm(timezone.now() + timedelta(minutes=12), "")),
    )  # fmt: skip
    page = Visitor("anna").text("/")
    assert page.index("All is dark") < page.index("DNS is slow")
    for word in ("→ Norlink to call", "cr1.aa", "+1", "Vendor", "11 min", ">P1<", "no next action"):
        assert word in page, word
    assert "2 open" in page


def test_the_rail_counts_and_its_views_list_the_same(anna: Actor) -> None:
    opened("Mine", anna, owner="anna")
    waits = opened("Waits for ever", anna)
    desk.suspend(waits, "customer", by=anna, door=WEB)
    over = opened("Over", anna)
    desk.resolve(over, "It was nothing", by=anna, door=WEB)
    visitor = Visitor("anna")
    page = visitor.text("/")
    for name, subject in (("mine", "Mine"), ("untaken", "Waits"), ("noalarm", "Waits"), ("signoff", "Over")):
        listed = visitor.text(f"/views/{name}")
        assert subject in listed
        count = page.partition(f'href="/views/{name}"')[2].partition("class=count>")[2].partition("<")[0]
        assert int(count) == listed.count("<tr id=row-"), name


@pytest.mark.req("R2.1")
def test_a_long_board_is_paged_without_loss_or_repeat(anna: Actor) -> None:
    numbers = {opened(f"Ticket {place}", anna, priority=1 + place % 4) for place in range(60)}
    visitor = Visitor("anna")
    seen: list[int] = []
    address = "/"
    while address:
        page = visitor.text(address)
        seen += [int(part.partition(" ")[0].partition(">")[0]) for part in page.split("<tr id=row-")[1:]]
        address = page.partition('class=more><a href="')[2].partition('"')[0].replace("&amp;", "&")
    assert len(seen) == len(numbers)
    assert set(seen) == numbers


@pytest.mark.req("R2.1")
def test_a_reporters_long_list_is_paged_without_loss_or_repeat(cast: Cast, cleo: Actor) -> None:
    account("cleo", contact=cast.cleo_contact)
    numbers = {opened(f"Complaint {place}", cleo) for place in range(52)}
    visitor = Visitor("cleo")
    first = visitor.text("/?order=priority")
    address = first.partition('class=more><a href="')[2].partition('"')[0].replace("&amp;", "&")
    seen = [
        int(part.partition(" ")[0].partition(">")[0])
        for page in (first, visitor.text(address))
        for part in page.split("<tr id=row-")[1:]
    ]
    assert len(seen) == len(numbers)
    assert set(seen) == numbers


@pytest.mark.req("R2.1")
def test_a_list_by_its_last_change_is_paged_too(anna: Actor) -> None:
    numbers = {opened(f"Ticket {place}", anna) for place in range(52)}
    visitor = Visitor("anna")
    first = visitor.text("/?order=updated")
    address = first.partition('class=more><a href="')[2].partition('"')[0].replace("&amp;", "&")
    assert (first + visitor.text(address)).count("<tr id=row-") == len(numbers)


@pytest.mark.parametrize(
    "after",
    ["nonsense", "[]", '["x"]', '{"a": 1}', "[1,2]", "9" * 400, '["x","y","z"]', "[true,1,1]", f"[1,1,{10**30}]",
     "[[[1]],1,1]", "order=updated&after=[5,1]", 'order=updated&after=["x",1]',
     'order=updated&after=["2026-01-01",1]', 'order=newest&after=["1"]'],
)  # fmt: skip
@pytest.mark.parametrize("who", ["anna", "cleo"])
def test_a_board_asked_from_nowhere_begins_at_the_front(
    cast: Cast, cleo: Actor, after: str, who: str
) -> None:
    account("cleo", contact=cast.cleo_contact)
    opened("Only one", cleo)
    asked = after if after.startswith("order=") else f"after={after}"
    assert "Only one" in Visitor(who).text(f"/?{asked}")


@pytest.mark.req("R16.1")
def test_a_board_of_fifty_takes_few_queries_however_full_it_is(anna: Actor) -> None:
    for place in range(5):
        opened(f"Ticket {place}", anna, machines=["cr1.aa"])
    visitor = Visitor("anna")
    few = queries(visitor, "/")
    for place in range(50):
        opened(f"Ticket more {place}", anna, machines=["cr1.aa", "cr2.chi"])
    assert queries(visitor, "/") == few
    assert few <= 8


@pytest.mark.req("R16.1")
def test_a_ticket_with_two_hundred_entries_takes_no_more_queries_than_one_with_twenty(
    anna: Actor, trouble: int
) -> None:
    visitor = Visitor("anna")
    for place in range(20):
        desk.update(trouble, f"Word {place}", by=anna, door=WEB)
    few = queries(visitor, f"/tickets/{trouble}")
    for place in range(200):
        desk.update(trouble, f"More {place}", by=anna, door=WEB)
    assert queries(visitor, f"/tickets/{trouble}") <= few
    assert few <= 15
    page = visitor.text(f"/tickets/{trouble}")
    assert page.count("<article") == 50
    assert "More 199" in page
    assert "More 149" not in page


def test_earlier_entries_are_one_link_away_and_all_stand_in_the_full_text(anna: Actor, trouble: int) -> None:
    for place in range(120):
        desk.update(trouble, f"Word-{place}.", by=anna, door=WEB)
    visitor = Visitor("anna")
    seen, address = 0, f"/tickets/{trouble}"
    while address:
        page = visitor.text(address)
        seen += page.count("<article")
        address = page.partition('<div id=entries><p class=earlier><a href="')[2].partition('"')[0]
    assert seen == 121
    whole = visitor.text(f"/tickets/{trouble}/print")
    assert all(f"Word-{place}." in whole for place in range(120))


def test_hostile_words_stay_words_wherever_they_stand(cast: Cast, anna: Actor) -> None:
    number = opened(HOSTILE, anna, text=HOSTILE, reporter=desk.Reporter(HOSTILE, HOSTILE, "", "x@y.example"))
    desk.update(number, HOSTILE, by=anna, door=WEB, extra=desk.Extra(next_action=HOSTILE))
    desk.dispatch(number, HOSTILE, by=anna, door=WEB)
    desk.affected(number, desk.Affected("customer", HOSTILE), by=anna, door=WEB)
    desk.resolve(number, HOSTILE, key_component=HOSTILE, cause=HOSTILE, by=anna, door=WEB)
    visitor = Visitor("anna")
    entry = Entry.objects.filter(ticket=number).latest("pk")
    pages = [
        f"/tickets/{number}{rest}" for rest in ("", "/peek", "/print", "/fields", "/split", "/reopening")
    ]
    for address in [*pages, "/views/all", f"/tickets/{number}/entries/{entry.address}", "/search?q=img"]:
        page = visitor.text(address)
        assert "<img src=x" not in page, address
        assert "<script>alert" not in page, address
        assert "49" not in page.partition("onerror")[2][:60], address


def test_a_search_that_is_not_understood_says_where(anna: Actor) -> None:
    answer = Visitor("anna").get("/search?q=is:nonsense")
    assert answer.status_code == 422
    assert "is:nonsense" in answer.content.decode()


def test_filters_show_people_customers_or_machines(anna: Actor, complaint: int) -> None:
    desk.update(complaint, "From a person", by=anna, door=WEB)
    desk.reply(complaint, "To the customer", by=anna, door=WEB)
    desk.update(complaint, "From a machine", by=MACHINERY, door=Door.RULE)
    visitor = Visitor("anna")
    shown = {
        only: visitor.text(f"/tickets/{complaint}?only={only}") for only in ("people", "customer", "machine")
    }
    assert "From a person" in shown["people"]
    assert "From a machine" not in shown["people"]
    assert "From a person" not in shown["customer"]
    assert "To the customer" in shown["customer"]
    assert "From a machine" in shown["machine"]
    assert "From a person" not in shown["machine"]


def test_machines_talking_to_themselves_are_folded(anna: Actor, trouble: int) -> None:
    for place in range(4):
        desk.update(trouble, f"cleared {place}", by=MACHINERY, door=Door.ALERT)
    assert "4 machine updates" in Visitor("anna").text(f"/tickets/{trouble}")


@pytest.mark.req("R11.1")
def test_both_times_stand_where_they_differ(anna: Actor, trouble: int) -> None:
    when = timezone.now() - timedelta(hours=2)
    desk.outage(trouble, desk.Outage(timezone.now() - timedelta(hours=3)), by=anna, door=WEB)
    written = desk.update(trouble, "He called", by=anna, door=WEB, extra=desk.Extra(at=when))
    page = Visitor("anna").text(f"/tickets/{trouble}")
    entry = page.partition(f'id="e-{written.address}"')[2]
    assert entry.index("happened <time") < entry.index("He called")
    assert f"{when:%Y-%m-%d %H:%M} UTC" in entry


def test_a_page_learns_what_is_new_and_nothing_else(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    form = visitor.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    ask = f"/tickets/{trouble}/new?seen={form.values['seen']}"
    assert visitor.get(ask).status_code == 204
    desk.update(trouble, "New words", by=cast.kofi, door=WEB)
    answer = visitor.get(ask)
    assert answer.status_code == 200
    assert "1 new" in answer.content.decode()
    fresh = visitor.text(f"/tickets/{trouble}/entries?after={form.values['seen']}")
    assert "New words" in fresh
    assert "Interface down" not in fresh
    assert visitor.get(f"/tickets/{trouble}/new?seen=nonsense").status_code == 204


def test_asking_what_is_new_costs_three_queries(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    form = visitor.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    with CaptureQueriesContext(connection) as caught:
        assert visitor.get(f"/tickets/{trouble}/new?seen={form.values['seen']}").status_code == 204
    assert len(caught) <= 3


def test_a_board_learns_that_something_has_changed(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    page = visitor.text("/")
    mark = page.partition('data-mark="')[2].partition('"')[0]
    ask = f"/new?mark={mark}"
    assert visitor.get(ask).status_code == 204
    desk.take(trouble, by=anna, door=WEB)
    assert "changed" in visitor.text(ask)


def test_mail_is_followed_to_each_recipient(anna: Actor, complaint: int) -> None:
    written = desk.reply(complaint, "We look.", by=anna, door=WEB)
    now = timezone.now()
    for address, state in (("cleo@college.example", "sent"), ("mo@site.example", "failed")):
        Notice.objects.create(
            ticket_id=complaint, entry_id=written.entry, purpose="reply", address=address, state=state, run_at=now,
            message_id=f"{address}-1", sent_at=now if state == "sent" else None,
            error="" if state == "sent" else "451 try later",
        )  # fmt: skip
    page = Visitor("anna").text(f"/tickets/{complaint}")
    for word in ("1 sent", "1 failed, will be tried again", "451 try later", "mo@site.example"):
        assert word in page, word


def test_times_stand_in_the_readers_zone_with_utc_beside_them(anna: Actor, trouble: int) -> None:
    from nocturne.store.models import User

    User.objects.filter(pk=anna.id).update(zone="Asia/Kathmandu")
    page = Visitor("anna").text(f"/tickets/{trouble}")
    opened_at = Ticket.objects.get(pk=trouble).opened_at
    local = opened_at + timedelta(hours=5, minutes=45)
    assert f"{opened_at:%Y-%m-%d %H:%M} UTC · " in page
    assert f">{local:%H:%M}</time>" in page


def test_tables_keep_their_columns_and_addresses_become_links() -> None:
    shown = prose.shown(
        "See https://status.example/1?a=b&c=<d>.\n\n 1  cr1.aa   0.4 ms\n 2  *  *  *\n\nDone."
    )
    assert '<a href="https://status.example/1?a=b&amp;c=" rel="noreferrer noopener external">' in shown
    assert "<pre tabindex=0> 1  cr1.aa   0.4 ms\n 2  *  *  *</pre>" in shown
    assert "<p>Done.</p>" in shown


def test_a_quoted_tail_is_folded_and_a_long_text_leads_to_the_whole() -> None:
    shown = prose.shown("Yes.\n\nOn Monday anna wrote:\n> Is it over?\n> -- \n", quotes=True)
    assert shown.index("Yes.") < shown.index("<details")
    assert "Is it over?" in shown
    long = prose.shown("word " * 5000, rest="/whole")
    assert 'href="/whole"' in long
    assert len(long) < 8000


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "(" * 10**6, "<" * 10**5, "http://" * 10**5, " \n" * 10**5, ">" * 10**5]
)
def test_hostile_texts_are_shown_in_bounded_time(text: str) -> None:
    for shown in (prose.shown(text, rest="/whole", quotes=True), prose.shown(text, quotes=True)):
        assert len(shown) < 8 * len(text) + 200


def test_a_ticket_that_was_never_merged_offers_no_unmerging(anna: Actor, trouble: int) -> None:
    from nocturne.desk import charts

    chart = charts.chart(trouble, anna)
    assert _absorbed(chart) == {"gone": ""}
    with pytest.raises(NotFound):
        charts.chart(424242, anna)


def test_a_defect_shows_a_page_that_needs_nothing(
    anna: Actor, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    visitor = Visitor("anna")
    visitor.client.raise_request_exception = False
    monkeypatch.setattr("nocturne.desk.charts.chart", broken)
    answer = visitor.get(f"/tickets/{trouble}")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "what you typed is still there" in page
    assert "secret detail" not in page


def test_a_request_that_is_too_long_is_said_to_be(anna: Actor, trouble: int) -> None:
    answer = Visitor("anna").post(f"/tickets/{trouble}/notes", {"text": "x" * 12_100_000})
    assert answer.status_code == 413
    assert "Attach it as a file" in answer.content.decode()


def test_on_older_entries_what_is_saved_leads_back_to_the_newest(anna: Actor, trouble: int) -> None:
    for place in range(60):
        desk.update(trouble, f"Word {place}", by=anna, door=WEB)
    visitor = Visitor("anna")
    older = (
        visitor.text(f"/tickets/{trouble}")
        .partition('<div id=entries><p class=earlier><a href="')[2]
        .partition('"')[0]
    )
    form = visitor.form(older, f"/tickets/{trouble}/notes")
    answer = visitor.post(form.action, form.values | {"text": "Newest"}, **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(f"/tickets/{trouble}?did=")


@pytest.mark.req("R11.3")
def test_more_timers_than_the_strip_holds_are_counted_and_listed(anna: Actor) -> None:
    for place in range(22):
        number = opened(f"Rings {place:02}", anna)
        Ticket.objects.filter(pk=number).update(ringing_since=timezone.now())
    visitor = Visitor("anna")
    page = visitor.text("/")
    assert '<li class=further><a href="/views/ringing">2 more</a>' in page
    listed = visitor.text("/views/ringing")
    assert listed.count("<tr id=row-") == 22


def test_an_open_page_of_a_ticket_that_was_merged_learns_of_it(anna: Actor, trouble: int) -> None:
    stays = opened("The same", anna)
    visitor = Visitor("anna")
    seen = visitor.text(f"/tickets/{trouble}").partition('data-seen="')[2].partition('"')[0]
    assert visitor.get(f"/tickets/{trouble}/new?seen={seen}").status_code == 204
    desk.merge(trouble, stays, by=anna, door=WEB)
    news = visitor.text(f"/tickets/{trouble}/new?seen={seen}")
    assert f'href="/tickets/{trouble}"' in news
    assert "1 new" in news
    assert "hx-get" not in news


def test_an_address_that_leads_nowhere_tells_the_hour_as_every_page_does(anna: Actor) -> None:
    answer = Visitor("anna").get("/no/such/place")
    assert answer.status_code == 404
    assert f'data-hour="{anna.zone}"' in answer.content.decode()
