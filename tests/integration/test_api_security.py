"""Strangers, customers and careless programs at the API's door."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nocturne import desk
from nocturne.config.logs import OneLine
from nocturne.core.entry import DataClass, Door
from nocturne.desk import accounts
from nocturne.desk.terms import Extra, Opening
from nocturne.doors.api.api import api
from nocturne.doors.api.asking import Anybody, Needs
from nocturne.doors.api.limits import BAD_TOKENS, CODES
from nocturne.doors.api.reference import described
from nocturne.store.models import Entry, Receipt, Ticket, Token, User
from tests.caller import ROOT, Caller, caller, reporter
from tests.cast import PASSWORD, Cast

PUBLIC = {("POST", "/device"), ("POST", "/device/token")}


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    yield
    BAD_TOKENS.forget()
    CODES.forget()


@pytest.fixture
def anna_calls(cast: Cast) -> Caller:
    return caller(cast.anna)


@pytest.fixture
def cleo_calls(cast: Cast) -> Caller:
    return reporter("cleo", cast.cleo_contact)


def operations() -> list[tuple[str, str, Any]]:
    """Every route of the API: method, path, and ninja's operation."""
    return [
        (method, path, operation)
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def filled(path: str, number: int, address: str = "abcdefghijkl") -> str:
    values = {
        "int:number": str(number),
        "int:other": "1",
        "int:token": "1",
        "int:way": "1",
        "int:line": "1",
        "int:feed": "1",
        "row": "1",
        "name": "kofi",
        "group": "night",
        "mark": "x" * 24,
        "address": address,
        "key": "1.0",
        "kind": "depends_on",
        "token": "x" * 24,
        "provider": "campus",
    }
    return re.sub(r"\{([^}]+)\}", lambda match: values[match[1]], path)


BODIES: dict[str, Any] = {
    "/owner": {"owner": "kofi"},
    "/referral": {"to": "Norlink"},
    "/dispatch": {"to": "crew"},
    "/escalation": {"to": "boss"},
    "/resolution": {"line": "done"},
    "/rejection": {"reason": "no"},
    "/relations": {"kind": "depends_on", "other": 1},
    "/merge": {"into": 1},
    "/split": {"subject": "x", "entries": ["abcdefghijkl"]},
    "/complainers": {"text": "done"},
    "/alarm": {"when": "2h x"},
    "/outages": {"start": "1 min ago"},
    "/affected": {"kind": "site", "name": "x"},
    "/correction": {"text": "x"},
    "/redaction": {"reason": "x"},
    "/class": {"data_class": "staff"},
    "/entries": {"text": "x"},
    "/attachments": b"bytes",
    "/line": {"line": "1 hello"},
    "/tickets": {"subject": "x"},
}


def body_for(method: str, path: str) -> Any:
    if method in ("GET", "DELETE"):
        return None
    if "/outages/" in path or "/affected/" in path:
        return BODIES["/outages" if "/outages/" in path else "/affected"]
    if path.count("/") == 2 and method == "PATCH":
        return {"severity": 1}
    return BODIES.get(path[path.rindex("/") :], {})


OF_ONES_OWN = frozenset(
    (method, f"/{what}{rest}")
    for what in ("views", "dashboards")
    for method, rest in (("POST", ""), ("PATCH", "/{key}"), ("DELETE", "/{key}"), ("POST", "/{key}/copy"))
)
"""Whoever is signed on keeps these for themselves; to keep them for others the desk asks for a right."""


def test_every_route_says_who_may_use_it_and_stands_in_the_reference() -> None:
    described_routes = {
        (method.upper(), path) for path, each in described()["paths"].items() for method in each
    }
    for method, path, operation in operations():
        [permission] = operation.auth_callbacks
        assert isinstance(permission, Needs | Anybody), f"{method} {path} is open to the world"
        assert isinstance(permission, Anybody) == ((method, path) in PUBLIC), f"{method} {path}"
        if (
            method in ("POST", "PUT", "PATCH", "DELETE")
            and isinstance(permission, Needs)
            and operation.include_in_schema
        ):
            own = path.startswith("/me") or (method, path) in OF_ONES_OWN
            assert permission.rights or permission.staff or own, f"{method} {path} names no right"
        plain = re.sub(r"\{int:", "{", path)
        assert (method, plain) in described_routes or not operation.include_in_schema


def test_nobody_gets_in_without_a_token(cast: Cast, trouble: int) -> None:
    stranger = Client()
    for method, path, _ in operations():
        if (method, path) in PUBLIC:
            continue
        given = stranger.generic(method, ROOT + filled(path, trouble), "{}", content_type="application/json")
        assert given.status_code == 401, f"{method} {path}"
        assert given.json()["code"] == "sign_on_needed"
        assert given.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.req("R16.5")
def test_what_is_hidden_looks_like_what_is_not_there(
    anna_calls: Caller, cleo_calls: Caller, trouble: int
) -> None:
    address = anna_calls.get(f"/tickets/{trouble}/entries")["entries"][0]["address"]
    for method, path, _ in operations():
        if "{int:number}" not in path:
            continue
        answers = []
        for number in (trouble, 999_999):
            asked = filled(path, number, address)
            cleo_calls.call(method, asked, body_for(method, path))
            assert cleo_calls.last is not None
            shown = cleo_calls.last.content.replace(f"/tickets/{number}".encode(), b"/tickets/N")
            answers.append((cleo_calls.status, shown))
        assert answers[0] == answers[1], f"{method} {path}"
        assert answers[0][0] in (403, 404), f"{method} {path}: {answers[0]}"
    assert Ticket.objects.get(pk=trouble).last_seq == 1


def test_an_entry_is_found_on_its_own_ticket_only(anna_calls: Caller, trouble: int) -> None:
    other = anna_calls.post("/tickets", {"subject": "Other"})["number"]
    address = anna_calls.get(f"/tickets/{other}/entries")["entries"][0]["address"]
    for method, path in (("GET", ""), ("POST", "/correction"), ("POST", "/withdrawal")):
        anna_calls.call(
            method,
            f"/tickets/{trouble}/entries/{address}{path}",
            {"text": "x"} if path == "/correction" else None,
        )
        assert anna_calls.status == 404, path


@pytest.mark.req("R16.6")
def test_a_customer_reads_their_own_ticket_and_only_what_is_for_them(
    anna_calls: Caller, cleo_calls: Caller, complaint: int, trouble: int
) -> None:
    anna_calls.post(f"/tickets/{complaint}/entries", {"text": "She sounds cross."})
    anna_calls.patch(f"/tickets/{complaint}", {"next_action": "Call her", "priority": 1})
    assert [each["number"] for each in cleo_calls.get("/tickets")["tickets"]] == [complaint]
    shown = json.dumps(
        [cleo_calls.get(f"/tickets/{complaint}"), cleo_calls.get(f"/tickets/{complaint}/entries")]
    )
    for hidden in ("cross", "Call her", "priority", "clock", "next_action", "anna", "relations"):
        assert hidden not in shown, hidden
    refused = cleo_calls.get("/tickets?q=priority:1")
    assert (cleo_calls.status, refused["code"]) == (403, "field_not_permitted")
    cleo_calls.get("/people")
    assert cleo_calls.status == 403


@pytest.mark.req("R16.6")
def test_hidden_entries_leave_no_trace_in_any_answer(cast: Cast, anna_calls: Caller, trouble: int) -> None:
    paths = (f"/tickets/{trouble}", f"/tickets/{trouble}/entries", "/tickets", "/tickets?order=updated")

    def answers() -> list[tuple[bytes, str]]:
        found = []
        for path in paths:
            anna_calls.get(path)
            assert anna_calls.last is not None
            text = re.sub(rb'"clock_seconds":\{[^}]*\}', b"", anna_calls.last.content)
            found.append((text, anna_calls.header("ETag").partition(".")[0]))
        return found

    before = answers()
    desk.update(
        trouble,
        "Her home phone is 555.",
        by=cast.mei,
        door=Door.WEB,
        extra=Extra(data_class=DataClass.RESTRICTED),
    )
    assert answers() == before


def test_keys_that_are_not_for_people_are_refused_by_name(anna_calls: Caller, trouble: int) -> None:
    row = Ticket.objects.filter(pk=trouble).values().get()
    strange = ("is_staff", "owner_id", "created_at", "internal", "last_seq", "opened_by", "opened_at",
               "checked_by", "state", "meaning", "clock", "number", "merged_into", "resolved_at", "objected", "author",
                "door")  # fmt: skip
    for key in strange:
        refused = anna_calls.patch(f"/tickets/{trouble}", {key: 1, "severity": 1})
        assert (anna_calls.status, refused["code"], refused["field"]) == (422, "unknown_key", key)
        assert key in refused["detail"]
    for key in ("author", "recorded_at", "seq", "door", "address", "kind2", "facts"):
        refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "x", key: "anna"})
        assert (anna_calls.status, refused["field"]) == (422, key)
    refused = anna_calls.post(f"/tickets/{trouble}/owner", {"owner": "me", "fields": {"checked_by": "anna"}})
    assert (anna_calls.status, refused["field"]) == (422, "fields.checked_by")
    assert Ticket.objects.filter(pk=trouble).values().get() == row
    anna_calls.get("/tickets?owner_id=1")
    assert anna_calls.status == 422


