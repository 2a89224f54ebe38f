"""All that can be asked of the pages: each address read whole and in pieces, every form sent empty and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.test import RequestFactory

from nocturne.doors.web import acts
from nocturne.doors.web.fields import Field
from nocturne.doors.web.views import entry, opening
from tests.noninterference.addresses import Route, fillings, pages
from tests.noninterference.asking import Ask
from tests.noninterference.people import Reader
from tests.noninterference.world import Facts

IN_PIECES = {"HX-Request": "true"}
TYPED = {
    "text": "Typed by hand",
    "line": "It was the shaper",
    "reason": "Not ours",
    "subject": "Another subject",
    "next_action": "Ring them",
    "timer": "2h call again",
    "at": "20 min ago",
    "worked": "45",
    "to": "kofi",
    "more": "cleo@college.example",
    "clock": "vendor",
    "reference": "VN-1",
    "priority": "1",
    "severity": "1",
    "type": "trouble",
    "queue": "general",
    "network": "Backbone",
    "site": "Ann Arbor",
    "machines": "cr2.chi",
    "circuit": "NL-IC-3321",
    "vendor": "Norlink",
    "vendor_reference": "VN-2",
    "user_address": "192.0.2.1",
    "destination_address": "192.0.2.2",
    "started_at": "08:00",
    "detected_at": "08:05",
    "reported_at": "08:10",
    "planned_start": "2026-12-01 10:00",
    "planned_end": "2026-12-01 12:00",
    "key_component": "cr1.aa",
    "cause": "digger",
    "check_marks": "audit 9",
    "owner": "kofi",
    "parent": "{trouble}",
    "other": "{trouble}",
    "into": "{trouble}",
    "gone": "{rowes second}",
    "kind": "parent",
    "name": "The College",
    "effect": "down",
    "start": "08:00",
    "end": "09:00",
    "key": "1.0",
    "remove": "",
    "cc": "kofi",
    "tell": "1",
    "over_open": "",
    "entries": "",
    "files": "",
    "question": "x",
    "data_class": "customer",
    "reporter_name": "Rowe",
    "reporter_email": "rowe@site.example",
    "reporter_phone": "+1 734 555 0119",
    "reporter_organisation": "The Site",
    "affected_kind": "customer",
    "affected_name": "The College",
    "affected_effect": "down",
}
"""What is typed into a field, by its name; a ticket's number is put into the braces."""
FORMS: dict[str, tuple[dict[str, str], ...]] = {
    "line": tuple(
        {"line": line}
        for line in (
            "#{own}", "#{trouble}", ">mine", "is:open", "owner:kofi", "{own} called; no answer next:ring",
            "{trouble} said so", "{trouble} timer:2h", "999999 hello",
        )
    ),
    "line-read": tuple(
        {"line": line, "here": "{trouble}", "recent": "{own},{trouble},{break-in}"}
        for line in (
            "#{own}", "#{trouble}", "#999999", ">", "owner:", "{own} hi", "1", "2", "{trouble} x owner:",
            "{trouble} x state:", "{trouble} x queue:", "{break-in} x state:", "queue:", "circuit:", "cr",
        )
    ),
    "cell": (
        {"value": "1"}, {"value": "kofi"}, {"way": "taking:"}, {"way": "restoration:"}, {"way": "back:", "since": "1"},
    ),
    "pins": ({"pins": "view:board,view:mine"},),
    "view-new": (
        {"title": "ours", "query": "is:open"}, {"title": "theirs", "query": "queue:security"}, {"query": "cve:1"},
    ),
    "view-edit": ({"title": "ours", "query": "owner:kofi"},),
    "view-copy": ({"title": "ours"},),
    "view-deletion": ({},),
    "view-pin": ({"act": "pin"}, {"act": "unpin"}),
    "view-choice": ({"columns": "priority,subject", "group": "queue", "order": "newest"},),
    "view-look": ({"rows": "{own},{trouble},{break-in}"},),
    "takeovers": ({"words": "Mine", "seen": "latest"}, {"seen": "x"}),
    "shift-notes": ({"text": "Watch it", "parting": "1"},),
    "shift-note": ({"text": "Watch the other one"},),
    "shift-note-redaction": ({"reason": "Not ours"}, {"reason": ""}),
    "shift-redaction": ({"reason": "Not ours"}, {"reason": ""}),
    "batch-new": (
        {"numbers": "{own},{trouble},{break-in}", "priority": "1", "step": "preview"},
        {"q": "is:open", "line": "note hello", "step": "preview"},
        {"numbers": "{trouble},{break-in}", "line": "give kofi", "step": "run"},
        {"numbers": "{own},{trouble}", "merge": "{break-in}", "step": "preview"},
        {"numbers": "{own},{trouble}", "relate": "{break-in}", "step": "preview"},
        {"numbers": "{break-in},{own}", "parent": "{trouble}", "step": "run"},
    ),
    "batch-undo": ({},),
    "workload-call": (
        {"to": "mei", "number": "{trouble}", "text": "Two cuts"},
        {"to": "mei", "number": "{break-in}", "text": "Two cuts"},
    ),
    "keys": ({"keys": "alt"}, {"keys": "bare"}),
    "presence": (
        {"does": "reads"}, {"does": "writes", "data_class": "restricted"}, {"does": "writes"}, {"does": "leaves"},
    ),
    "drafts": ({"place": "note:{own}", "text": "half a"}, {"place": "note:{trouble}", "text": "a"}, {"place": "?"}),
    "password": ({"old": "wrong", "new": "a-new-one-of-hers", "again": "a-new-one-of-hers"},),
    "tokens": ({"label": "mine"},),
    "token": ({},),
    "session": ({},),
    "ways": ({"kind": "phone", "value": "+1 734 555 0119", "label": "duty"}, {"kind": "mail", "value": "x"}),
    "way-off": ({},),
    "notices": ({"update": "daily", "quiet_from": "22:00", "quiet_until": "06:30"},),
    "theme": ({"theme": "dark"},),
    "device": ({"code": "BBBB-BBBB"},),
    "sign-on": ({"name": "cleo", "password": "wrong"},),
    "sign-off": ({},),
    "setup": ({},),
    "account": ({"full_name": "Somebody Else", "zone": "Europe/Paris", "language": "en"},),
    "factors": ({"code": "000000"},),
    "factor-codes": ({},),
    "factor": ({"label": "phone"},),
    "second": ({"code": "000000"},),
    "enrol": ({"code": "000000"},),
    "forgotten": ({"name": "cleo"},),
    "new-password": ({"new": "a-new-one-of-hers", "again": "a-new-one-of-hers"},),
    "with": ({},),
    "displays": ({"label": "the wall"}, {"label": "the hall", "shows": "view:mine"}, {"shows": "dashboard:night"}),
    "display-shows": ({"label": "the hall", "shows": "view:mine"},),
    "feeds": ({"query": "is:open", "title": "ours"}, {"query": "owner:kofi"}, {"view": "board", "days": "7"}),
    "feed-off": ({},),
    "subscriptions": ({"what": "view:board", "rhythm": "daily"}, {"query": "owner:kofi", "rhythm": "hourly"}),
    "subscription": ({"rhythm": "hourly"}, {"does": "rest"}, {"what": "view:mine"}),
    "subscription-now": ({},),
    "subscription-end": ({},),
    "subscription-left": ({},),
    "dashboards": ({"title": "ours"},),
    "dashboard-arranging": ({"act": "add", "kind": "count", "query": "is:open"},),
    "dashboard-copy": ({},),
    "dashboard-removal": ({},),
    "begin-with": ({"dashboard": "night"}, {"dashboard": "nonsense"}, {}),
    "display-off": ({},),
    "sure": ({"password": "wrong"},),
    "link": ({"text": "From a link"},),
    "admin-audit-export": ({"q": "cleo"},),
    "admin-audit-check": ({},),
    "admin-contact": ({"name": "Somebody"},),
    "admin-group": ({"title": "Another"},),
    "admin-group-members": ({"name": "cleo"},),
    "admin-group-removal": ({},),
    "admin-groups": ({"name": "another", "title": "Another"},),
    "admin-health-act": ({},),
    "admin-person-act": ({},),
    "admin-person-disabling": ({"reason": "gone"},),
    "admin-person-new": ({"name": "another", "email": "another@lakenet.example"},),
    "admin-screen-removal": ({},),
    "admin-speaker-end": ({},),
    "admin-speakers": ({"kind": "site", "thing": "Ann Arbor", "account": "nils"},),
    "settings-change": ({},),
    "settings-document": ({"title": "Another"},),
    "settings-name": ({"name": "another"},),
    "settings-new": ({"name": "another"},),
    "settings-removal": ({},),
    "settings-retirement": ({},),
    "settings-text": ({"text": "title = 'Another'"},),
    "open": (),
    "act": (),
    "correction": (),
    "redaction": (),
    "class": (),
    "withdrawal": (),
}  # fmt: skip
"""What is sent to each address that takes a form; those without a line here have a table of fields of their own."""
LOOKED_AT: dict[str, tuple[str, ...]] = {
    "board": ("order=updated", "order=priority", "order=oldest", "wall=1", "menu=1"),
    "board-new": ("mark=x", "mark={mark}"),
    "events": ("after=x", "after={heard}"),
    "search": (),
    "workload": ("owner=anna", "owner=", "queue=security", "queue=general", "network=Backbone", "network="),
    "batch-new": ("q=is:open", "numbers={trouble},{break-in}"),
    "go": ("here={trouble}", "here={break-in}", "q=take"),
    "timeline": (
        "q=is:open", "q=owner:anna", "q=state:resolved", "who=mei", "kind=machine", "shift=now", "shift={shift}",
        "all=1", "since=2h", "after=x",
    ),
    "timeline-new": ("mark=x",),
    "entries": (
        "only=people", "only=customer", "only=machine", "after={stale}", "before={answer on own}",
        "before={confidence on own}", "before={note on own}", "after={confidence on own}",
    ),
    "ticket": ("only=people", "before={answer on own}", "did={note on own}", "did={reply on own}"),
    "ticket-new": ("seen={stale}", "seen=nonsense"),
    "act": ("entries={note on own}",),
    "open": ("parent={trouble}", "subject=x"),
}  # fmt: skip
"""What else an address is asked with."""


