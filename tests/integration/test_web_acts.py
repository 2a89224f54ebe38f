"""Every act, by its form, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import charts
from nocturne.doors.web.acts.ending import MOST_CHILDREN, has_complaints
from nocturne.store.models import Entry
from tests.books import last, ticket
from tests.cast import Cast, account
from tests.visitor import Visitor


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
