"""Every act, by its form, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import charts
from nocturne.doors.web.acts.ending import MOST_CHILDREN, has_complaints
from nocturne.store.models import Draft, Entry, Ticket
from tests.cast import Cast, account
from tests.visitor import Visitor, said


@pytest.fixture
def anna_at_her_desk(cast: Cast) -> Visitor:
    return Visitor("anna")


def ticket(number: int) -> Ticket:
    return Ticket.objects.get(pk=number)


def last(number: int) -> Entry:
    return Entry.objects.filter(ticket=number).select_related("words").order_by("-pk")[0]


@pytest.mark.req("R4.1", "R11.3", "S7")
def test_a_note_brings_next_action_timer_and_time_worked_along(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    answer = anna_at_her_desk.send(
        f"/tickets/{trouble}",
        f"/tickets/{trouble}/notes",
        text="Called the site, no answer.",
        next_action="Call again",
        timer="2h remind site",
        worked="15",
    )
    entry = last(trouble)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/tickets/{trouble}?did={entry.address}#e-{entry.address}"
    row = ticket(trouble)
    assert (row.next_action, row.alarm_text, row.worked) == ("Call again", "remind site", 900)
    assert entry.words.text == "Called the site, no answer."
    assert entry.shown_class == DataClass.STAFF
    page = anna_at_her_desk.text(answer.headers["Location"].partition("#")[0])
    assert "Saved. Timer:" in page
    assert "UTC" in page


def test_none_takes_next_action_and_timer_away(anna_at_her_desk: Visitor, trouble: int) -> None:
    anna_at_her_desk.act(trouble, "alarm", next_action="Call", timer="1h")
    anna_at_her_desk.act(trouble, "alarm", next_action="none", timer="none")
    assert (ticket(trouble).next_action, ticket(trouble).alarm_at) == (None, None)


@pytest.mark.req("R12.1", "S1")
def test_a_ticket_is_worked_to_its_end_by_forms_alone(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    anna, mei = anna_at_her_desk, Visitor("mei")
    anna.act(trouble, "taking")
    assert ticket(trouble).owner.name == "anna"  # type: ignore[union-attr]
    anna.act(trouble, "owner", to="kofi")
    assert ticket(trouble).owner.name == "kofi"  # type: ignore[union-attr]
    anna.act(
        trouble,
        "referral",
        to="Norlink",
        reference="00912233",
        clock="vendor",
        next_action="ETA?",
        timer="2h",
    )
    assert (ticket(trouble).meaning, ticket(trouble).clock) == ("waiting", "vendor")
    anna.act(trouble, "resumption")
    anna.act(trouble, "referral", to="", clock="customer")
    assert (ticket(trouble).meaning, ticket(trouble).clock) == ("waiting", "customer")
    anna.act(trouble, "resumption", text="They called back.")
    anna.act(trouble, "dispatch", to="field crew 2")
    anna.act(trouble, "escalation", to="backbone engineering")
    anna.act(trouble, "priority", priority="1")
    anna.act(trouble, "fields", subject="Ann Arbor – Chicago 100G down again", machines="cr1.aa, cr2.chi")
    anna.act(trouble, "outages", effect="down", start="30 min ago")
    anna.act(trouble, "affected", kind="customer", name="Lansing College", effect="down")
    anna.act(trouble, "watchers", cc="rowe@site.example")
    anna.act(trouble, "restoration", at="10 min ago")
    anna.act(
        trouble, "resolution", line="Fibre cut near Jackson; spliced", key_component="cr1.aa", cause="digging"
    )
    row = ticket(trouble)
    assert (row.state, row.resolution, row.key_component) == (
        "resolved",
        "Fibre cut near Jackson; spliced",
        "cr1.aa",
    )
    mei.act(trouble, "check")
    mei.act(trouble, "closure")
    assert ticket(trouble).state == "closed"
    anna.act(trouble, "reopening", text="It is down again.")
    anna.act(trouble, "rejection", reason="Twice the same")
    assert ticket(trouble).state == "rejected"


@pytest.mark.req("R13.1", "S5")
def test_tickets_are_related_merged_parted_and_split(
    anna_at_her_desk: Visitor, trouble: int, complaint: int
) -> None:
    anna = anna_at_her_desk
    anna.act(complaint, "relations", kind="parent", other=str(trouble))
    assert ticket(complaint).parent_id == trouble
    page = anna.text(f"/tickets/{trouble}")
    assert "Cannot reach the library" in page
    anna.post(f"/tickets/{complaint}/severance", {"kind": "parent", "other": str(trouble)})
    assert ticket(complaint).parent_id is None
    answer = anna.act(complaint, "merge", into=str(trouble))
    assert answer.headers["Location"].startswith(f"/tickets/{trouble}?did=")
    merged = anna.text(f"/tickets/{complaint}")
    assert f"{complaint} was merged into this" in merged
    assert "Since this morning nothing loads." in merged
    anna.act(trouble, "unmerge", gone=str(complaint))
    assert ticket(complaint).merged_into_id is None
    entry = Entry.objects.get(ticket=trouble, kind="opened")
    answer = anna.act(trouble, "split", subject="Apart from that", entries=entry.address)
    new = int(re.findall(r"/tickets/(\d+)\?", answer.headers["Location"])[0])
    assert ticket(new).subject == "Apart from that"
    assert "Interface down since 10:55." in anna.text(f"/tickets/{new}")


@pytest.mark.req("R13.1", "R8.1")
def test_one_act_tells_everybody_who_complained(
    anna_at_her_desk: Visitor, trouble: int, complaint: int
) -> None:
    anna = anna_at_her_desk
    anna.act(complaint, "relations", kind="parent", other=str(trouble))
    resolved = anna.act(trouble, "resolution", line="Fibre spliced")
    page = anna.text(resolved.headers["Location"].partition("#")[0])
    assert f'<a href="/tickets/{trouble}/told">Tell all who complained</a>' in page
    assert anna.form(f"/tickets/{trouble}/told").values["text"] == "Fibre spliced"
    anna.act(trouble, "told", text="It is over.")
    assert "told 1 complainer" in anna.text(f"/tickets/{trouble}")
    told = Entry.objects.get(ticket=trouble, kind="told")
    desk.answer_complaint(complaint, "It is over.", cause=told.pk, label="anna")
    page = anna.text(f"/tickets/{trouble}")
    assert "1 resolved</a>" in page
    assert "Cannot reach the library" in anna.text(f"/search?q=parent:{trouble}+order:updated")


@pytest.mark.req("R4.1")
def test_a_timer_that_went_off_is_answered_on_the_board(
    anna: Actor, anna_at_her_desk: Visitor, trouble: int
) -> None:
    desk.update(trouble, by=anna, door=Door.WEB, extra=desk.Extra(alarm=desk.Alarm(timezone.now(), "ETA?")))
    assert desk.ring(trouble) is not None
    page = anna_at_her_desk.text("/")
    assert "1 timer due" in page
    assert "ETA?" in page
    answer = anna_at_her_desk.send("/", f"/tickets/{trouble}/acknowledgement")
    assert answer.headers["Location"] == "/"
    assert ticket(trouble).ringing_since is None


def test_a_double_click_saves_once(anna_at_her_desk: Visitor, trouble: int) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    values = form.values | {"text": "Once."}
    first = anna_at_her_desk.post(form.action, values)
    again = anna_at_her_desk.post(form.action, values)
    assert first.headers["Location"] == again.headers["Location"]
    assert Entry.objects.filter(ticket=trouble, kind="note").count() == 1


@pytest.mark.req("S5")
def test_a_stale_form_shows_both_values_and_keeps_what_was_typed(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}/priority")
    Visitor("kofi").act(trouble, "priority", priority="1")
    answer = anna_at_her_desk.post(form.action, form.values | {"priority": "4", "text": "Not so bad."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "kofi has changed this meanwhile: it is now “1”, you wrote “4”" in page
    assert "Not so bad." in page
    assert ticket(trouble).priority == 1
    reread = anna_at_her_desk.client.post(form.action, _form_in(page, form.action))
    assert reread.status_code == 302
    assert ticket(trouble).priority == 4


def _form_in(page: str, action: str) -> dict[str, object]:
    from tests.visitor import _Forms

    reader = _Forms()
    reader.feed(page)
    return next(form.values for form in reader.forms if form.action == action)


def test_appending_a_note_to_a_changed_ticket_is_no_conflict(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    Visitor("kofi").act(trouble, "priority", priority="1")
    assert anna_at_her_desk.post(form.action, form.values | {"text": "Still dark."}).status_code == 302


@pytest.mark.parametrize(
    ("noun", "values", "says"),
    [
        ("notes", {"text": "  "}, "There is nothing to save"),
        ("notes", {"text": "x", "timer": "whenever"}, "is not a time that is understood"),
        ("notes", {"text": "x", "timer": "2020-01-01 10:00"}, "passed already"),
        ("notes", {"text": "x", "at": "2030-01-01 10:00"}, "lies in the future"),
        ("notes", {"text": "x", "worked": "soon"}, ""),
        ("owner", {"to": "nobody"}, "There is no active account nobody"),
        ("resolution", {"line": ""}, "Say in one line what happened"),
        ("resumption", {}, "That cannot be done with a ticket that is new"),
        ("relations", {"other": "999999"}, "There is no such ticket"),
        ("relations", {"other": "abc"}, "is not a ticket number"),
        ("merge", {"into": ""}, "is not a ticket number"),
        ("fields", {"queue": "nowhere"}, "There is no queue nowhere"),
        ("fields", {"subject": ""}, "one-line description"),
        ("outages", {"start": "10:00", "end": "1980-01-01 10:00"}, "ends before it starts"),
        ("restoration", {"at": "2030-01-01 10:00"}, "lies in the future"),
        ("replies", {"text": ""}, "The reply has no words"),
        ("replies", {"text": "x", "more": "no-address"}, "is not a mail address"),
        ("told", {"text": "Over."}, "No open complaint"),
        ("unmerge", {"gone": "1"}, ""),
        ("split", {"entries": "zzzz", "subject": "x"}, "There is no such update"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    anna_at_her_desk: Visitor, trouble: int, noun: str, values: dict[str, str], says: str
) -> None:
    before = Entry.objects.count()
    answer = anna_at_her_desk.send(f"/tickets/{trouble}/{noun}", **values)
    assert answer.status_code in (404, 409, 422), answer.status_code
    assert says in said(answer)
    assert Entry.objects.count() == before
    page = answer.content.decode()
    for name, value in values.items():
        if value.strip() and name != "entries":  # those are chosen, not typed
            assert f">\n{value}<" in page or f'value="{value}"' in page


@pytest.mark.req("R11.2")
def test_a_text_too_long_is_offered_as_a_file_and_kept(anna_at_her_desk: Visitor, trouble: int) -> None:
    text = "traceroute\n" + "x" * 2_000_100
    answer = anna_at_her_desk.send(f"/tickets/{trouble}/notes", text=text)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "Save it as a file" in page
    assert "x" * 2_000_100 in page
    answer = anna_at_her_desk.post(
        f"/tickets/{trouble}/notes", _form_in(page, f"/tickets/{trouble}/notes") | {"as_file": "1"}
    )
    assert answer.status_code == 302
    entry = last(trouble)
    assert entry.words.text is not None
    assert entry.words.text.startswith("traceroute …")
    assert entry.attachments.get().size == len(text)


def test_a_reply_goes_to_those_who_are_ticked(anna_at_her_desk: Visitor, complaint: int) -> None:
    anna = anna_at_her_desk
    anna.act(complaint, "watchers", cc="rowe@site.example")
    form = anna.form(f"/tickets/{complaint}/replies")
    assert sorted(form.values["to"]) == ["cleo@college.example", "rowe@site.example"]
    answer = anna.post(
        form.action, form.values | {"to": "rowe@site.example", "more": "Mo@Site.example", "text": "We look."}
    )
    assert answer.status_code == 302
    entry = last(complaint)
    assert [each["address"] for each in entry.facts["to"]] == ["rowe@site.example", "mo@site.example"]
    page = anna.text(f"/tickets/{complaint}?did={entry.address}")
    assert "goes out in" in page
    assert "Undo" in page
    undone = anna.send(
        f"/tickets/{complaint}?did={entry.address}",
        f"/tickets/{complaint}/entries/{entry.address}/withdrawal",
    )
    assert undone.status_code == 302
    assert "taken back, not sent" in anna.text(f"/tickets/{complaint}")


def test_suspending_can_be_undone_from_its_message(anna_at_her_desk: Visitor, trouble: int) -> None:
    answer = anna_at_her_desk.act(trouble, "referral", clock="customer")
    address = answer.headers["Location"].partition("#")[0]
    assert anna_at_her_desk.send(address, f"/tickets/{trouble}/resumption").status_code == 302
    assert ticket(trouble).meaning == "open"


def test_only_what_is_wholly_taken_back_is_called_undoing(anna_at_her_desk: Visitor, trouble: int) -> None:
    anna = anna_at_her_desk
    first = anna.act(trouble, "taking").headers["Location"].partition("#")[0]
    assert ">Undo<" not in anna.text(first), "a new ticket that was taken never is new again"
    anna.act(trouble, "owner", to="")
    taken = anna.act(trouble, "taking").headers["Location"].partition("#")[0]
    assert ">Undo<" in anna.text(taken)
    assert anna.send(taken, f"/tickets/{trouble}/owner").status_code == 302
    assert ticket(trouble).owner_id is None
    before = (ticket(trouble).priority, ticket(trouble).severity)
    lowered = anna.act(trouble, "priority", priority="4", severity="4").headers["Location"].partition("#")[0]
    assert ticket(trouble).priority == 4
    assert anna.send(lowered, f"/tickets/{trouble}/priority").status_code == 302
    assert (ticket(trouble).priority, ticket(trouble).severity) == before
    resolved = anna.act(trouble, "resolution", line="Fibre spliced").headers["Location"].partition("#")[0]
    page = anna.text(resolved)
    assert ">Undo<" not in page
    assert "<button class=link>Reopen</button>" in page
    assert anna.send(resolved, f"/tickets/{trouble}/reopening").status_code == 302
    assert ticket(trouble).meaning == "open"


def test_all_are_told_also_where_the_chart_lists_only_the_first_of_them(
    anna: Actor, trouble: int, complaint: int
) -> None:
    desk.relate(complaint, "parent", trouble, by=anna, door=Door.WEB)
    chart = charts.chart(trouble, anna)
    chart.relations = [{"kind": "child", "type": "trouble", "meaning": "open"}] * MOST_CHILDREN
    assert has_complaints(chart)
    desk.reject(complaint, "Not ours", by=anna, door=Door.WEB)
    assert not has_complaints(chart)


@pytest.mark.req("R8.1")
def test_a_mistake_is_corrected_and_the_original_stays_one_key_away(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    anna = anna_at_her_desk
    anna.act(trouble, "notes", text="Splice done at Jakcson.")
    entry = last(trouble)
    address = f"/tickets/{trouble}/entries/{entry.address}"
    assert anna.send(address, f"{address}/correction", text="Splice done at Jackson.").status_code == 302
    page = anna.text(f"/tickets/{trouble}")
    assert page.index("Splice done at Jackson.") < page.index("Splice done at Jakcson.")
    assert "corrected by anna" in page


@pytest.mark.req("R16.6")
def test_an_administrator_redacts_and_a_tombstone_stays(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    anna_at_her_desk.act(trouble, "notes", text="Their password is hunter2.")
    entry = last(trouble)
    address = f"/tickets/{trouble}/entries/{entry.address}"
    assert "redaction" not in anna_at_her_desk.text(address)
    assert anna_at_her_desk.post(f"{address}/redaction", {"reason": "x"}).status_code == 403
    ada = Visitor("ada")
    assert ada.send(address, f"{address}/redaction", reason="A password").status_code == 302
    page = ada.text(f"/tickets/{trouble}")
    assert "hunter2" not in page
    assert "Redacted: A password" in page


def test_a_supervisor_lets_the_customer_read_a_note(
    cast: Cast, anna_at_her_desk: Visitor, complaint: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    anna_at_her_desk.act(complaint, "notes", text="The fault is in our network.")
    entry = last(complaint)
    cleo = Visitor("cleo")
    assert "our network" not in cleo.text(f"/tickets/{complaint}")
    address = f"/tickets/{complaint}/entries/{entry.address}"
    assert Visitor("mei").send(address, f"{address}/class", data_class="customer").status_code == 302
    assert "our network" in cleo.text(f"/tickets/{complaint}")


@pytest.mark.req("R10.1", "R10.2")
def test_a_ticket_is_opened_with_all_that_is_known(anna_at_her_desk: Visitor) -> None:
    answer = anna_at_her_desk.send(
        "/tickets/open",
        subject="No light on NL-IC-3321",
        text="Since ten.",
        type="trouble",
        severity="2",
        machines="cr1.aa, cr2.chi",
        site="Ann Arbor",
        started_at="20 min ago",
        next_action="Call Norlink",
        timer="30 min",
        reporter_name="Rowe",
        reporter_email="rowe@site.example",
        affected_name="Lansing College",
        circuit="NL-IC-3321",
        files=SimpleUploadedFile("trace.txt", b"1 cr1.aa", "text/plain"),
    )
    assert answer.status_code == 302, said(answer)
    row = Ticket.objects.latest("pk")
    assert (row.subject, row.severity, row.next_action) == ("No light on NL-IC-3321", 2, "Call Norlink")
    assert row.started_at is not None
    assert timezone.now() - row.started_at > timedelta(minutes=19)
    page = anna_at_her_desk.text(f"/tickets/{row.pk}")
    for word in ("Lansing College", "cr2.chi", "Rowe", "trace.txt"):
        assert word in page


def test_a_ticket_without_a_subject_is_not_opened_and_its_text_is_kept(anna_at_her_desk: Visitor) -> None:
    answer = anna_at_her_desk.send("/tickets/open", text="A long description.", machines="nowhere")
    assert answer.status_code == 422
    assert "A long description." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_what_was_typed_on_a_ticket_survives_its_merge_and_is_kept_once(
    anna: Actor, anna_at_her_desk: Visitor, trouble: int
) -> None:
    stays = desk.open(desk.Opening(subject="The same"), by=anna, door=Door.WEB).number
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "Half a thought"})
    resolution = anna_at_her_desk.form(f"/tickets/{trouble}/resolution")
    anna_at_her_desk.post("/drafts", resolution.values | {"line": "Spliced twice"})
    desk.merge(trouble, stays, by=anna, door=Door.WEB)
    for number in (trouble, stays):
        page = anna_at_her_desk.text(f"/tickets/{number}")
        assert "Half a thought" in page
        assert "Your draft is back." in page
    assert "Spliced twice" in anna_at_her_desk.text(f"/tickets/{stays}/resolution")
    form = anna_at_her_desk.form(f"/tickets/{stays}", f"/tickets/{stays}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "More of a thought"})
    anna_at_her_desk.post(form.action, form.values | {"text": "A whole thought"})
    assert [draft.place.partition(":")[0] for draft in Draft.objects.all()] == ["act"]


def test_the_draft_goes_when_the_note_is_saved(cast: Cast, anna_at_her_desk: Visitor, trouble: int) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "Half a thought"})
    assert Draft.objects.get().content == {"text": "Half a thought"}
    assert "Half a thought" in anna_at_her_desk.text(f"/tickets/{trouble}")
    anna_at_her_desk.post(form.action, form.values | {"text": "A whole thought"})
    assert not Draft.objects.exists()


@pytest.mark.req("R16.2")
def test_the_command_line_jumps_searches_goes_and_acts(anna_at_her_desk: Visitor, trouble: int) -> None:
    anna = anna_at_her_desk
    lead = {
        str(trouble): f"/tickets/{trouble}",
        ">mine": "/views/mine",
        "fibre cut": "/search?q=fibre+cut",
    }
    for line, to in lead.items():
        assert anna.post("/line", {"line": line}).headers["Location"] == to
    answer = anna.post("/line", {"line": f'{trouble} called site, no answer next:"call again" timer:2h'})
    assert answer.headers["Location"].startswith(f"/tickets/{trouble}?did=")
    assert ticket(trouble).next_action == "call again"
    refused = anna.post("/line", {"line": f"{trouble} called timer:whenever"})
    assert refused.status_code == 422
    assert f"{trouble} called timer:whenever" in refused.content.decode()


@pytest.mark.req("R16.2")
def test_a_line_sent_twice_is_done_once_and_another_line_from_the_same_page_is_another(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    anna, said_before = anna_at_her_desk, Entry.objects.count()
    form = anna.form("/", "/line")
    first = anna.post("/line", form.values | {"line": f"{trouble} called site"})
    again = anna.post("/line", form.values | {"line": f"{trouble} called site"})
    assert again.headers["Location"] == first.headers["Location"]
    assert Entry.objects.count() == said_before + 1
    anna.post("/line", form.values | {"line": f"{trouble} called Norlink"})
    assert Entry.objects.count() == said_before + 2
    assert anna.form("/", "/line").values["key"] != form.values["key"]


@pytest.mark.req("R16.2")
def test_a_line_that_is_too_long_is_refused_whole_and_comes_back_as_typed(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    long, said_before = f"{trouble} {'word ' * 900}end", Entry.objects.count()
    refused = anna_at_her_desk.post("/line", {"line": long})
    assert refused.status_code == 422
    assert f'value="{long}"' in refused.content.decode()
    assert "4000" in said(refused).replace(",", "")
    assert Entry.objects.count() == said_before
    assert "4000" in anna_at_her_desk.post("/line/read", {"line": long}).content.decode().replace(",", "")


def test_the_command_line_shows_what_it_understood_before_it_acts(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    before = Entry.objects.count()
    page = anna_at_her_desk.post("/line/read", {"line": f"{trouble} called site priority:1"}).content.decode()
    assert "called site" in page
    assert "priority" in page
    assert (
        "is not a time"
        in anna_at_her_desk.post("/line/read", {"line": f"{trouble} x timer:nope"}).content.decode()
    )
    assert "Chicago" in anna_at_her_desk.post("/line/read", {"line": str(trouble)}).content.decode()
    assert Entry.objects.count() == before


def test_an_htmx_act_repaints_the_chart_and_adds_what_is_new(anna_at_her_desk: Visitor, trouble: int) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    answer = anna_at_her_desk.client.post(
        form.action, form.values | {"text": "Live."}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'hx-swap-oob="beforeend:#entries"' in page
    assert page.count("Live.") == 1
    assert "<id=chart" not in page
    assert "id=chart" in page
