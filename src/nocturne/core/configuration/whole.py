"""All documents of a site together: read, checked against each other, and made ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration import (
    calendars,
    classes,
    clearances,
    desks,
    fields,
    groups,
    lifecycles,
    queues,
    templates,
)
from nocturne.core.configuration import site as sites
from nocturne.core.configuration import types as kinds_of_tickets
from nocturne.core.configuration.body import NAME, Body, cannot_be_kept, wrong
from nocturne.core.configuration.calendars import Calendar
from nocturne.core.configuration.classes import LADDER, LocalClass
from nocturne.core.configuration.clearances import Clearance
from nocturne.core.configuration.desks import Desk
from nocturne.core.configuration.fields import Field
from nocturne.core.configuration.grants import Grant, ready
from nocturne.core.configuration.groups import Group, holding
from nocturne.core.configuration.kinds import Kinds
from nocturne.core.configuration.queues import Queue
from nocturne.core.configuration.references import references, rewritten
from nocturne.core.configuration.site import Site
from nocturne.core.configuration.templates import Template
from nocturne.core.configuration.types import Type
from nocturne.core.entry import DataClass
from nocturne.core.lifecycle import Lifecycle
from nocturne.core.refusals import Invalid

Document = tuple[str, str]
"""A document's kind and name."""
Documents = Mapping[Document, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how one is read, and in which folder of an exported tree it lies."""

    read: Callable[[str, Body], Any]
    folder: str


KINDS: Mapping[str, Kind] = {
    "site": Kind(sites.read, ""),
    "class": Kind(classes.read, "classes"),
    "group": Kind(groups.read, "groups"),
    "calendar": Kind(calendars.read, "calendars"),
    "lifecycle": Kind(lifecycles.read, "lifecycles"),
    "field": Kind(fields.read, "fields"),
    "type": Kind(kinds_of_tickets.read, "types"),
    "queue": Kind(queues.read, "queues"),
    "clearance": Kind(clearances.read, "clearances"),
    "template": Kind(templates.read, "templates"),
    "desk": Kind(desks.read, "desks"),
}
"""In the order in which they are read: a kind refers to those before it, and to its own."""
SITE: Document = ("site", "site")


@dataclass(frozen=True)
class Configuration(Kinds):
    """A site's configuration, read. `edition` changes whenever anything in it does."""

    documents: Documents
    site: Site = field(default_factory=Site)
    classes: Mapping[str, LocalClass] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    clearances: Mapping[str, Clearance] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    desks: Mapping[str, Desk] = field(default_factory=dict)
    edition: str = ""
    queue_ids: Mapping[str, int] = field(default_factory=dict)
    network_ids: Mapping[str, int] = field(default_factory=dict)
    resolved: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What the permits have worked out from it so far, per actor."""

    # --- classes -------------------------------------------------------------------------------------------------

    @cached_property
    def class_words(self) -> dict[int, str]:
        """Every data class's number and word."""
        ladder = {number: word for word, number in LADDER.items()}
        return ladder | {each.number: each.name for each in self.classes.values()}

    @cached_property
    def class_numbers(self) -> dict[str, int]:
        local = {each.name: each.number for each in self.classes.values()}
        former = {name: each.number for each in self.classes.values() for name in each.formerly}
        return former | LADDER | local

    @cached_property
    def _column_classes(self) -> dict[str, int]:
        found = {name: int(each.data_class) for name, each in (COLUMNS | ELEMENTS).items()}
        for name, each in self.fields.items():
            if each.core and each.data_class:
                found[name] = self.class_numbers[each.data_class]
        return found

    @cached_property
    def _field_classes(self) -> dict[str, int]:
        found = {}
        for each in self.fields.values():
            if not each.core:
                for name in (*each.formerly, each.name):
                    found[name] = self.class_numbers[each.data_class or "staff"]
        return found

    def class_of(self, column: str) -> int:
        """Give the data class of a header column, or of an element of a set such as `machine/42` or `field/cve`.

        A local field that is not configured any more is for whoever reads what is restricted.

        :raises KeyError: there is no such column.
        """
        kind, slash, key = column.partition("/")
        if kind == "field" and slash and not key.startswith("tag:"):
            return self._field_classes.get(key.partition(":")[0], int(DataClass.RESTRICTED))
        return self._column_classes[kind]

    # --- people --------------------------------------------------------------------------------------------------

    @cached_property
    def _holding(self) -> dict[str, frozenset[str]]:
        return holding(self.groups)

    def groups_over(self, names: Iterable[str]) -> frozenset[str]:
        """Give the groups that somebody in these groups belongs to: those, and all that include them."""
        given = set(names)
        return frozenset(given.union(*(self._holding.get(each, frozenset()) for each in given)))

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        return ready(
            self.clearances.values(),
            classes=self.classes,
            queues=self.queues,
            types=self.types,
            states=self.state_names,
            queue_ids=self.queue_ids,
            network_ids=self.network_ids,
        )

    # --- queues and fields ---------------------------------------------------------------------------------------

    def queue_named(self, name: str) -> Queue | None:
        """Find a queue by its name or one it has had."""
        found = self.queues.get(name)
        return found or next((each for each in self.queues.values() if name in each.formerly), None)

    def calendar(self, name: str) -> Calendar | None:
        """Find a calendar by its name or one it has had."""
        found = self.calendars.get(name)
        return found or next(
            (each for each in self.calendars.values() if name and name in each.formerly), None
        )

    @cached_property
    def _queues_by_number(self) -> dict[int, Queue]:
        return {self.queue_ids[name]: each for name, each in self.queues.items() if name in self.queue_ids}

    def queue_numbered(self, number: int | None) -> Queue | None:
        return self._queues_by_number.get(number or 0)

    def field(self, name: str) -> Field | None:
        """Find a local field by its name or one it has had."""
        found = self.fields.get(name)
        if found is None:
            found = next((each for each in self.fields.values() if name in each.formerly), None)
        return None if found is None or found.core else found


def assemble(
    documents: Documents,
    *,
    edition: str = "",
    queue_ids: Mapping[str, int] | None = None,
    network_ids: Mapping[str, int] | None = None,
) -> Configuration:
    """Read all documents and check them against each other.

    :raises Invalid: the first thing that is wrong, with `where` it stands.
    """
    found, wrongs = read(documents)
    if wrongs:
        raise wrongs[0]
    return numbered(found, queue_ids or {}, network_ids or {}, edition=edition)


def numbered(
    found: Configuration, queue_ids: Mapping[str, int], network_ids: Mapping[str, int], *, edition: str = ""
) -> Configuration:
    """Give a configuration the numbers of the rows that its names stand for; a queue whose row is yet to be called by
    its new name has that row's number all the same."""
    ids = dict(queue_ids)
    for name, queue in found.queues.items():
        known = [ids[former] for former in queue.formerly if former in ids]
        if name not in ids and known:
            ids[name] = known[0]
    return replace(found, edition=edition, queue_ids=ids, network_ids=network_ids)


def read(documents: Documents) -> tuple[Configuration, list[Invalid]]:
    """Read documents as far as they can be read, and list all that is wrong with them."""
    wrongs: list[Invalid] = []
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for (kind, name), body in sorted(documents.items()):
        try:
            by_kind[kind][name] = read_one(kind, name, body)
        except Invalid as refusal:
            wrongs.append(refusal)
    configuration = Configuration(
        documents=documents,
        site=by_kind["site"].get("site", Site()),
        classes=by_kind["class"],
        groups=by_kind["group"],
        calendars=by_kind["calendar"],
        lifecycles=by_kind["lifecycle"],
        fields=by_kind["field"],
        types=by_kind["type"],
        queues=by_kind["queue"],
        clearances=by_kind["clearance"],
        templates=by_kind["template"],
        desks=by_kind["desk"],
    )
    wrongs += _dangling(configuration)
    if not wrongs:
        from nocturne.core.configuration import checks

        wrongs += checks.problems(configuration)
    return configuration, wrongs


def read_one(kind: str, name: str, body: Mapping[str, Any]) -> Any:
    """Read one document by itself.

    :raises Invalid: there is no such kind, the name cannot be one, or something in the body is wrong.
    """
    if kind not in KINDS:
        raise wrong("no_such_kind", kind, given=kind, known=sorted(KINDS))
    if not NAME.fullmatch(name) or (kind == "site" and name != "site"):
        raise wrong("bad_name", f"{kind}/{name}"[:120], given=name[:80])
    if cannot_be_kept(body):
        raise wrong("cannot_be_kept", f"{kind}/{name}")
    reading = Body(f"{kind}/{name}", body)
    made = KINDS[kind].read(name, reading)
    reading.done()
    return made


def _dangling(configuration: Configuration) -> Iterator[Invalid]:
    """List references to what is not there."""
    for (kind, name), body in sorted(configuration.documents.items()):
        for where, what, target in references(kind, body):
            if (what, target) not in configuration.documents and not (what == "class" and target in LADDER):
                yield wrong("no_such", f"{kind}/{name}.{where}", kind=what, given=target)


def renamed(documents: Documents, kind: str, old: str, new: str) -> dict[Document, Mapping[str, Any]]:
    """Give a document another name, and everything that refers to it with it; the old name stays known.

    :raises Invalid: the name is taken, cannot be one, or the kind has none.
    """
    if not NAME.fullmatch(new) or kind == "site":
        raise wrong("bad_name", f"{kind}/{new}"[:120], given=new[:80])
    if (kind, old) not in documents:
        raise wrong("no_such", f"{kind}/{old}", kind=kind, given=old)
    if (kind, new) in documents:
        raise wrong("name_taken", f"{kind}/{new}", given=new)
    made: dict[Document, Mapping[str, Any]] = {}
    for key, each in documents.items():
        made[key] = rewritten(key[0], each, what=kind, old=old, new=new)
    body = dict(made.pop((kind, old)))
    if kind in KEEPS_FORMER_NAMES:
        body["formerly"] = [each for each in [*body.get("formerly", []), old] if each != new]
    made[kind, new] = body
    return made


KEEPS_FORMER_NAMES = frozenset({"class", "group", "calendar", "lifecycle", "field", "type", "queue"})
