"""Alive and ready: what a load balancer hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from nocturne.store import readiness
from nocturne.store.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def _a_living_worker():
    Heartbeat.objects.create(name="worker", at=timezone.now())


def test_a_process_that_can_answer_is_alive_even_without_its_database(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", lambda: pytest.fail("nobody may ask the database"))
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.usefixtures("_a_living_worker")
def test_with_all_parts_well_it_is_ready(client):
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "parts": dict.fromkeys(readiness.PARTS, "ok")}
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_without_a_worker_it_is_not_ready_and_says_which_part(client):
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == "no worker has been heard of lately"
    assert answer.json()["parts"]["database"] == "ok"


@pytest.mark.usefixtures("_a_living_worker")
def test_with_a_trigger_missing_it_is_not_ready(client):
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON entry"
        cursor.execute(f"DROP TRIGGER entry_stays{table}")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["triggers"] == "the books are not guarded"


@pytest.mark.usefixtures("_a_living_worker")
def test_on_a_nearly_full_disk_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 10**18)
    assert client.get("/readyz").json()["parts"]["disk"] == "the disk is nearly full"


def test_it_changes_nothing_and_takes_nothing(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
