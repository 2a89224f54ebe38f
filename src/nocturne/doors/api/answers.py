"""What programs are told: tickets, entries and acts as JSON, made only of what their reader may see."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from django.http import HttpRequest, HttpResponse

from nocturne.core import clocks
from nocturne.core.permits import Actor
from nocturne.core.zones import echo
from nocturne.desk import charts, clock, localfields, setup, titles, wording
from nocturne.desk.charts import Chart, EntryView
from nocturne.desk.terms import Written

_INSIDE = ("files", "hold", "account")
"""Facts of an entry that only Nocturne itself has a use for."""
_PASSING = frozenset({"clock_seconds"})
"""What is another number a second later though nothing has happened; the ends in `clocks` say the same for good."""


def instant(at: datetime) -> str:
    """Spell an instant as programs get it: UTC, to the millisecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _spell(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def json_bytes(value: Any, *, sort: bool = False) -> bytes:
    """Write JSON; with its keys sorted where the bytes must be the same whatever database gave them back."""
    text = json.dumps(value, default=_spell, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)
    return text.encode("utf-8", "replace")


def plain(value: Any) -> Any:
    """Reduce a value to what JSON knows by itself."""
    return json.loads(json_bytes(value))


def answer(value: Any, *, status: int = 200, actor: Actor | None = None, sort: bool = False) -> HttpResponse:
    """Answer with JSON, and say in which zone the reader lives."""
    response = HttpResponse(json_bytes(value, sort=sort), status=status, content_type="application/json")
    if actor is not None:
        response.headers["Nocturne-Zone"] = actor.zone
    return response


def answer_sorted(value: Any, *, status: int, actor: Actor) -> HttpResponse:
    """Answer with JSON whose bytes are the same whenever the value is."""
    return answer(value, status=status, actor=actor, sort=True)


def tagged(request: HttpRequest, value: Mapping[str, Any], version: str, actor: Actor) -> HttpResponse:
    """Answer with JSON and an ETag made of the version and the content; with 304 where the reader has them.

    Time that only passes is no new content: how long the clocks have run is not in the tag.
    """
    response = answer(value, actor=actor)
    lasting = {name: each for name, each in value.items() if name not in _PASSING}
    tag = f'"{version}.{zlib.crc32(json_bytes(lasting)):08x}"'
    if tag in (
        each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")
    ):
        response = HttpResponse(status=304)
        response.headers["Nocturne-Zone"] = actor.zone
    response.headers["ETag"] = tag
    return response


def seen(request: HttpRequest) -> str | None:
    """Read which version the writer has looked at, from If-Match; `*` and nothing mean any."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    return given.removeprefix("W/").strip('"').partition(".")[0]


def web_url(number: int) -> str:
    return f"{setup.base_url()}/tickets/{number}"


def api_url(path: str) -> str:
    return f"{setup.base_url()}/api/v1{path}"


def summary(found: Chart, actor: Actor) -> dict[str, Any]:
    """Spell a ticket's header. What its reader may not see is not there, not even as nothing."""
    header = found.header
    leading = ("subject", "type", "state", "meaning", "clock", "next_action")
    shown: dict[str, Any] = {"number": found.number, "web_url": web_url(found.number)}
    if found.asked != found.number:
        shown["asked"] = found.asked
    shown |= {name: header[name] for name in leading if name in header}
    shown |= titled(header)
    shown |= {name: value for name, value in header.items() if name not in leading}
    if shown.get("alarm_at") is not None:
        shown["alarm_says"] = echo(shown["alarm_at"], actor.zone)
    return shown | {"touched_at": found.touched_at, "version": found.version}


def titled(header: Mapping[str, Any]) -> dict[str, Any]:
    """Say what people see for the names of the state and the type."""
    type_, queue = header.get("type") or "", header.get("queue")
    return {
        "state_title": titles.state(
            header.get("state") or "", header.get("meaning") or "", type_=type_, queue=queue
        ),
        "type_title": titles.kind(type_) if type_ else "",
    }


def ticket(found: Chart, actor: Actor) -> dict[str, Any]:
    """Spell a ticket with all its facts."""
    shown = summary(found, actor) | {"machines": found.machines, "outages": found.outages}
    if found.fields:
        shown["fields"] = localfields.as_object(found.fields)
    if "priority" in found.header:
        shown |= {
            "affected": found.affected,
            "affected_count": found.affected_count,
            "raised": found.raised,
            "watchers": [
                {"key": each["key"], "name": each.get("label", ""), "email": each.get("email", "")}
                for each in found.watchers
            ],
            "relations": [_relation(each) for each in found.relations],
            "absorbed": found.absorbed,
            "clocks": [
                {"clock": each.clock, "start": each.start, "end": each.end} for each in found.segments
            ],
            "clock_seconds": {
                name: int(span.total_seconds())
                for name, span in clocks.durations(found.segments, clock.now()).items()
                if name != "stopped"
            },
        }
        if hasattr(found, "tags"):
            shown["tags"] = found.tags
    return shown


def _relation(found: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name.removesuffix("__name"): value for name, value in found.items()}
    return shown if found["restricted"] else shown | titled(shown) | {"web_url": web_url(found["number"])}


def row(found: Mapping[str, Any]) -> dict[str, Any]:
    """Spell one row of a list."""
    told = {name: value for name, value in found.items() if name != "texts"}
    return {"number": found["number"], "web_url": web_url(found["number"]), **told} | titled(found)


def entry(view: EntryView) -> dict[str, Any]:
    """Spell one entry."""
    shown: dict[str, Any] = {
        "address": view.address,
        "ticket": view.ticket,
        "kind": view.kind,
        "says": wording.entry(view),
        "at": view.at,
        "recorded_at": view.recorded_at,
        "author": view.author,
        "author_kind": view.author_kind,
        "door": view.door,
        "data_class": view.data_class,
        "text": view.text,
        "changes": [
            {"field": name, "before": before, "after": after} for name, before, after in view.changes
        ],
        "files": [_file(each) for each in view.files],
        "corrections": [
            {"address": each.address, "at": each.at, "author": each.author, "text": each.text}
            for each in view.corrections
        ],
    }
    if view.facts:
        shown["facts"] = {name: _fact(value) for name, value in view.facts.items() if name not in _INSIDE}
    if view.worked:
        shown["worked"] = view.worked
    if view.notices:
        shown["notices"] = [
            {
                "address": each.address,
                "name": each.name,
                "purpose": each.purpose,
                "state": each.state,
                "error": each.error,
                "sent_at": each.sent_at,
            }
            for each in view.notices
        ]
    if view.corrects:
        shown["corrects"] = view.corrects
    if view.redacted:
        shown |= {"redacted": True, "redaction": view.redaction}
    if view.withdrawn:
        shown["withdrawn"] = True
    return shown


def _fact(value: Any) -> Any:
    if isinstance(value, list):
        return [_fact(each) for each in value]
    if isinstance(value, dict):
        return {
            name: each for name, each in value.items() if name not in ("contact", "account", "user", "id")
        }
    return value


def _file(view: charts.FileView) -> dict[str, Any]:
    return {
        "name": view.name,
        "media_type": view.media_type,
        "size": view.size,
        "purpose": view.purpose,
        "url": api_url(f"/attachments/{view.token}"),
    }


def told(written: Written, actor: Actor, *, at: datetime | None = None) -> dict[str, Any]:
    """Spell what an act did: the entry's address and the ticket as it stands now.

    :param at: when it was said to have happened, if that was said: it is echoed in UTC and the account's zone.
    """
    found = charts.header(written.number, actor)
    shown = summary(found, actor)
    done: dict[str, Any] = {
        "number": written.number,
        "entry": written.address,
        "kind": written.kind,
        "recorded_at": written.at,
        "web_url": shown["web_url"],
        "version": found.version,
        "ticket": shown,
    }
    if written.warnings:
        done["warnings"] = [
            {"field": each.field, "code": each.code, "detail": wording.refusal(each)}
            for each in written.warnings
        ]
    if at is not None:
        done["at"] = {"at": at, "says": echo(at, actor.zone)}
    if shown.get("alarm_at") is not None:
        done["alarm"] = {
            "at": shown["alarm_at"],
            "text": shown["alarm_text"] or "",
            "says": shown["alarm_says"],
        }
    return done