@pytest.mark.req("R16.5")
def test_a_customer_cannot_set_what_is_the_staffs(cleo_calls: Caller, complaint: int) -> None:
    row = Ticket.objects.filter(pk=complaint).values().get()
    for key, value in {"priority": 1, "owner": "anna", "vendor": "Norlink", "circuit": "NL-IC-3321", "next_action": "x",
                       "alarm": "2h x", "data_class": "staff", "worked": 60, "detected_at": "1 h ago", "parent": 1,
                       "cc": ["kofi"], "affected": [{"kind": "site", "name": "x"}]}.items():  # fmt: skip
        refused = cleo_calls.post("/tickets", {"subject": "x", key: value})
        assert cleo_calls.status in (403, 404), (key, refused)
    assert Ticket.objects.count() == 1
    for key, value in {"next_action": "x", "alarm": "2h x", "worked": 60, "fields": {"priority": 1}}.items():
        cleo_calls.post(f"/tickets/{complaint}/entries", {"text": "hello", key: value})
        assert cleo_calls.status == 403, key
    cleo_calls.post(f"/tickets/{complaint}/entries", {"text": "hello", "kind": "note"})
    assert cleo_calls.status == 403
    assert Ticket.objects.filter(pk=complaint).values().get() == row


def test_an_operator_cannot_write_above_their_class(anna_calls: Caller, trouble: int) -> None:
    refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "x", "data_class": "restricted"})
    assert (anna_calls.status, refused["field"]) == (403, "data_class")
    assert Ticket.objects.get(pk=trouble).last_seq == 1