def questions(facts: Facts, reader: Reader) -> Iterator[Ask]:
    """Ask for every page and send every form; whole and in pieces, by turns where there are many of a kind."""
    for route in pages():
        is_many = "noun" in route.gaps or "address" in route.gaps
        for place, values in enumerate(fillings(route.gaps, facts, of_view=route.name == "view")):
            address = route.filled(values)
            ways = [({}, IN_PIECES)[place % 2]] if is_many else [{}, IN_PIECES]
            yield from (Ask("GET", address, headers=way) for way in ways)
            if not route.gaps:
                yield Ask("HEAD", address)
            named = spelt(facts, reader)
            for more in LOOKED_AT.get(route.name, ()):
                yield Ask("GET", f"{address}?{more.format_map(named)}")
            for form in _forms(route, values, facts, reader):
                yield Ask("POST", address, form, {} if is_many and place % 2 else ways[-1])


def spelt(facts: Facts, reader: Reader) -> dict[str, Any]:
    """Give what can stand in braces: numbers of tickets, addresses of updates, a version the reader saw early on."""
    mark = facts.stale.get((reader.name, "own"), "")
    addresses = {name: address for name, (_, address) in facts.addresses.items()}
    heard = facts.heard.get(reader.name, "")
    return {**addresses, **facts.numbers, "stale": mark, "mark": mark, "heard": heard, "shift": facts.shift}


