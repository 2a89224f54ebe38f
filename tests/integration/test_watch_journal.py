"""The journal is read in one order by everybody, and what is committed late is never passed over."""

from __future__ import annotations

from tests.killing import bare_house, in_the_house

TWO_WRITERS = """
import threading, time
from django.db import connection, transaction
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Opening, accounts
from nocturne.store import journal
from nocturne.store.models import User

by = accounts.actor_of(User.objects.get(name="ada"))
slow, quick = (desk.open(Opening(subject=name), by=by, door=Door.CLI).number for name in ("slow", "quick"))
place = journal.end()
written, may_commit = threading.Event(), threading.Event()

def write_slowly():
    with transaction.atomic():
        desk.update(slow, "written first, committed last", by=by, door=Door.CLI)
        written.set()
        may_commit.wait(20)
    connection.close()

def read():
    return [each.ticket_id == slow for each in journal.after(place, limit=10)]

if connection.vendor == "sqlite":
    may_commit.set()
writer = threading.Thread(target=write_slowly)
writer.start()
written.wait(20)
desk.update(quick, "written last, committed first", by=by, door=Door.CLI)
seen = [] if connection.vendor == "sqlite" else read()
has_more = journal.has_more(place)
may_commit.set()
writer.join()
# Whatever else runs on the server may keep both waiting a little longer.
after, deadline = read(), time.monotonic() + 60
while len(after) < 2 and time.monotonic() < deadline:
    time.sleep(0.2)
    after = read()
print(json.dumps({"before": seen, "after": after, "is_sqlite": connection.vendor == "sqlite", "has_more": has_more}))
"""


def test_an_entry_that_is_committed_late_is_never_passed_over() -> None:
    with bare_house() as house:
        said = in_the_house(house, TWO_WRITERS)

    assert said["before"] == []
    assert said["after"] == [True, False]
    assert said["has_more"] is said["is_sqlite"]


WAKING = """
import threading
from django.db import connection
from nocturne.store import journal
from nocturne.watch import timetable

def write():
    timetable.beat()
    connection.close()

marks = [journal.change_mark(), journal.change_mark()]
writer = threading.Thread(target=write)
writer.start()
writer.join()
marks.append(journal.change_mark())
print(json.dumps(marks))
"""


def test_a_lane_at_rest_notices_that_somebody_has_written() -> None:
    with bare_house() as house:
        first, again, after = in_the_house(house, WAKING)

    assert first == again
    assert first is None or after != first
