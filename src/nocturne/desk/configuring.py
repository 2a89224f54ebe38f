"""Changes a site's configuration: whole or not at all, checked, audited with before and after, and revertible."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nocturne.core import configuration, permits
from nocturne.core.configuration import Configuration, Document, Documents, assemble, renamed
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.grants import Grant
from nocturne.core.entry import Door, canonical
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, NotFound
from nocturne.desk import administering, audit, clock, projection
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import Audit, Installation

Body = Mapping[str, Any]
Changes = Mapping[Document, Body | None]
"""Documents to their new bodies; None takes one away."""

RIGHT = {
    "queue": "administer-queues",
    "group": "administer-people",
    "clearance": "administer-clearances",
    "class": "administer-clearances",
}
"""Which right changing a kind of document needs; the others need `administer-configuration`."""


Seen = Mapping[Document, str]
"""Documents to the versions that whoever changes them has looked at."""


def version(body: Body | None) -> str:
    """Name what a document says, so that a change made meanwhile by somebody else is noticed."""
    return "none" if body is None else hashlib.sha256(canonical(dict(body))).hexdigest()[:16]


def right_for(kind: str) -> str:
    """Say which right changing a kind of document needs."""
    return RIGHT.get(kind, "administer-configuration")


def change(
    changes: Changes, *, by: Actor, door: Door, reason: str = "", seen: Seen | None = None
) -> list[Document]:
    """Put documents in force, all of them or none.

    :param seen: what the changes were made from; None where that does not matter.
    :return: what has really changed.
    :raises Invalid: something is wrong with what would be in force then, or something in use would go.
    :raises Forbidden: this is not for the actor to change, or to grant.
    :raises Conflict: somebody else has changed one of the documents since.
    """
    with writing():
        before = locked()
        _refuse_what_changed_meanwhile(before, seen or {})
        return _put(before, {**before.documents, **changes}, by=by, door=door, reason=reason)


def rehearse(
    wanted: Documents, *, by: Actor, renamed_to: tuple[str, str, str] | None = None
) -> list[Document]:
    """Say what would change if these were all documents, and do nothing.

    :raises Invalid, Forbidden: as :func:`change` would.
    """
    before = configured.load()
    return _judged(before, wanted, by=by, renamed_to=renamed_to)[1]


def replace_all(documents: Documents, *, by: Actor, door: Door, reason: str = "") -> list[Document]:
    """Put a whole tree in force: what it does not hold is taken away. All or nothing.

    :raises Invalid, Forbidden: as :func:`change`.
    """
    with writing():
        before = locked()
        return _put(before, documents, by=by, door=door, reason=reason)


def rename(kind: str, old: str, new: str, *, by: Actor, door: Door, reason: str = "") -> list[Document]:
    """Give something another name, wherever it is referred to. The old name goes on finding it; no ticket changes.

    :raises Invalid, Forbidden: as :func:`change`.
    """
    with writing():
        before = locked()
        after = renamed(before.documents, kind, old, new)
        projection.rename(kind, old, new)
        return _put(before, after, by=by, door=door, reason=reason, facts={"renamed": [kind, old, new]})


def revert(row: int, *, by: Actor, door: Door, reason: str = "") -> list[Document]:
    """Bring back what stood before one change, and all that was changed with it.

    :param row: the audit's row of the change.
    :raises NotFound: there is no such change of the configuration.
    :raises Invalid, Forbidden: as :func:`change`.
    """
    with writing():
        before = locked()
        after, renaming = taken_back(row, before.documents)
        facts: dict[str, Any] = {"reverts": row}
        if renaming is not None:
            projection.rename(*renaming)
            facts["renamed"] = list(renaming)
        return _put(before, after, by=by, door=door, reason=reason, facts=facts)


def taken_back(row: int, documents: Documents) -> tuple[dict[Document, Body], tuple[str, str, str] | None]:
    """Give all documents as they would be with one change taken back, and the renaming that is part of that.

    :param row: the audit's row of the change; all that was changed with it goes back too.
    :raises NotFound: there is no such change of the configuration.
    """
    noted = Audit.objects.filter(pk=row, act="configuration_changed").first()
    if noted is None:
        raise NotFound("no_such_change")
    together = Audit.objects.filter(batch=noted.batch, act="configuration_changed").order_by("-pk")
    after = dict(documents)
    for each in together:
        document = (each.subject_kind, each.subject)
        if each.before is None:
            after.pop(document, None)
        else:
            after[document] = each.before
    names = noted.facts.get("renamed")
    return after, (names[0], names[2], names[1]) if names else None


def history(kind: str, name: str) -> list[Audit]:
    """List the changes of one document, the newest first."""
    return list(audit.found(act="configuration_changed", subject_kind=kind, subject=name)[:200])


def locked() -> Configuration:
    """Take the configuration as it is in the database, and let nobody else change it meanwhile."""
    Installation.objects.get_or_create(pk=1)
    Installation.objects.select_for_update().filter(pk=1).values_list("pk").first()
    return configured.load()


def _put(
    before: Configuration,
    wanted: Mapping[Document, Body | None],
    *,
    by: Actor,
    door: Door,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[Document]:
    documents, changed, after = _judged(before, wanted, by=by, renamed_to=(facts or {}).get("renamed"))
    if not changed:
        return []
    for kind, old, new in _renamed_by_hand(before, after):
        projection.rename(kind, old, new)
    batch = audit.new_batch()
    for kind, name in changed:
        audit.note(
            "configuration_changed",
            by=by,
            door=door,
            subject=(kind, name),
            before=before.documents.get((kind, name)),
            after=documents.get((kind, name)),
            facts={**(facts or {}), **({"reason": reason} if reason else {})},
            batch=batch,
        )
    configured.store({key: documents.get(key) for key in changed}, at=clock.now())
    projection.bring_up_to_date(after, changed)
    Installation.objects.filter(pk=1).update(edition=secrets.token_hex(8))
    configured.refresh_after_commit()
    return changed


def _renamed_by_hand(before: Configuration, after: Configuration) -> Iterator[tuple[str, str, str]]:
    """List the queues and groups that go under another name from now on, as a tree says it: by `formerly`."""
    for kind, name in after.documents.keys() - before.documents.keys():
        for old in after.documents[kind, name].get("formerly", ()) if kind in ("queue", "group") else ():
            if (kind, old) in before.documents and (kind, old) not in after.documents:
                yield kind, old, name


def _judged(
    before: Configuration,
    wanted: Mapping[Document, Body | None],
    *,
    by: Actor,
    renamed_to: Sequence[str] | None = None,
) -> tuple[dict[Document, dict[str, Any]], list[Document], Configuration]:
    """Read what is wanted, and refuse what must not be: give the documents, which of them change, and all of it read.

    :raises Invalid, Forbidden: as :func:`change`.
    """
    documents = {key: dict(body) for key, body in wanted.items() if body is not None}
    changed = sorted(
        key
        for key in before.documents.keys() | documents.keys()
        if before.documents.get(key) != documents.get(key)
    )
    if not changed:
        return documents, [], before
    for kind in {kind for kind, _ in changed}:
        right = right_for(kind)
        if not permits.may(by, right):
            raise Forbidden("not_permitted", act=right)
    after = assemble(documents, queue_ids=before.queue_ids, network_ids=before.network_ids)
    refuse_granting_what_is_not_held(before, after, by)
    administering.refuse_granting_by_nesting(before, after, by)
    administering.refuse_opening(before, after, by)
    administering.refuse_losing_the_last(before, after)
    projection.refuse_taking_what_is_used(before, after, renamed_to=renamed_to)
    return documents, changed, after


def _refuse_what_changed_meanwhile(before: Configuration, seen: Seen) -> None:
    for (kind, name), looked_at in sorted(seen.items()):
        if looked_at != version(before.documents.get((kind, name))):
            where = f"{kind}/{name}"
            raise Conflict("configuration_changed_meanwhile", field=where, where=where)


def refuse_granting_what_is_not_held(before: Configuration, after: Configuration, by: Actor) -> None:
    """Let nobody give others a right or a class of data that they do not hold themselves.

    A class that nobody holds yet, and in which nothing was written, may be given by whoever administers clearances;
    from then on by its holders.

    :raises Forbidden: a clearance would grant more than its giver holds.
    """
    if by.kind == "system":
        return
    held = permits.held(by).unlimited
    given = {grant.clearance: grant for grant in before.grants}
    known = set().union(*(grant.sees for grant in before.grants))
    for grant in after.grants:
        old = given.get(grant.clearance)
        if old == grant:
            continue
        rights = grant.rights - (
            old.rights if old and _reaches_no_further(old, grant, before, after) else frozenset()
        )
        if strange := sorted(rights - held.rights):
            raise Forbidden("granting_unheld_right", right=strange[0], clearance=grant.clearance)
        for mine, theirs, was in (
            (held.sees, grant.sees, old.sees if old else frozenset()),
            (held.appends, grant.appends, old.appends if old else frozenset()),
            (held.changes, grant.changes, old.changes if old else frozenset()),
        ):
            fresh = theirs - (was if old and _reaches_no_further(old, grant, before, after) else frozenset())
            strange_classes = {
                each
                for each in fresh - mine
                if each in known or not administering.is_new_to(by, each, before)
            }
            if strange_classes:
                word = after.class_words[min(strange_classes)]
                raise Forbidden("granting_unheld_class", data_class=word, clearance=grant.clearance)


def _reaches_no_further(old: Grant, new: Grant, before: Configuration, after: Configuration) -> bool:
    """Tell whether a grant is for the same people and no more tickets than it was, whatever they are called now."""

    def formerly(configuration: Configuration, name: str) -> tuple[str, ...]:
        return configuration.groups[name].formerly if name in configuration.groups else ()

    # A group that was there, or that stays, is another one, whatever it says of its former names.
    is_other = new.group in before.groups or old.group in after.groups
    renamed = old.group in formerly(after, new.group) or new.group in formerly(before, old.group)
    if not (old.group == new.group or (renamed and not is_other)) or old.party != new.party:
        return False
    types = {name for each in old.types or () for name in after.type_names(each)}
    states = {name for each in old.states or () for name in after.state_names.get(each, {each})}
    return all(
        was is None or (will is not None and will <= was)
        for was, will in (
            (old.queues, new.queues),
            (old.networks, new.networks),
            (None if old.types is None else types | old.types, new.types),
            (None if old.states is None else states | old.states, new.states),
        )
    )


__all__ = [
    "change", "configuration", "history", "rehearse", "rename", "replace_all", "revert", "right_for", "taken_back",
    "version", "wrong",
]  # fmt: skip
