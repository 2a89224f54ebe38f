"""Whatever people do, in whatever order: a header is what its entries add up to, and the chain holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nocturne import desk
from nocturne.core import permits
from nocturne.core.chart import column as described
from nocturne.core.chart import plain
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.desk import charts
from nocturne.desk.terms import CLEAR, Affected, Alarm, Extra, Opening, Outage
from nocturne.store import books, pasts
from nocturne.store.models import Ticket
from tests.cast import Cast, people

Act = Callable[[list[int], dict[str, Any]], Any]


def _ago(minutes: int | None) -> Any:
    return None if minutes is None else timezone.now() - timedelta(minutes=minutes)


NUMBERS = st.integers(0, 2)
AGO = st.none() | st.integers(0, 600)
WORDS = st.sampled_from(["Called site; no answer", "Splice crew on its way", "é\u0301\u202e", "x" * 300, ""])
VERBS: dict[str, Callable[..., Any]] = {
    "update": lambda n, o, kw: desk.update(n, o["words"], **kw),
    "reply": lambda n, o, kw: desk.reply(n, o["words"], **kw),
    "take": lambda n, o, kw: desk.take(n, **kw),
    "give": lambda n, o, kw: desk.give(n, o["who"], **kw),
    "refer": lambda n, o, kw: desk.refer(n, "Norlink", reference="77", **kw),
    "dispatch": lambda n, o, kw: desk.dispatch(n, "kofi", **kw),
    "escalate": lambda n, o, kw: desk.escalate(n, "Vendor TAC", **kw),
    "severity": lambda n, o, kw: desk.change(n, {"severity": o["level"], "subject": o["words"] or "s"}, **kw),
    "suspend": lambda n, o, kw: desk.suspend(n, o["clock"], **kw),
    "resume": lambda n, o, kw: desk.resume(n, **kw),
    "restore": lambda n, o, kw: desk.restore(n, **kw),
    "resolve": lambda n, o, kw: desk.resolve(n, "Spliced", cause="fibre cut", **kw),
    "check": lambda n, o, kw: desk.check(n, **kw),
    "close": lambda n, o, kw: desk.close(n, over_open=True, **kw),
    "reopen": lambda n, o, kw: desk.reopen(n, **kw),
    "reject": lambda n, o, kw: desk.reject(n, "spam", **kw),
    "relate": lambda n, o, kw: desk.relate(n, o["kind"], o["other"], **kw),
    "unrelate": lambda n, o, kw: desk.unrelate(n, o["kind"], o["other"], **kw),
    "merge": lambda n, o, kw: desk.merge(n, o["other"], **kw),
    "unmerge": lambda n, o, kw: desk.unmerge(n, **kw),
    "outage": lambda n, o, kw: desk.outage(n, Outage(_ago(90), _ago(o["end"])), **kw),
    "affected": lambda n, o, kw: desk.affected(n, Affected("site", "Kalamazoo"), **kw),
    "redact": lambda n, o, kw: desk.redact(
        n, _address(n, o["place"], kw["by"]), "a name", by=kw["by"], door=kw["door"]
    ),
    "correct": lambda n, o, kw: desk.correct(n, _address(n, o["place"], kw["by"]), o["words"], **kw),
    "reclassify": lambda n, o, kw: desk.reclassify(
        n, _address(n, o["place"], kw["by"]), DataClass(o["level"] - 1), by=kw["by"], door=kw["door"]
    ),
    "split": lambda n, o, kw: desk.split(n, [_address(n, o["place"], kw["by"])], "half", **kw),
    "ring": lambda n, o, kw: (Ticket.objects.filter(pk=n).exists(), desk.ring(n)),
    "acknowledge": lambda n, o, kw: desk.acknowledge(n, **kw),
}


def _address(number: int, place: int, by: Actor) -> str:
    entries = charts.entries(number, by).entries
    return entries[place % len(entries)].address


OPTIONS = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(sorted(VERBS)),
        "ticket": NUMBERS,
        "words": WORDS,
        "who": st.sampled_from(["kofi", "anna", "", "nobody-here"]),
        "by": st.sampled_from(["ada", "mei", "anna", "kofi"]),
        "ago": AGO,
        "end": AGO,
        "level": st.integers(1, 4),
        "clock": st.sampled_from(["customer", "vendor"]),
        "kind": st.sampled_from(["parent", "depends_on", "refers_to"]),
        "other": NUMBERS,
        "place": st.integers(0, 9),
        "next": st.none() | WORDS,
        "alarm": st.sampled_from([None, "soon", "clear"]),
        "worked": st.integers(0, 7200),
    }
)


def _do(numbers: list[int], what: dict[str, Any], cast: Cast) -> None:
    alarm = {"soon": Alarm(timezone.now() + timedelta(hours=1), "ETA?"), "clear": CLEAR}.get(
        what["alarm"] or ""
    )
    extra = Extra(at=_ago(what["ago"]), next_action=what["next"], alarm=alarm, worked=what["worked"])
    options = what | {"other": numbers[what["other"]]}
    VERBS[what["verb"]](
        numbers[what["ticket"]], options, {"by": getattr(cast, what["by"]), "door": Door.WEB, "extra": extra}
    )


@pytest.mark.req("R1.1")
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(OPTIONS, min_size=5, max_size=18), planned=st.booleans())
def test_any_history_adds_up_to_its_header(db: None, history: list[dict[str, Any]], planned: bool) -> None:
    with transaction.atomic():
        cast = people()
        numbers = []
        for subject in ("a", "b", "c"):
            window = {"planned_start": _ago(-600), "planned_end": _ago(-700)} if planned else {}
            opening = Opening(
                subject=subject,
                text="It is down.",
                type="planned" if planned else "trouble",
                machines=["cr1.aa"],
                **window,
            )
            numbers.append(desk.open(opening, by=cast.anna, door=Door.WEB, extra=Extra(at=_ago(300))).number)
        for what in history:
            try:
                with transaction.atomic():
                    _do(numbers, what, cast)
            except Refusal:
                continue
        for number in Ticket.objects.values_list("pk", flat=True):
            assert books.first_difference(number) is None
            assert books.broken_link(number) is None
            _the_query_and_the_permits_agree(number, cast)
            assert not pasts.differing([number]), "what is kept of the past is what the entries say"
        transaction.set_rollback(True)


def _the_query_and_the_permits_agree(number: int, cast: Cast) -> None:
    """Whom the permits let know of a ticket finds it by SQL, and nobody else does."""
    header = {name: plain(described(name).form, value) for name, value in books.header(number).items()}
    for actor in (cast.anna, cast.mei, cast.cleo, Actor("account", 99, "guest")):
        found = Ticket.objects.visible_to(actor).filter(pk=number).exists()
        assert found == permits.in_scope(actor, header)
