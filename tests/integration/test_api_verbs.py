"""Everything a person can do, a program can do."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.doors.api.shapes import Done, Ticket
from nocturne.doors.api.shapes_entries import EntryShape
from nocturne.doors.api.shapes_inventory import Queues, Things
from nocturne.doors.api.shapes_people import Me, People
from nocturne.store.models import Notice
from tests.caller import Caller, caller, reporter
from tests.cast import Cast


@pytest.fixture
def anna(cast: Cast) -> Caller:
    return caller(cast.anna)


@pytest.fixture
def kofi(cast: Cast) -> Caller:
    return caller(cast.kofi)


@pytest.fixture
def mei(cast: Cast) -> Caller:
    return caller(cast.mei)


@pytest.fixture
def trouble(anna: Caller) -> int:
    """A trouble on the backbone that anna has opened."""
    return int(
        anna.post("/tickets", {"subject": "Ann Arbor – Chicago 100G down", "machines": ["cr1.aa"]})["number"]
    )


def do(who: Caller, number: int, noun: str, body: Any = None, method: str = "POST") -> Any:
    """This will do an act, and check that its answer looks like the answer of an act."""
    done = who.call(
        method, f"/tickets/{number}/{noun}", body if body is not None or method == "DELETE" else {}
    )
    assert who.status in (200, 201), done
    Done.model_validate(done)
    return done


def state(who: Caller, number: int) -> tuple[str, str]:
    ticket = who.get(f"/tickets/{number}")
    Ticket.model_validate(ticket)
    return ticket["state"], ticket["clock"]


@pytest.mark.req("R15.9", "R8.1", "R11.4", "R12.1", "S1")
def test_a_problem_goes_its_whole_way_by_program(
    anna: Caller, kofi: Caller, mei: Caller, trouble: int
) -> None:
    do(anna, trouble, "owner", {"owner": "me"})
    assert state(anna, trouble) == ("open", "noc")
    done = do(
        anna,
        trouble,
        "referral",
        {"to": "Norlink", "reference": "00912233", "next_action": "Splice ETA", "alarm": "2h ask Norlink"},
    )
    assert (done["ticket"]["referred_to"], done["ticket"]["vendor_reference"]) == ("Norlink", "00912233")
    assert state(anna, trouble) == ("waiting", "vendor")
    do(anna, trouble, "owner", {"owner": "kofi", "text": "Yours for the night."})
    do(kofi, trouble, "resumption")
    do(kofi, trouble, "suspension", {"clock": "customer", "text": "Site is locked until eight."})
    assert state(kofi, trouble) == ("waiting", "customer")
    do(kofi, trouble, "resumption", {"worked": "1h30"})
    do(kofi, trouble, "dispatch", {"to": "Splice crew 2"})
    do(kofi, trouble, "escalation", {"to": "Norlink duty manager"})
    do(kofi, trouble, "outages", {"start": "5 min ago"})
    do(kofi, trouble, "restoration", {"text": "Light is back."})
    done = do(
        kofi, trouble, "resolution", {"line": "Fibre spliced", "key_component": "span 12", "cause": "backhoe"}
    )
    assert done["ticket"]["resolution"] == "Fibre spliced"
    refused = kofi.post(f"/tickets/{trouble}/check")
    assert (kofi.status, refused["code"]) == (403, "not_permitted")
    do(mei, trouble, "check")
    do(kofi, trouble, "closure")
    assert state(kofi, trouble) == ("closed", "stopped")
    ticket = kofi.get(f"/tickets/{trouble}")
    assert (ticket["checked_by"], ticket["worked"], ticket["escalated_to"]) == (
        "mei",
        5400,
        "Norlink duty manager",
    )
    assert ticket["outages"][0]["end"] is not None
    do(kofi, trouble, "reopening", {"text": "Flapping again."})
    do(kofi, trouble, "rejection", {"reason": "Test of the alarm"})
    assert state(kofi, trouble) == ("rejected", "stopped")


@pytest.mark.req("R11.2")
def test_notes_and_replies_are_two_things(anna: Caller, cast: Cast) -> None:
    number = anna.post(
        "/tickets", {"subject": "No mail", "type": "complaint", "reporter": {"email": "cleo@college.example"}}
    )["number"]
    do(
        anna,
        number,
        "entries",
        {"text": "She sounds cross.", "cc": ["kofi"], "machines": ["cr1.aa"], "tags": ["mail"]},
    )
    done = do(anna, number, "entries", {"kind": "reply", "text": "We are on it."})
    cleo = reporter("cleo", cast.cleo_contact)
    said = [each["text"] for each in cleo.get(f"/tickets/{number}/entries")["entries"] if each["text"]]
    assert said == []  # until it can no longer be taken back
    do(anna, number, f"entries/{done['entry']}/withdrawal")
    assert anna.get(f"/tickets/{number}/entries/{done['entry']}")["withdrawn"] is True
    assert not Notice.objects.filter(state="waiting", purpose="reply").exists()
    do(cleo, number, "entries", {"text": "Still no mail."})
    newest = anna.get(f"/tickets/{number}/entries?limit=1")["entries"][0]
    assert (newest["kind"], newest["author"]) == ("received", "cleo")


@pytest.mark.req("R11.2")
def test_what_an_entry_says_is_put_right_redacted_or_opened_to_others(
    anna: Caller, mei: Caller, cast: Cast, trouble: int
) -> None:
    ada = caller(cast.ada)
    first = do(anna, trouble, "entries", {"text": "Call 555 0100."})["entry"]
    do(anna, trouble, f"entries/{first}/correction", {"text": "Call 555 0101."})
    read = anna.get(f"/tickets/{trouble}/entries/{first}")
    EntryShape.model_validate(read)
    assert (read["text"], read["corrections"][0]["text"]) == ("Call 555 0100.", "Call 555 0101.")
    do(mei, trouble, f"entries/{first}/class", {"data_class": "restricted"})
    anna.get(f"/tickets/{trouble}/entries/{first}")
    assert anna.status == 404
    secret = do(anna, trouble, "entries", {"text": "Her home is 12 Lake Street."})["entry"]
    assert (
        mei.post(f"/tickets/{trouble}/entries/{secret}/redaction", {"reason": "private"})["code"]
        == "not_permitted"
    )
    do(ada, trouble, f"entries/{secret}/redaction", {"reason": "private"})
    read = anna.get(f"/tickets/{trouble}/entries/{secret}")
    assert (read["text"], read["redacted"], read["redaction"]) == (None, True, "private")


@pytest.mark.req("R13.1", "S5")
def test_tickets_point_to_each_other_are_merged_and_split(anna: Caller, trouble: int) -> None:
    other = anna.post("/tickets", {"subject": "Chicago side dark", "text": "Optics at -40."})["number"]
    do(anna, trouble, "relations", {"kind": "depends_on", "other": other})
    [relation] = anna.get(f"/tickets/{trouble}")["relations"]
    assert (relation["kind"], relation["number"]) == ("depends_on", other)
    circle = anna.post(f"/tickets/{other}/relations", {"kind": "depends_on", "other": trouble})
    assert (anna.status, circle["code"]) == (422, "relation_circle")
    anna.call("DELETE", f"/tickets/{trouble}/relations/depends_on/{other}")
    assert anna.status == 200
    do(anna, other, "merge", {"into": trouble})
    merged = anna.get(f"/tickets/{other}")
    assert (merged["number"], merged["asked"], merged["absorbed"]) == (trouble, other, [other])
    words = [each["text"] for each in anna.get(f"/tickets/{trouble}/entries")["entries"]]
    assert "Optics at -40." in words
    do(anna, other, "unmerge")
    assert anna.get(f"/tickets/{other}")["number"] == other
    note = do(anna, trouble, "entries", {"text": "Power at Lansing is out too."})["entry"]
    split = do(anna, trouble, "split", {"subject": "Power at Lansing", "entries": [note]})
    assert split["number"] not in (trouble, other)


@pytest.mark.req("R13.1")
def test_one_act_tells_every_complainer(anna: Caller, trouble: int) -> None:
    for name in ("cleo", "dana"):
        complaint = {
            "subject": "No network",
            "type": "complaint",
            "reporter": {"email": f"{name}@college.example"},
        }
        number = anna.post("/tickets", complaint)["number"]
        do(anna, number, "relations", {"kind": "parent", "other": trouble})
    done = do(anna, trouble, "complainers", {"text": "The fibre is spliced."})
    assert done["kind"] == "told"
    again = anna.post(f"/tickets/{number}/complainers", {"text": "x"})
    assert (anna.status, again["code"]) == (409, "nobody_to_tell")


@pytest.mark.req("R4.1")
def test_a_timer_is_set_cleared_and_answered(anna: Caller, trouble: int) -> None:
    done = do(anna, trouble, "alarm", {"when": "2h remind site"}, method="PUT")
    assert done["alarm"]["text"] == "remind site"
    do(anna, trouble, "alarm", method="DELETE")
    assert anna.get(f"/tickets/{trouble}")["alarm_at"] is None
    refused = anna.post(f"/tickets/{trouble}/alarm/acknowledgement")
    assert (anna.status, refused["code"]) == (409, "nothing_rings")
    refused = anna.call("PUT", f"/tickets/{trouble}/alarm", {"when": "yesterday 10:00 x"})
    assert (anna.status, refused["field"]) == (422, "alarm")
    refused = anna.call("PUT", f"/tickets/{trouble}/alarm", {})
    assert refused["code"] == "alarm_needs_one"


@pytest.mark.req("R10.2", "R11.4")
def test_outages_and_effects_are_added_changed_and_taken_away(anna: Caller, trouble: int) -> None:
    do(anna, trouble, "outages", {"start": "30 min ago"})
    do(anna, trouble, "affected", {"kind": "site", "name": "Ann Arbor", "effect": "degraded"})
    ticket = anna.get(f"/tickets/{trouble}")
    outage, affected = ticket["outages"][0]["key"], ticket["affected"][0]["key"]
    do(anna, trouble, f"outages/{outage}", {"start": "30 min ago", "end": "10 min ago"}, method="PUT")
    do(anna, trouble, f"affected/{affected}", {"kind": "site", "name": "Ann Arbor"}, method="PUT")
    ticket = anna.get(f"/tickets/{trouble}")
    assert ticket["outages"][0]["end"] is not None
    assert ticket["affected"][0]["effect"] == "down"
    do(anna, trouble, f"outages/{outage}", method="DELETE")
    do(anna, trouble, f"affected/{affected}", method="DELETE")
    ticket = anna.get(f"/tickets/{trouble}")
    assert (ticket["outages"], ticket["affected"]) == ([], [])
    refused = anna.post(f"/tickets/{trouble}/outages", {"start": "10 min ago", "end": "30 min ago"})
    assert (anna.status, refused["code"], refused["field"]) == (422, "outage_ends_before_start", "outage_end")


@pytest.mark.req("R16.2", "S3")
def test_one_line_updates_a_ticket_without_fetching_it(anna: Caller, trouble: int) -> None:
    line = f'{trouble} called site; no answer next:"call again" timer:"2h remind site"'
    done = anna.post("/line", {"line": line})
    assert anna.status == 200, done
    Done.model_validate(done)
    assert (done["ticket"]["next_action"], done["alarm"]["text"]) == ("call again", "remind site")
    assert ["next", "call again"] in done["understood"]
    piped = "traceroute to 192.0.2.1\n 1  10.0.0.1  0.4 ms  state:closed owner:kofi"
    done = anna.post(
        "/line", {"words": [str(trouble), "from", "cr1", "next:call again later"], "text": piped}
    )
    assert (done["ticket"]["state"], done["ticket"]["owner"]) == ("new", None)
    assert anna.get(f"/tickets/{trouble}/entries/{done['entry']}")["text"] == f"from cr1\n\n{piped}"


def test_a_line_that_cannot_be_understood_is_given_back_with_the_reason(anna: Caller, trouble: int) -> None:
    line = f"{trouble} called site prio:3 priority:9"
    refused = anna.post("/line", {"line": line})
    assert anna.status == 422
    assert (refused["field"], refused["params"]["line"]) == ("priority", line)
    assert line[refused["params"]["position"] :] == "priority:9"
    assert anna.post("/line", {"words": ["called", "site"]})["code"] == "no_number"
    assert anna.post("/line", {})["code"] == "line_or_words"
    assert anna.post("/line", {"line": "4711 x", "act": "explode"})["code"] == "unknown_act"


@pytest.mark.req("R16.2", "S3")
def test_every_act_has_its_line(anna: Caller, kofi: Caller, mei: Caller, trouble: int) -> None:
    def line(who: Caller, act: str, *words: str, text: str = "") -> Any:
        done = who.post("/line", {"act": act, "words": list(words), "text": text})
        assert who.status in (200, 201), done
        Done.model_validate(done)
        return done

    opened = line(
        anna,
        "open",
        "Power",
        "lost",
        "severity:2",
        "machine:ar1.lan",
        "timer:2h ask",
        "owner:me",
        "tag:power",
    )
    number = str(opened["number"])
    assert (opened["ticket"]["subject"], opened["ticket"]["owner"], opened["ticket"]["severity"]) == (
        "Power lost",
        "anna",
        2,
    )
    assert anna.status == 201
    line(anna, "note", number, "called", "site")
    line(anna, "give", number, "kofi", "yours", "next:call again")
    line(
        kofi,
        "refer",
        number,
        "Level 3",
        "TT-42",
        "next:chase them",
        "timer:2h chase",
        text="they say\nETA 04:00",
    )
    ticket = kofi.get(f"/tickets/{number}")
    assert (ticket["referred_to"], ticket["vendor_reference"], ticket["state"]) == (
        "Level 3",
        "TT-42",
        "waiting",
    )
    line(kofi, "resume", number)
    line(kofi, "suspend", number, "clock:vendor")
    line(kofi, "resume", number)
    line(kofi, "dispatch", number, "Splice crew", "go there")
    line(kofi, "escalate", number, "Duty manager")
    line(kofi, "restore", number, "at:1 min ago")
    line(kofi, "resolve", number, "Power", "is", "back")
    line(mei, "check", number)
    line(kofi, "close", number)
    line(kofi, "reopen", number)
    line(anna, "take", number)
    line(anna, "reject", number, "test")
    refused = anna.post("/line", {"act": "take", "words": [number, "state:closed"]})
    assert (anna.status, refused["code"], refused["field"]) == (422, "key_not_here", "state")
    line(anna, "reply", str(trouble), text="Dear Cleo,\nit works.")


def test_a_line_typed_while_nobody_answered_means_its_times_as_they_were(anna: Caller, trouble: int) -> None:
    done = anna.post("/line", {"words": [str(trouble), "called", "timer:3h ask"], "at": "2 h ago"})
    entry = anna.get(f"/tickets/{trouble}/entries/{done['entry']}")
    assert entry["at"] < entry["recorded_at"]
    from datetime import datetime, timedelta

    typed, rings = (datetime.fromisoformat(each) for each in (entry["at"], done["alarm"]["at"]))
    assert abs(rings - typed - timedelta(hours=3)) < timedelta(seconds=1)


def test_a_program_finds_out_who_it_is_and_what_there_is(anna: Caller, mei: Caller) -> None:
    me = anna.get("/me")
    Me.model_validate(me)
    assert (me["name"], me["groups"], me["reads"], me["organisation"]) == (
        "anna",
        ["operators"],
        "staff",
        "Lakenet",
    )
    queues = anna.get("/queues")
    Queues.model_validate(queues)
    assert queues["queues"][0]["name"] == "general"
    people = anna.get("/people?limit=2")
    People.model_validate(people)
    rest = anna.get(f"/people?limit=5&after={people['after']}")
    assert [each["name"] for each in (*people["people"], *rest["people"])] == ["ada", "anna", "kofi", "mei"]
    things = anna.get("/inventory/machines?limit=2")
    Things.model_validate(things)
    rest = anna.get(f"/inventory/machines?limit=2&after={things['after']}")
    assert [each["name"] for each in (*things["things"], *rest["things"])] == ["ar1.lan", "cr1.aa", "cr2.chi"]
    assert mei.get("/inventory/circuits")["things"][0]["name"] == "NL-IC-3321"
    anna.get("/inventory/lightbulbs")
    assert anna.status == 404
    for kind in ("networks", "sites", "vendors", "contacts"):
        Things.model_validate(anna.get(f"/inventory/{kind}"))


@pytest.mark.req("S3")
def test_a_command_line_comes_by_its_token_over_a_browser(anna: Caller) -> None:
    from nocturne.desk import tokens
    from nocturne.store.models import User

    stranger = Caller(anna.actor, "none")
    asked = stranger.post("/device", {"label": "noc on terminal 3"})
    assert stranger.status == 201
    assert asked["confirm_url"].startswith("http://noc.lakenet.example/device?code=")
    assert stranger.post("/device/token", {"secret": asked["secret"]}) == {"state": "waiting"}
    assert stranger.status == 202
    tokens.confirm_code(asked["code"], User.objects.get(name="anna"))
    given = stranger.post("/device/token", {"secret": asked["secret"]})
    assert (given["state"], given["name"]) == ("confirmed", "anna")
    fresh = Caller(anna.actor, given["token"])
    assert fresh.get("/me")["name"] == "anna"
    stranger.post("/device/token", {"secret": asked["secret"]})
    assert stranger.status == 404, "a code gives one token"
    fresh.call("DELETE", "/me/token")
    assert fresh.status == 204
    fresh.get("/me")
    assert fresh.status == 401