def test_a_token_for_reading_writes_nothing(cast: Cast, trouble: int) -> None:
    reader = caller(cast.ada, scopes="read")
    assert reader.get(f"/tickets/{trouble}")["number"] == trouble
    for method, path, _ in operations():
        if method in ("POST", "PUT", "PATCH", "DELETE") and (method, path) not in PUBLIC:
            refused = reader.call(method, filled(path, trouble), body_for(method, path))
            assert (reader.status, refused["code"]) == (403, "scope_too_narrow"), path


def test_a_token_is_worth_nothing_from_the_moment_it_is_revoked_or_its_owner_is_gone(
    cast: Cast, anna_calls: Caller
) -> None:
    kofi = caller(cast.kofi)
    Token.objects.filter(user_id=cast.kofi.id).update(
        revoked_at=Token.objects.get(user_id=cast.kofi.id).created_at
    )
    assert kofi.get("/me")["code"] == "token_unknown"
    User.objects.filter(pk=cast.anna.id).update(is_active=False)
    assert anna_calls.get("/me")["code"] == "token_unknown"
    assert anna_calls.token not in str(Token.objects.values_list("digest", flat=True))


def test_guessing_tokens_is_slowed_down_and_locks_nobody_out(anna_calls: Caller) -> None:
    guesser = Caller(anna_calls.actor, "noct_guess")
    statuses = []
    for _ in range(40):
        guesser.get("/me")
        statuses.append(guesser.status)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert int(guesser.header("Retry-After")) > 0
    assert anna_calls.get("/me")["name"] == "anna"
    for _ in range(25):
        guesser.post("/device")
    assert guesser.status == 429


