"""The tickets that the measurements are made on have valid books."""

from __future__ import annotations

import pytest
from django.utils import timezone

from nocturne.store import books, guards
from nocturne.store.models import Entry, Ticket
from tests.bench import loading
from tests.bench.recipe import EACH, MANY, SOME, Plan


@pytest.mark.django_db
def test_tickets_made_in_bulk_are_what_the_desk_would_have_written() -> None:
    plan = Plan(200, timezone.now(), loading.inventory())
    loading.load(plan, in_this_process=True)

    assert Ticket.objects.count() == 200
    assert Entry.objects.count() == 198 * EACH + SOME + MANY
    assert Ticket.objects.get(pk=plan.long_ticket).last_seq == MANY
    assert Ticket.objects.get(pk=plan.usual_ticket).last_seq == SOME
    for number in books.numbers():
        assert books.first_difference(number) is None
        assert books.broken_link(number) is None
    guards.verify()


@pytest.mark.django_db
def test_a_plan_that_is_loaded_twice_makes_its_tickets_once() -> None:
    plan = Plan(50, timezone.now(), loading.inventory())
    loading.load(plan, in_this_process=True)
    loading.load(plan, in_this_process=True)

    assert Ticket.objects.count() == 50
