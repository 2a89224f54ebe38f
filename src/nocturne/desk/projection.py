"""What tables hold of the configuration besides its documents: rows that tickets and accounts point to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, Q

from nocturne.core.configuration import Configuration, Document
from nocturne.core.configuration.body import wrong
from nocturne.desk import clock, lifecycles
from nocturne.store.models import Entry, FieldValue, Group, Installation, Queue, SavedView, Ticket, User


def bring_up_to_date(after: Configuration, changed: Iterable[Document]) -> None:
    """Let the rows of queues, groups and the installation say what their documents say now."""
    for kind, name in changed:
        if kind == "queue":
            _queue(after, name)
        elif kind == "group":
            _group(after, name)
        elif kind == "site":
            _site(after)
    if any(kind == "group" for kind, _ in changed):
        for name, queue in after.queues.items():
            if any(each.startswith("@") for each in (*queue.members, *queue.watchers)):
                _people(after, name)


def rename(kind: str, old: str, new: str) -> None:
    """Give a row its new name; what points to it goes on pointing to it."""
    if kind == "queue":
        Queue.objects.filter(name=old).update(name=new)
    elif kind == "group":
        Group.objects.filter(name=old).update(name=new)


def people_changed(after: Configuration) -> None:
    """Look anew who works in which queue: accounts came, went, or changed their groups."""
    for name, queue in after.queues.items():
        if queue.members or queue.watchers:
            _people(after, name)


def _queue(after: Configuration, name: str) -> None:
    queue = after.queues.get(name)
    if queue is None:
        Queue.objects.filter(name=name).delete()
        return
    was_retired = Queue.objects.filter(name=name).values_list("retired_at", flat=True).first()
    Queue.objects.update_or_create(
        name=name,
        defaults={
            "title": queue.title,
            "purpose": queue.purpose,
            "correspond_address": queue.correspond_address,
            "comment_address": queue.comment_address,
            "default_type": queue.default_type,
            "silence_days": queue.silence_days,
            "retired_at": (was_retired or clock.now()) if queue.retired else None,
        },
    )
    _people(after, name)


def _people(after: Configuration, name: str) -> None:
    """Put into the queue's row whom its document names, as far as there are such accounts."""
    row, queue = Queue.objects.get(name=name), after.queues[name]
    row.members.set(_accounts(after, queue.members))
    row.watchers.set(_accounts(after, queue.watchers))


def _accounts(after: Configuration, names: Sequence[str]) -> list[User]:
    wanted = {each.removeprefix("@") for each in names if each.startswith("@")}
    groups = [each for each in after.groups if after.groups_over([each]) & wanted]
    found = Q(groups__name__in=groups)
    for each in names:
        if not each.startswith("@"):
            found |= Q(name__iexact=each)
    return list(User.objects.filter(found).distinct())


def _group(after: Configuration, name: str) -> None:
    group = after.groups.get(name)
    if group is None:
        _give_views_back(name)
        Group.objects.filter(name=name).delete()
    else:
        Group.objects.update_or_create(name=name, defaults={"title": group.title})


def _give_views_back(name: str) -> None:
    """Let the views of a group that goes be its makers' own."""
    made = SavedView.objects.filter(group__name=name, made_by__isnull=False)
    made.update(owner_kind="person", owner=F("made_by"), group=None, is_pinned=False)


def _site(after: Configuration) -> None:
    site = after.site
    Installation.objects.filter(pk=1).update(
        organisation=site.organisation,
        name=site.tag,
        zone=site.zone,
        base_url=site.base_url,
        correspond_address=site.correspond_address,
        comment_address=site.comment_address,
    )
    from nocturne.desk.setup import forget_cached

    forget_cached()


def refuse_taking_what_is_used(
    before: Configuration, after: Configuration, *, renamed_to: Sequence[str] | None = None
) -> None:
    """Refuse to take away what tickets, entries or accounts still point to: it can be retired instead.

    :raises Invalid: something in use would go.
    """
    lifecycles.refuse_stranding(before, after)
    for name, each in after.classes.items():
        if name in before.classes and before.classes[name].number != each.number:
            raise wrong("number_kept", f"class/{name}.number", given=each.number)
    for kind, name in sorted(before.documents.keys() - after.documents.keys()):
        if renamed_to and [kind, name] == list(renamed_to[:2]):
            continue
        heirs = [
            each.name
            for each in getattr(after, _MANY.get(kind, "queues")).values()
            if name in getattr(each, "formerly", ())
        ]
        # A queue and a group have one row each: what was there before cannot take over another's as well.
        if heirs and not (
            kind in ("queue", "group") and any((kind, each) in before.documents for each in heirs)
        ):
            continue
        if _is_used(before, after, kind, name):
            raise wrong("in_use", f"{kind}/{name}", kind=kind, given=name)


_MANY = {"class": "classes", "queue": "queues", "type": "types", "field": "fields", "group": "groups",
         "lifecycle": "lifecycles", "calendar": "calendars"}  # fmt: skip


def _is_used(before: Configuration, after: Configuration, kind: str, name: str) -> bool:
    """Tell whether tickets, entries or accounts know something by a name that would mean nothing any more."""
    if kind == "queue":
        return Ticket.objects.filter(queue__name=name).exists()
    if kind == "type":
        names = [each for each in (name, *before.types[name].formerly) if not after.knows_type(each)]
        return Ticket.objects.filter(type__in=names).exists()
    if kind == "group":
        return User.objects.filter(groups__name=name).exists()
    if kind == "class":
        number = before.classes[name].number
        if number in after.class_words:
            return False
        return Entry.objects.filter(Q(born_class=number) | Q(shown_class=number)).exists()
    if kind == "field":
        names = [each for each in (name, *before.fields[name].formerly) if after.field(each) is None]
        return bool(names) and FieldValue.objects.filter(name__in=names).exists()
    return False