def signed_on(cast: Cast, *, enforce: bool = True) -> Client:
    """Anna's browser."""
    browser = Client(enforce_csrf_checks=enforce)
    session = browser.session
    session["_auth_user_id"] = str(cast.anna.id)
    session.save()
    from django.conf import settings

    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return browser


@pytest.mark.req("R16.5")
def test_another_site_cannot_use_a_signed_on_browser(cast: Cast, trouble: int) -> None:
    browser = signed_on(cast)
    assert browser.get(f"{ROOT}/tickets/{trouble}").json()["number"] == trouble
    before = Entry.objects.count()
    for method, path, _ in operations():
        if method == "GET" or (method, path) in PUBLIC:
            continue
        given = browser.generic(
            method,
            ROOT + filled(path, trouble),
            json.dumps(body_for(method, path) if not isinstance(body_for(method, path), bytes) else {}),
            content_type="application/json",
            headers={"Origin": "https://evil.example"},
        )
        assert (given.status_code, given.json()["code"]) == (403, "not_from_here"), f"{method} {path}"
    assert Entry.objects.count() == before


def test_our_own_pages_may_use_the_cookie(cast: Cast, trouble: int) -> None:
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    browser, secret = signed_on(cast), _get_new_csrf_string()
    browser.cookies[settings.CSRF_COOKIE_NAME] = secret
    given = browser.post(
        f"{ROOT}/tickets/{trouble}/entries",
        {"text": "From a page."},
        "application/json",
        headers={"X-CSRFToken": secret},
    )
    assert given.status_code == 201, given.content


def test_reading_changes_nothing(anna_calls: Caller, trouble: int) -> None:
    def counts() -> tuple[int, int, int, Any]:
        return (
            Entry.objects.count(),
            Ticket.objects.count(),
            Receipt.objects.count(),
            Ticket.objects.values().get(pk=trouble),
        )

    before = counts()
    for method, path, _ in operations():
        if method == "GET":
            for verb in ("GET", "HEAD", "OPTIONS"):
                anna_calls.call(verb, filled(path, trouble), Idempotency_Key="k")
    assert counts() == before


INJECTIONS = (
    "' OR '1'='1", "1; DROP TABLE ticket", "1 UNION SELECT password FROM account", '" OR ""="', "') OR ('1'='1", "1--",
    "priority; DELETE FROM entry", "priority,(SELECT 1)", "-owner__password", "-pk", "-priority,(SELECT 1)",
    "owner__password", "owner__password__startswith",
    "number__gt", "pk", "?", "RANDOM()", "pg_sleep(5)", "1 AND 1=1", "%27%20OR%201=1",
    "\\'; --", "admin'/*", "*/ OR 1=1",
    "0x31303235", "CHAR(49)", "1e309", "NaN", "-1", "9" * 40, "\x00", "null", "true", "[]", "{}", "${7*7}", "{{7*7}}",
    "__class__", "queue__members__password", "text__regex", "(((((((((((", "priority asc", "newest; --",
)  # fmt: skip


