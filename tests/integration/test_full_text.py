"""Words are found wherever they stand on a ticket, by whoever may read them there, and by nobody once they are gone."""

from __future__ import annotations

import contextlib
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import charts, finding
from nocturne.desk.terms import Extra, Opening, Reporter
from nocturne.store import blobs
from nocturne.store.blobs import File
from nocturne.store.db import writing
from nocturne.store.fulltext import building, walking, windows
from nocturne.store.fulltext.engine import engine
from nocturne.store.models import FileText, Job, TextIndex, Ticket
from nocturne.watch import indexing, jobs
from tests.cast import Cast
from tests.visitor import Visitor


def found(text: str, actor: Actor, *, order: str = "oldest") -> list[int]:
    now = timezone.now()
    return [
        row["number"] for row in finding.every(actor, finding.ask(text, actor, now=now), now=now, order=order)
    ]


def counted(text: str, actor: Actor) -> int:
    now = timezone.now()
    return finding.counted(actor, finding.ask(text, actor, now=now), now=now)


def note(number: int, text: str, by: Actor, **extra: Any) -> str:
    return desk.update(number, text, by=by, door=Door.WEB, extra=Extra(**extra)).address


@pytest.mark.req("R2.1", "R16.1")
def test_words_are_found_wherever_they_stand_on_a_ticket(
    anna: Actor, trouble: int, reporter: Reporter
) -> None:
    note(trouble, "Optic reseated at et-0/1/0, no change", anna, next_action="Call Norlink again")
    desk.refer(trouble, "Norlink", reference="NL-88-17", by=anna, door=Door.WEB)
    desk.change(trouble, {"cause": "rodents", "site": "Ann Arbor"}, by=anna, door=Door.WEB)
    other = desk.open(
        Opening(subject="Other", reporter=reporter, cc=["lea@lab.example"]), by=anna, door=Door.WEB
    )
    for words in (
        "arbor", "10:55", "reseated", "et-0/1/0", "et-0/1*", '"reseated at et-0/1/0"', "NL-88-17",
        "norlink call", "rodents", "cr1.aa", "reseated rodents", "subject:chicago", "REseated -squirrels",
    ):  # fmt: skip
        assert found(words, anna) == [trouble], words
    assert found("rowe@site.example", anna) == [other.number] == found("lea", anna) == found("rowe", anna)
    for words in ("squirrels", '"at reseated"', "subject:reseated", "file:reseated", "reseated squirrels"):
        assert found(words, anna) == [], words


@pytest.mark.req("R2.1", "R16.1")
def test_words_are_joined_with_everything_else_that_can_be_asked(cast: Cast, trouble: int) -> None:
    second = desk.open(Opening(subject="Fibre in Lansing", severity=4), by=cast.anna, door=Door.WEB).number
    note(trouble, "fibre, too", cast.kofi)
    desk.take(trouble, by=cast.kofi, door=Door.WEB)
    assert found("fibre", cast.anna) == [trouble, second]
    assert found("fibre", cast.anna, order="newest") == [second, trouble]
    assert found("fibre", cast.anna, order="priority") == [trouble, second]
    for question, numbers in {
        "fibre owner:kofi": [trouble],
        "fibre owner:me": [],
        "fibre -owner:kofi": [second],
        "fibre owner:none": [second],
        "fibre is:open severity:2": [trouble],
        "fibre (node:cr1.aa or severity:4)": [trouble, second],
        "fibre node:cr1.aa": [trouble],
        "-lansing fibre": [trouble],
        "lansing or 10:55": [trouble, second],
        'is:open -"fibre in lansing"': [trouble],
        '"in lansing" or is:resolved': [second],
    }.items():
        assert found(question, cast.anna) == numbers, question
        assert counted(question, cast.anna) == len(numbers), question
    desk.resolve(second, "spliced", by=cast.anna, door=Door.WEB)
    assert found("fibre is:open", cast.anna) == [trouble]
    assert found("fibre is:resolved spliced", cast.anna) == [second]