def _forms(route: Route, values: dict[str, object], facts: Facts, reader: Reader) -> Iterator[dict[str, str]]:
    """Give what is sent to an address: nothing, and all there is to fill in, as somebody who looked early does."""
    named = spelt(facts, reader)
    if values.get("number", facts.numbers["own"]) == facts.numbers["own"]:
        yield {}
    for form in FORMS.get(route.name, ()):
        yield {name: text.format_map(named) for name, text in form.items()}
    fields = fields_of(route.name, str(values.get("noun", "")))
    if fields:
        typed = {each.name: TYPED.get(each.name, "x").format_map(named) for each in fields}
        was = {f"was-{name}": "what it was" for name in typed}
        yield {**typed, **was, "seen": named["stale"], "place": f"note:{values.get('number')}"}


def fields_of(name: str, noun: str = "") -> list[Field]:
    """List the fields of the form behind an address, as far as it has a table of them."""
    found: list[Field] = []
    if name == "act" and noun in acts.BY_NOUN:
        found = [*acts.BY_NOUN[noun].fields, *acts.BY_NOUN[noun].along]
    elif name == "open":
        found = [*opening.FIRST, *(each for _, group in opening.GROUPS for each in group)]
    elif name in entry.FIELDS:
        found = list(entry.FIELDS[name])
    return found


def unknown() -> list[str]:
    """List the fields that nothing is typed into here, and the addresses whose forms nothing is sent to."""
    named = [("open", ""), *((name, "") for name in entry.FIELDS), *(("act", noun) for noun in acts.BY_NOUN)]
    fields = {each.name for name, noun in named for each in fields_of(name, noun)} - TYPED.keys()
    forms = {route.name for route in pages() if _takes_forms(route)} - FORMS.keys()
    return sorted(fields | forms)


def _takes_forms(route: Route) -> bool:
    """Tell whether something can be posted to an address: its view says so by not refusing the method."""
    request = RequestFactory().post("/")
    request.resolver_match = None
    try:
        return bool(route.view(request).status_code != 405)  # type: ignore[operator]
    except Exception:  # it went further than to refuse the method
        return True