@pytest.mark.parametrize("payload", INJECTIONS)
def test_parameters_reach_no_database_as_anything_but_values(
    anna_calls: Caller, trouble: int, payload: str
) -> None:
    from urllib.parse import quote

    for name in ("order", "after", "limit", "q"):
        anna_calls.get(f"/tickets?{name}={quote(payload)}")
        assert anna_calls.status in ((422,) if name != "q" else (200, 403, 422)), name
    for path in (f"/tickets/{trouble}/entries?before=", f"/tickets/{trouble}/entries?after=", "/people?q=",
                 "/people?after=",
                 "/inventory/machines?q=", f"/tickets/{trouble}/entries?only=",
                 "/inventory/machines?after="):  # fmt: skip
        anna_calls.get(path + quote(payload))
        assert anna_calls.status in (200, 404, 422), path
    anna_calls.get(f"/tickets?{quote(payload)}=1")
    assert anna_calls.status in (200, 422)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["WyJwcmlvcml0eSIsMSwxXQ", "WyJwcmlvcml0eSIsIngiLDEsMV0", "e30", "!!!!", "W10", "bnVsbA"]
)
def test_a_made_up_place_in_a_list_is_refused(anna_calls: Caller, token: str) -> None:
    refused = anna_calls.get(f"/tickets?after={token}")
    assert (anna_calls.status, refused["code"], refused["field"]) == (422, "bad_cursor", "after")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b'{"subject": NaN}', 400, "bad_json"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "json_too_deep"),
        (b'{"subject":' * 10_000 + b"1" + b"}" * 10_000, 400, "json_too_deep"),
        (b'{"subject": "\\ud800"}', 400, "bad_characters"),
        (b'{"severity": ' + b"9" * 5000 + b"}", 400, "bad_json"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 400, "bad_json"),
        (b'"text"', 422, "bad_value"),
        (b"[]", 422, "bad_value"),
        (b"null", 422, "bad_value"),
        (b"", 422, "missing_key"),
        (b'{"text": "x"}', 422, "missing_key"),
        (b'{"subject": 7}', 422, "bad_value"),
        (b'{"subject": "x", "machines": "cr1"}', 422, "bad_value"),
        (b'{"subject": "x", "severity": true}', 422, "bad_value"),
        (b'{"subject": "x", "parent": 99999999999999999999}', 422, "bad_value"),
        (b'{"subject": "x", "severity": 99999999999999999999}', 422, "bad_level"),
    ],
)
def test_a_body_that_is_none_is_refused_with_its_reason(
    anna_calls: Caller, body: bytes, status: int, code: str
) -> None:
    refused = anna_calls.call("POST", "/tickets", body)
    assert (anna_calls.status, refused["code"]) == (status, code)
    assert anna_calls.header("Content-Type") == "application/problem+json"
    assert refused["remedy"]
    assert Ticket.objects.count() == 0