@pytest.mark.req("R2.1", "R16.1")
@pytest.mark.parametrize(("probed", "walked"), [(250, 3_000), (2, 3_000), (2, 0)])
def test_many_open_hits_come_most_urgent_first_page_by_page(
    anna: Actor, trouble: int, monkeypatch: pytest.MonkeyPatch, probed: int, walked: int
) -> None:
    """Whether the open tickets are asked for the words in their order, or the hits are gathered and sorted."""
    monkeypatch.setattr(walking, "PROBED", probed)
    monkeypatch.setattr(walking, "WALKED", walked)
    monkeypatch.setattr(walking, "SORTED", 2)
    monkeypatch.setattr(walking, "LARGEST", 3)
    monkeypatch.setattr(finding, "STEP", 2)
    opened = {
        desk.open(Opening(subject="fibre", priority=each % 4 + 1), by=anna, door=Door.WEB).number: each % 4
        + 1
        for each in range(9)
    }
    expected = sorted(opened, key=lambda number: (opened[number], number))
    assert found("fibre is:open", anna, order="priority") == expected
    assert found("fib* is:open", anna, order="priority") == expected
    assert found("fibre is:open -zeppelin -cause:zeppelin", anna, order="priority") == expected


@pytest.mark.req("R2.1", "R16.1")
@pytest.mark.parametrize("sifted", [10_000, 3, 0])
def test_how_words_begin_is_asked_beside_anything_else_whatever_is_found_sooner(
    cast: Cast, trouble: int, monkeypatch: pytest.MonkeyPatch, sifted: int
) -> None:
    """Whether those are looked through that have the other words, or all that have words which begin so."""
    monkeypatch.setattr(windows, "FIRST", 16)
    monkeypatch.setattr(windows, "COMMON", 1_000)
    monkeypatch.setattr(windows, "SIFTED", sifted)
    kinds = ("fibre in detroit", "fibres in lansing", "mast in detroit", "fibreglass, Detroit")
    opened = [
        desk.open(Opening(subject=kinds[each % 4]), by=cast.anna, door=Door.WEB).number for each in range(12)
    ]
    expected = [number for place, number in enumerate(opened) if place % 4 in (0, 3)]
    for text in ("fib* detroit", "fib* detro* detroit is:open", "fib* detroit or nowhere zeppelin"):
        assert found(text, cast.anna) == expected, text
        assert found(text, cast.anna, order="newest") == expected[::-1], text
        assert counted(text, cast.anna) == len(expected)
    assert found("fib* -detroit", cast.anna) == [
        number for place, number in enumerate(opened) if place % 4 == 1
    ]
    assert found("zep* detroit", cast.anna) == []


@pytest.mark.req("R2.1")
def test_what_a_header_says_no_more_is_not_found_any_more(anna: Actor, trouble: int) -> None:
    note(trouble, "", anna, next_action="call the vendor")
    desk.change(trouble, {"subject": "Chicago again"}, by=anna, door=Door.WEB)
    note(trouble, "", anna, next_action="call the site")
    assert found("call", anna) == found("site", anna) == found("chicago", anna) == [trouble]
    assert found("vendor", anna) == found("100g", anna) == []
    desk.change(trouble, {}, machines=["cr2.chi"], by=anna, door=Door.WEB)
    assert found("cr2.chi", anna) == [trouble] == found("node:cr2.chi chicago", anna)
    assert found("cr1.aa", anna) == [] == found("node:cr1.aa chicago", anna)


@pytest.mark.req("R2.1", "S18", "R16.6")
def test_a_customer_finds_by_what_is_theirs_to_read_and_by_nothing_else(cast: Cast, complaint: int) -> None:
    note(complaint, "She is difficult", cast.anna, next_action="Shaper")
    note(complaint, "Legal asks", cast.mei, data_class=DataClass.RESTRICTED)
    other = desk.open(
        Opening(subject="library of others", text="nothing"), by=cast.anna, door=Door.WEB
    ).number
    assert found("library", cast.cleo) == found("nothing loads", cast.cleo) == [complaint]
    assert found("library", cast.anna) == [complaint, other]
    for hidden in ("difficult", "shaper", "legal", "diff*", '"is difficult"', "library difficult"):
        assert found(hidden, cast.cleo) == [], hidden
        assert counted(hidden, cast.cleo) == 0
    assert found("library -difficult", cast.cleo) == [complaint]
    assert found("legal", cast.anna) == []
    assert found("legal", cast.mei) == [complaint]


