"""What tickets speak of: queues, people, networks, sites, machines, circuits, vendors, contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Path, Query, Router

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX, local
from nocturne.core.permits import knows_queue, sees_column
from nocturne.core.refusals import NotFound
from nocturne.doors.api import cursors, shapes_inventory, shapes_people
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.given import Limit
from nocturne.store.models import Circuit, Contact, Machine, Network, Queue, Site, User, Vendor

router = Router(tags=["inventory"])

Part = Annotated[str, Query(max_length=120, description="Part of the name.")]
After = Annotated[str, Query(max_length=400, description="`after` of the page before.")]


@dataclass(frozen=True, slots=True)
class Kind:
    """One list: its rows, what is told of each, and which column of a ticket its readers must be able to read."""

    rows: QuerySet[Any]
    told: Mapping[str, str]
    column: str = ""


_NAMED = {"name": "name", "retired_at": "retired_at"}
_PLACED = _NAMED | {"network": "network__name", "site": "site__name", "contact": "contact__name"}
KINDS: dict[str, Kind] = {
    "networks": Kind(Network.objects.all(), _NAMED),
    "sites": Kind(
        Site.objects.all(),
        _NAMED | {"place": "place", "network": "network__name", "contact": "contact__name"},
    ),
    "machines": Kind(Machine.objects.all(), _PLACED),
    "vendors": Kind(Vendor.objects.all(), _NAMED | {"phone": "phone", "email": "email"}),
    # A circuit's number is among what RFC 1297 wants kept from some: its list is for whoever may read it on a ticket.
    "circuits": Kind(
        Circuit.objects.all(),
        _NAMED
        | {
            "capacity": "capacity",
            "network": "network__name",
            "vendor": "vendor__name",
            "from": "from_site__name",
            "to": "to_site__name",
        },
        "circuit",
    ),
    "contacts": Kind(
        Contact.objects.all(),
        _NAMED | {"organisation": "organisation", "email": "email", "phone": "phone"},
    ),
}


@router.get("/queues", auth=Needs(), response=shapes_inventory.Queues)
def list_queues(request: Request) -> HttpResponse:
    """List the queues that tickets can be opened in."""
    names = ["name", "title", "purpose", "default_type", "correspond_address"]
    if request.auth.is_staff:
        names.append("comment_address")
    known = Queue.objects.filter(retired_at=None).order_by("name").values("pk", *names)
    rows = [{name: row[name] for name in names} for row in known if knows_queue(request.auth, row["pk"])]
    return answer({"queues": rows}, actor=request.auth)


@router.get("/fields", auth=Needs(), response=shapes_inventory.LocalFields)
def list_fields(request: Request) -> HttpResponse:
    """List the site's own fields, as far as their values may be read somewhere."""
    configuration = current()
    fields = [
        {
            "name": each.name,
            "title": each.title or each.name,
            "kind": each.kind,
            "unit": each.unit,
            "many": each.many,
            "strict": each.strict,
            "pattern": each.pattern,
            "help": each.help,
            "choices": [
                {
                    "value": one.value,
                    "title": one.title or one.value,
                    "parent": one.parent,
                    "retired": one.retired,
                }
                for one in each.choices
            ],
            "types": sorted(
                {
                    *each.types,
                    *(name for name, kind in configuration.types.items() if each.name in kind.fields),
                }
            ),
            "required_in": list(each.required_in),
            "data_class": each.data_class,
            "retired": each.retired,
        }
        for each in local(configuration)
        if sees_column(request.auth, PREFIX + each.name)
    ]
    return answer({"fields": fields}, actor=request.auth)


@router.get("/people", auth=Needs("all-people", staff=True), response=shapes_people.People)
def list_people(request: Request, q: Part = "", limit: Limit = 100, after: After = "") -> HttpResponse:
    """List the accounts that tickets can be given to, by name."""
    scope = User.objects.filter(is_active=True).order_by("name").prefetch_related("groups")
    if q:
        scope = scope.filter(name__icontains=q)
    if after:
        scope = scope.filter(name__gt=cursors.read("people", after, [str])[0])
    found = list(scope[: limit + 1])
    people = [
        {
            "name": each.name,
            "full_name": each.full_name,
            "email": each.email,
            "groups": sorted(group.name for group in each.groups.all()),
        }
        for each in found[:limit]
    ]
    more = [people[-1]["name"]] if len(found) > limit else None
    return answer({"people": people, "after": cursors.write("people", more)}, actor=request.auth)


@router.get("/inventory/{kind}", auth=Needs("look-up", staff=True), response=shapes_inventory.Things)
def list_things(
    request: Request,
    kind: Annotated[str, Path(max_length=20, pattern="^[a-z]+$", description=", ".join(KINDS))],
    q: Part = "",
    limit: Limit = 100,
    after: After = "",
) -> HttpResponse:
    """List the networks, sites, machines, circuits, vendors or contacts, by name."""
    asked = KINDS.get(kind)
    if asked is None or (asked.column and not sees_column(request.auth, asked.column)):
        raise NotFound("no_such_address")
    scope = asked.rows.order_by("name", "pk")
    if q:
        scope = scope.filter(name__icontains=q)
    if after:
        name, number = cursors.read(kind, after, [str, int])
        scope = scope.filter(name__gte=name).exclude(name=name, pk__lte=number)
    rows = list(scope.values("pk", *asked.told.values())[: limit + 1])
    more = [rows[limit - 1]["name"], rows[limit - 1]["pk"]] if len(rows) > limit else None
    things = [{key: row[path] for key, path in asked.told.items()} for row in rows[:limit]]
    return answer({"things": things, "after": cursors.write(kind, more)}, actor=request.auth)