def test_a_body_of_more_than_is_taken_is_refused(anna_calls: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused = anna_calls.post("/tickets", {"subject": "x", "text": "a" * 2000})
    assert (anna_calls.status, refused["code"]) == (413, "body_too_large")


def test_something_else_than_json_is_not_guessed_at(anna_calls: Caller) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/xml", "text/plain"):
        refused = anna_calls.call("POST", "/tickets", b"subject=x", Content_Type=kind)
        assert (anna_calls.status, refused["code"]) == (415, "not_json")


def test_history_is_not_tampered_with(anna_calls: Caller, trouble: int) -> None:
    address = anna_calls.get(f"/tickets/{trouble}/entries")["entries"][0]["address"]
    for method in ("PUT", "PATCH", "DELETE"):
        refused = anna_calls.call(
            method, f"/tickets/{trouble}/entries/{address}", {"text": "nothing happened"}
        )
        assert (anna_calls.status, refused["code"]) == (403, "entries_stay")
        anna_calls.call(method if method != "PATCH" else "PUT", f"/tickets/{trouble}")
        assert anna_calls.status == 405


def test_addresses_that_lead_nowhere_and_methods_that_do_nothing_say_so(
    anna_calls: Caller, trouble: int
) -> None:
    for path in (
        "/",
        "/nothing",
        "/tickets/abc",
        "/tickets/",
        f"/tickets/{'9' * 5000}",
        f"/tickets/{2**64}",
        "/tickets/0",
    ):
        refused = anna_calls.get(path)
        assert anna_calls.status == 404, path
        assert refused["code"] in ("no_such_address", "no_such_ticket")
    refused = anna_calls.call("DELETE", f"/tickets/{trouble}")
    assert (anna_calls.status, refused["code"]) == (405, "method_not_allowed")
    assert anna_calls.header("Allow") == "GET, HEAD, OPTIONS, PATCH"
    anna_calls.call("OPTIONS", f"/tickets/{trouble}")
    assert (anna_calls.status, anna_calls.header("Allow")) == (204, "GET, HEAD, OPTIONS, PATCH")
    anna_calls.call("HEAD", f"/tickets/{trouble}")
    assert anna_calls.status == 200
    assert anna_calls.last is not None
    assert anna_calls.last.content == b""
    assert anna_calls.header("ETag")


def test_every_answer_is_kept_out_of_caches_and_runs_nothing(anna_calls: Caller, trouble: int) -> None:
    for path in (f"/tickets/{trouble}", "/nothing", "/tickets", "/docs", "/openapi.json", "/tickets?limit=0"):
        anna_calls.client.get(ROOT + path, headers={"Authorization": f"Bearer {anna_calls.token}"})
        given = anna_calls.client.get(ROOT + path, headers={"Authorization": f"Bearer {anna_calls.token}"})
        assert given.headers["Cache-Control"] == "no-store"
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in given.headers["Content-Security-Policy"]
        assert "unsafe" not in given.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_reference_needs_no_script_no_inline_style_and_no_other_host(cast: Cast) -> None:
    page = Client().get(f"{ROOT}/docs").content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "/tickets/{number}/resolution" in page
    assert Client().get(f"{ROOT}/docs.css").headers["Content-Type"].startswith("text/css")
    document = Client().get(f"{ROOT}/openapi.json").json()
    assert document["servers"] == [{"url": "http://noc.lakenet.example/api/v1"}]
    assert document["openapi"].startswith("3.")


def test_what_a_stranger_sends_stays_within_its_line_of_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("bad\nmoon \x1b[31m")

    anna = caller(cast.anna)
    monkeypatch.setattr("nocturne.desk.charts.chart", fails)
    with caplog.at_level(logging.DEBUG):
        Client().get(f"{ROOT}/x%0aERROR%20forged%1b[31m%00", headers={"User-Agent": "a\tb"})
        refused = anna.get("/tickets/4711")
    assert (anna.status, refused["code"]) == (500, "failed")
    assert "moon" not in json.dumps(refused)
    assert refused["params"]["id"] in caplog.text
    for record in caplog.records:
        line = OneLine().format(record)
        assert "\n" not in line
        assert "\x1b" not in line
        json.loads(line)


def test_control_characters_never_reach_a_database(anna_calls: Caller, trouble: int) -> None:
    done = anna_calls.post("/tickets", {"subject": "a\x00b\x1b[31mc\u202e", "text": "x\x00y\x07"})
    assert anna_calls.status == 201, done
    assert done["ticket"]["subject"].isprintable()
    for body in (
        {"queue": "gen\x00eral"},
        {"owner": "an\x00na"},
        {"machines": ["cr1\x00"]},
        {"cc": ["a\x00@b.example"]},
    ):
        anna_calls.post("/tickets", {"subject": "x", **body})
        assert anna_calls.status == 422, body
    refused = anna_calls.get("/people?q=%00")
    assert (anna_calls.status, refused["field"]) == (422, "q")


def test_a_forged_host_changes_no_address(anna_calls: Caller, trouble: int, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ticket = anna_calls.get(f"/tickets/{trouble}", Host="evil.example", X_Forwarded_Host="evil.example")
    assert ticket["web_url"] == f"http://noc.lakenet.example/tickets/{trouble}"


def test_password_and_token_digests_are_in_no_answer(cast: Cast, anna_calls: Caller, trouble: int) -> None:
    digest = accounts.digest(anna_calls.token)
    hashed = User.objects.get(name="anna").password
    for method, path, _ in operations():
        if method == "GET":
            anna_calls.get(filled(path, trouble))
            last = anna_calls.last
            assert last is not None
            content = b"".join(last.streaming_content) if last.streaming else last.content  # type: ignore[arg-type]
            for secret in (digest, hashed, PASSWORD):
                assert secret.encode() not in content


def test_a_number_given_at_opening_is_not_for_programs(anna_calls: Caller) -> None:
    refused = anna_calls.post("/tickets", {"subject": "x", "number": 4711})
    assert (anna_calls.status, refused["field"]) == (422, "number")
    assert desk.open(Opening(subject="x"), by=anna_calls.actor, door=Door.API).number < 4711