@pytest.mark.req("R2.1", "R16.5")
def test_a_reply_is_found_by_its_customer_when_it_cannot_be_taken_back_any_more(
    cast: Cast, complaint: int
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk.reply(complaint, "Multiplexer replaced", by=cast.anna, door=Door.WEB)
        assert found("multiplexer", cast.anna) == [complaint]
        assert found("multiplexer", cast.cleo) == [] == found('"multiplexer replaced"', cast.cleo)
        clock.shift(timedelta(minutes=2))
        _work()
        assert found("multiplexer", cast.cleo) == [complaint] == found('"multiplexer replaced"', cast.cleo)


def _work() -> None:
    while jobs.turn() == 0.0:
        pass


def _raw() -> bytes:
    """All that the index's own tables hold."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT block FROM fulltext_data")
            listed = b" ".join(bytes(row[0]) for row in cursor.fetchall())
            numbers = Ticket.objects.values_list("pk", flat=True)
            return listed + b" ".join(" ".join(engine().known(each)).encode() for each in numbers)
        cursor.execute("SELECT terms::text FROM fulltext")
        return b" ".join(row[0].encode() for row in cursor.fetchall())


@pytest.mark.req("R2.1", "R16.7", "S18")
def test_what_was_redacted_is_found_by_nobody_and_is_nowhere_in_the_index(cast: Cast, trouble: int) -> None:
    address = note(trouble, "Call Xanthippe at home, fibre", cast.anna, next_action="ask Xanthippe")
    note(trouble, "fibre is dark", cast.anna)
    assert found("xanthippe", cast.anna) == [trouble]
    desk.redact(trouble, address, "private", by=cast.ada, door=Door.WEB)
    for words in ("xanthippe", "xanth*", '"call xanthippe"', '"at home"'):
        assert found(words, cast.anna) == found(words, cast.ada) == [], words
    assert found("fibre", cast.anna) == [trouble]
    assert b"anthipp" not in _raw()
    assert building.differing([trouble]) == []


@pytest.mark.req("R2.1", "R16.6")
def test_an_entry_that_is_for_others_now_is_found_by_them_alone(cast: Cast, complaint: int) -> None:
    address = note(complaint, "The shaper was wrong", cast.anna)
    desk.reclassify(complaint, address, DataClass.CUSTOMER, by=cast.mei, door=Door.WEB)
    assert found("shaper", cast.cleo) == [complaint]
    address = charts.entries(complaint, cast.mei).entries[1].address
    desk.reclassify(complaint, address, DataClass.RESTRICTED, by=cast.mei, door=Door.WEB)
    assert found("shaper", cast.cleo) == found("shaper", cast.anna) == []
    assert found("shaper", cast.mei) == [complaint]


@pytest.mark.req("R2.1")
def test_a_correction_is_found_beside_what_it_corrects(anna: Actor, trouble: int) -> None:
    address = note(trouble, "Crew from Toledo", anna)
    desk.correct(trouble, address, "Crew from Detroit", by=anna, door=Door.WEB)
    assert found("toledo", anna) == found("detroit", anna) == [trouble]


@pytest.mark.req("R16.1", "R16.6")
def test_a_survivor_is_found_by_what_was_said_on_both_until_the_merge_is_taken_back(
    cast: Cast, trouble: int
) -> None:
    second = desk.open(Opening(subject="Light lost", text="Backhoe seen"), by=cast.anna, door=Door.WEB).number
    desk.merge(second, trouble, by=cast.mei, door=Door.WEB)
    assert found("backhoe is:open", cast.anna) == [trouble]
    assert found("backhoe chicago", cast.anna) == [trouble]
    assert found('"backhoe seen" is:open', cast.anna) == [trouble]
    desk.unmerge(second, by=cast.mei, door=Door.WEB)
    assert found("backhoe", cast.anna) == [second]
    assert found("backhoe chicago", cast.anna) == []


@pytest.mark.req("R16.1", "R16.6")
def test_what_is_split_off_is_found_on_both(cast: Cast, trouble: int) -> None:
    address = note(trouble, "Amplifier in Jackson", cast.anna)
    new = desk.split(trouble, [address], "Amplifier", by=cast.mei, door=Door.WEB).number
    assert found("jackson", cast.anna) == [trouble, new]


@pytest.mark.req("R2.1", "R16.1")
@pytest.mark.parametrize("few", [64, 0])
def test_a_long_ticket_is_found_by_words_that_stand_far_apart(
    anna: Actor, trouble: int, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many long tickets there are: few are asked one by one, many by the index."""
    monkeypatch.setattr(engine(), "PART", 40)
    monkeypatch.setattr(windows, "FEW_LONG", few)
    for place in range(30):
        note(trouble, f"measured value{place} of optic{place}", anna)
    other = desk.open(Opening(subject="value3"), by=anna, door=Door.WEB).number
    assert found("value3 value28 chicago", anna) == [trouble]
    assert found('"value17 of optic17" is:open', anna) == [trouble]
    assert found("value3", anna) == [trouble, other]
    assert found("valu* value28", anna) == [trouble]
    assert found("value3 -value28", anna) == [other]
    assert counted("value3 or value28", anna) == 2
    desk.resolve(trouble, "over", by=anna, door=Door.WEB)
    assert found("value3 is:open", anna) == [other]
    assert found("value3 value28 is:resolved", anna) == [trouble]
    assert building.differing([trouble, other]) == []


@pytest.mark.req("R16.1")
def test_the_index_is_made_anew_step_by_step_and_says_how_far_it_is(cast: Cast, trouble: int) -> None:
    numbers = [trouble] + [
        desk.open(Opening(subject=f"fibre {each}"), by=cast.anna, door=Door.WEB).number for each in range(5)
    ]
    building.begin()
    now = timezone.now()
    asked = finding.ask("fibre", cast.anna, now=now)
    assert finding.page(cast.anna, asked, now=now).building
    assert building.step(3) == 3
    note(numbers[0], "written while it is built: fibre", cast.anna)
    note(numbers[5], "written while it is built: fibre", cast.anna)
    assert found("fibre", cast.anna) == numbers[3:]
    while building.step(3):
        pass
    assert found("fibre", cast.anna) == numbers
    assert found('"while it is built"', cast.anna) == [numbers[0], numbers[5]]
    assert not finding.page(cast.anna, asked, now=now).building
    assert building.differing(numbers) == []


@pytest.mark.req("R16.1")
def test_a_page_that_would_look_too_far_back_says_how_far_it_came(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FIRST", 3)
    monkeypatch.setattr(walking, "EFFORT", 6)
    for each in range(20):
        clock = "customer" if not each else ""
        number = desk.open(Opening(subject="fibre"), by=cast.anna, door=Door.WEB).number
        if clock:
            desk.suspend(number, by=cast.anna, door=Door.WEB)
            first = number
    now = timezone.now()
    asked = finding.ask("fibre clock:customer", cast.anna, now=now)
    page = finding.page(cast.anna, asked, now=now)
    assert page.rows == []
    assert page.until is not None
    assert page.after is not None
    assert found("fibre clock:customer", cast.anna, order="newest") == [first]
    assert counted("fibre clock:customer", cast.anna) == 1


@pytest.mark.req("R16.1")
def test_nothing_of_an_entry_that_was_not_written_after_all_is_found(anna: Actor, trouble: int) -> None:
    with contextlib.suppress(ZeroDivisionError), writing():
        note(trouble, "Zeppelin over the mast", anna, next_action="look up")
        assert found("zeppelin", anna) == [trouble]
        raise ZeroDivisionError
    assert found("zeppelin", anna) == found("look", anna) == []
    assert building.differing([trouble]) == []


def _sent(name: str, media_type: str, content: bytes) -> File:
    kept = blobs.keep(io.BytesIO(content), limit=10_000_000)
    return File(name, media_type, kept.size, kept.sha256)


def _pdf(words: str) -> bytes:
    """The least of a PDF that says something."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in places)
    return made + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


@pytest.mark.req("R2.1", "R16.1")
def test_what_files_say_is_found_when_the_worker_has_read_them(cast: Cast, complaint: int) -> None:
    files = [
        _sent("trace.txt", "text/plain", b"hop 7 xe-1/2/3 timeout"),
        _sent(
            "page.html",
            "text/html",
            "<title>No</title><p>Grüße aus <b>Köln</b><script>evil()</script>".encode(),
        ),
        _sent("otdr.pdf", "application/pdf", _pdf("reflectance at the splice")),
        _sent("shot.png", "image/png", b"\x89PNG nothing"),
        _sent("broken.pdf", "application/pdf", b"%PDF-1.4 no"),
    ]
    address = note(complaint, "files came", cast.anna, files=files)
    assert found("file:shot.png", cast.anna) == [complaint] == found("otdr.pdf", cast.anna)
    assert found("timeout", cast.anna) == []
    while indexing.turn() < indexing.PAUSE:
        pass
    for words in (
        "timeout",
        "file:timeout",
        "xe-1/2/3",
        "koeln",
        '"hop 7"',
        "file:reflectance",
        '"at the splice"',
    ):
        assert found(words, cast.anna) == [complaint], words
        assert found(words, cast.cleo) == [], words
    assert found("evil", cast.anna) == [] == found("subject:timeout", cast.anna)
    assert building.differing([complaint]) == []
    desk.redact(complaint, address, "private", by=cast.ada, door=Door.WEB)
    for words in ("timeout", "reflectance", "file:otdr.pdf", "koeln"):
        assert found(words, cast.anna) == [], words
    assert b"reflectance" not in _raw()
    assert not FileText.objects.exists()


@pytest.mark.req("R2.1", "R16.1")
def test_how_many_files_came_is_asked_of_the_tickets_not_of_words(
    cast: Cast, trouble: int, complaint: int
) -> None:
    note(
        trouble, "", cast.anna, files=[_sent("a.txt", "text/plain", b"a"), _sent("b.txt", "text/plain", b"b")]
    )
    for words in ("has:files", "has:file", "has:files>1", "has:files chicago", "-has:files<2"):
        assert found(words, cast.anna) == [trouble], words
    assert counted("has:files", cast.anna) == 1
    assert found("-has:files", cast.anna) == [complaint]
    assert found("has:files", cast.cleo) == [] and found("-has:files", cast.cleo) == [complaint]


@pytest.mark.req("R16.1")
def test_the_worker_makes_the_index_after_an_upgrade_and_reads_the_files_of_old(
    cast: Cast, trouble: int
) -> None:
    note(trouble, "", cast.anna, files=[_sent("trace.txt", "text/plain", b"hop timeout")])
    Job.objects.all().delete()
    FileText.objects.all().delete()
    TextIndex.objects.update(edition=0)
    engine().clear()
    assert found("chicago", cast.anna) == []
    while indexing.turn() < indexing.PAUSE:
        pass
    assert found("chicago timeout", cast.anna) == [trouble]


@pytest.mark.req("R2.1", "R16.7")
def test_what_was_taken_away_leaves_a_large_index_soon(
    cast: Cast, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        monkeypatch.setattr(engine(), "SMALL", 1)
        monkeypatch.setattr(building, "PAGES", 4)
    else:
        pytest.skip("a vacuum needs a transaction of its own: tests/flows/test_index_upkeep.py")
    addresses = [note(trouble, f"Call Xanthippe{each}", cast.anna) for each in range(20)]
    for address in addresses[:10]:
        desk.redact(trouble, address, "private", by=cast.ada, door=Door.WEB)
    assert found("xanthippe3", cast.anna) == []
    assert found("xanthippe13", cast.anna) == [trouble]
    while indexing.turn() < indexing.PAUSE:
        pass
    assert not any(f"anthippe{each} ".encode() in _raw() for each in range(10))
    assert TextIndex.objects.get().untidy_at is None


@pytest.mark.req("R16.1")
def test_whoever_makes_the_index_anew_is_told_what_it_took(
    anna: Actor, trouble: int, capsys: pytest.CaptureFixture[str]
) -> None:
    from nocturne.doors.cli import indexes

    if connection.vendor == "postgresql":
        pytest.skip("a vacuum needs a transaction of its own: tests/flows/test_index_upkeep.py")
    indexes._words(further=False)
    assert re.fullmatch(r"words: 1 tickets in \d+ s, [\d.]+ MB\.\n", capsys.readouterr().out)
    indexes._check("words")
    engine().change(trouble, ["t2down"], ["t2up"])
    assert building.differing([trouble]) == [trouble]


@pytest.mark.req("R16.1", "R1.1")
def test_a_page_lists_what_was_like_a_ticket_and_says_what_both_share(cast: Cast, trouble: int) -> None:
    note(trouble, "Seen on CIR-771204", cast.anna)
    other = desk.open(Opening(subject="Loss on CIR-771204"), by=cast.anna, door=Door.WEB).number
    listed = Visitor("anna").text(f"/tickets/{trouble}/alike")
    assert f"/tickets/{other}" in listed
    assert "cir-771204" in listed
