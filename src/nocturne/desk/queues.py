"""Queues as a command or a form changes them: each is a document of the configuration, and its row follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models.functions import Lower

from nocturne.core.configuration.body import NAME
from nocturne.core.configuration.queues import LONGEST_SILENCE
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import configuring
from nocturne.desk.alarms import MACHINERY
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import Queue, User


def add(
    name: str,
    *,
    purpose: str = "",
    correspond: str = "",
    comment: str = "",
    default_type: str = "trouble",
    silence_days: int = 5,
    members: Iterable[str] = (),
    watchers: Iterable[str] = (),
    by: Actor = MACHINERY,
    door: Door = Door.CLI,
) -> Queue:
    """Make a queue.

    :param silence_days: after how many days without a word from its complainer a resolved complaint is closed.
    :param watchers: accounts that are mailed what comes into it from outside.
    :raises Invalid: the name is taken or cannot be one, or something else given cannot be right.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise Invalid("bad_queue_name", field="name", given=name)
    with writing():
        if ("queue", name) in configured.load().documents or Queue.objects.filter(name=name).exists():
            raise Invalid("queue_exists", field="name", given=name)
        body = {
            "purpose": purpose,
            "correspond": correspond,
            "comment": comment,
            "type": default_type,
            "silence_days": _silence(silence_days),
            "members": _people(members, "member"),
            "watchers": _people(watchers, "watcher"),
        }
        return put(name, body, by=by, door=door)


def change(
    name: str,
    *,
    purpose: str | None = None,
    correspond: str | None = None,
    comment: str | None = None,
    default_type: str | None = None,
    silence_days: int | None = None,
    members: Iterable[str] = (),
    watchers: Iterable[str] = (),
    without_members: Iterable[str] = (),
    without_watchers: Iterable[str] = (),
    by: Actor = MACHINERY,
    door: Door = Door.CLI,
) -> Queue:
    """Change what is given of a queue, and add to and take from those who work in it and watch it.

    :raises Invalid: there is no such queue, or something given cannot be right; then nothing is changed.
    """
    given = {
        "purpose": purpose,
        "correspond": correspond,
        "comment": comment,
        "type": default_type,
        "silence_days": None if silence_days is None else _silence(silence_days),
    }
    with writing():
        before = described(name)
        body = before | {key: value for key, value in given.items() if value is not None}
        for key, more, fewer in (
            ("members", _people(members, "member"), _people(without_members, "member", even_gone=True)),
            ("watchers", _people(watchers, "watcher"), _people(without_watchers, "watcher", even_gone=True)),
        ):
            body[key] = _among(before.get(key, ()), more, fewer)
        return put(name.strip().lower(), body, by=by, door=door)


def described(name: str) -> dict[str, Any]:
    """Give a queue's document.

    :raises Invalid: there is no such queue.
    """
    name = name.strip().lower()
    found = configured.load().documents.get(("queue", name))
    if found is not None:
        return dict(found)
    queue = Queue.objects.filter(name=name).first()
    if queue is None:
        raise Invalid("unknown_queue", field="name", given=name)
    return _of_a_row(queue)


def put(name: str, body: Mapping[str, Any], *, by: Actor, door: Door) -> Queue:
    """Put a queue's document in force, without the keys that say nothing."""
    said = {key: value for key, value in body.items() if value not in ("", [], None)}
    configuring.change({("queue", name): said}, by=by, door=door)
    return Queue.objects.get(name=name)


def _of_a_row(queue: Queue) -> dict[str, Any]:
    """Describe a queue that was made before there were documents."""
    return {
        "title": queue.title,
        "purpose": queue.purpose,
        "correspond": queue.correspond_address,
        "comment": queue.comment_address,
        "type": queue.default_type,
        "silence_days": queue.silence_days,
        "members": sorted(queue.members.values_list("name", flat=True)),
        "watchers": sorted(queue.watchers.values_list("name", flat=True)),
    }


def _silence(days: int) -> int:
    if not 1 <= days <= LONGEST_SILENCE:
        raise Invalid("bad_silence_days", field="silence_days", given=days, most=LONGEST_SILENCE)
    return days


def _among(now: Iterable[str], more: Iterable[str], fewer: Iterable[str]) -> list[str]:
    """Add names to a list and take others from it; accounts are the same in any case."""
    gone = {each.casefold() for each in fewer}
    found = {each.casefold(): each for each in (*now, *more)}
    return [name for key, name in found.items() if key not in gone]


def _people(names: Iterable[str], field: str, *, even_gone: bool = False) -> list[str]:
    """Find accounts by their names in any case; only those who may still sign on, unless `even_gone`."""
    found = []
    for name in names:
        accounts = User.objects.filter(name__iexact=name.strip())
        account = (accounts if even_gone else accounts.filter(is_active=True)).first()
        if account is None:
            raise Invalid("unknown_person", field=field, given=name)
        found.append(account.name)
    return found


def unknown_people(kind: str, body: Mapping[str, Any]) -> list[str]:
    """List the accounts that a queue names and that are not there: mostly a slip of the fingers."""
    if kind != "queue":
        return []
    named = [*_texts(body.get("members")), *_texts(body.get("watchers"))]
    names = list(dict.fromkeys(each for each in named if not each.startswith("@")))
    people = User.objects.filter(is_active=True).annotate(low=Lower("name"))
    known = set(people.filter(low__in=[each.lower() for each in names]).values_list("low", flat=True))
    return [each for each in names if each.lower() not in known]


def _texts(value: Any) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else ()
