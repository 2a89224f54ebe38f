"""The courier and its lane: at least once to everybody, never twice under two names, and nobody waits for the dead."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Unavailable, WrongState
from nocturne.couriers import mail as courier
from nocturne.couriers.mail import Postponed, Refused, smtp
from nocturne.desk import charts, correspondence
from nocturne.store.models import Entry, Notice
from nocturne.watch import letters, post
from tests.cast import Cast
from tests.sink import Sink, free_port

pytestmark = [pytest.mark.req("R15.5", "S2")]


@pytest.fixture(autouse=True)
def _fresh_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_targets", post.Targets())


@pytest.fixture
def notices(cast: Cast, complaint: int) -> Callable[..., list[Notice]]:
    """Notices that are due, one for each address."""

    def draw_up(*addresses: str) -> list[Notice]:
        written = desk.reply(complaint, "We are on it.", by=cast.anna, door=Door.WEB, to=list(addresses))
        entry = Entry.objects.get(pk=written.entry)
        return [
            Notice.objects.create(
                ticket_id=complaint,
                entry=entry,
                purpose="reply",
                address=address,
                message_id=correspondence.new_message_id(complaint),
                run_at=datetime.now(UTC) - timedelta(minutes=1),
            )
            for address in addresses
        ]

    return draw_up


def lane(turns: int = 50) -> None:
    for _ in range(turns):
        if post.turn() > 0:
            return


def read(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def letter(to: str = "cleo@college.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "noc@lakenet.example", to, "x"
    message["Message-ID"] = "<nt.1.1.aaaaaaaaaaaaaaaa@lakenet.example>"
    message.set_content("We are on it.\n")
    return message


@contextmanager
def a_server_that(does: Callable[[socket.socket], None], settings: Any) -> Iterator[None]:
    """A mail server that takes a connection and then does as it likes."""
    listening = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listening.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=attend, args=(connection,), daemon=True).start()

    def attend(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            does(connection)

    threading.Thread(target=serve, daemon=True).start()
    yield
    listening.close()


def talk(connection: socket.socket, *, last: Callable[[socket.socket], None]) -> None:
    """Speak SMTP up to the end of the mail's content, and then do something else."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 hello\r\n")
    for line in lines:
        word = line[:4].upper()
        if word == b"DATA":
            connection.sendall(b"354 go on\r\n")
            for content in lines:
                if content == b".\r\n":
                    break
            last(connection)
            return
        connection.sendall(b"250 fine\r\n")


# --- the courier ----------------------------------------------------------------------------------------------------


def test_a_mail_goes_over_the_wire_as_it_was_written(sink: Sink) -> None:
    courier.carry(letter(), sender="noc@lakenet.example", to="cleo@college.example")

    [arrived] = sink.letters
    assert (arrived.sender, arrived.recipients) == ("noc@lakenet.example", ["cleo@college.example"])
    assert arrived.message.get_content().strip() == "We are on it."


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("550 5.1.1 no such user", Refused), ("552 too large", Refused), ("451 4.3.0 later", Postponed)],
)
def test_a_server_may_refuse_now_or_for_ever(sink: Sink, reply: str, outcome: type[Exception]) -> None:
    sink.answer = lambda _envelope: reply

    with pytest.raises(outcome, match=reply.split()[1]):
        courier.carry(letter(), sender="", to="cleo@college.example")


def test_a_server_that_is_not_there_is_no_fault_of_the_mail(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    with pytest.raises(Postponed) as refused:
        courier.carry(letter(), sender="", to="cleo@college.example")
    assert refused.value.is_server


HANGING: dict[str, Callable[[socket.socket], None]] = {
    "says nothing": lambda _connection: time.sleep(5),
    "drips": lambda connection: [(connection.sendall(b"2"), time.sleep(0.2)) for _ in range(100)] and None,
    "hangs after the content": lambda connection: talk(connection, last=lambda _: time.sleep(5)),
    "drops after the content": lambda connection: talk(connection, last=lambda _: None),
    "resets": lambda connection: connection.shutdown(socket.SHUT_RDWR),
    "speaks rubbish": lambda connection: connection.sendall(b"\xff\xfe hello?\r\n" * 3),
}


@pytest.mark.parametrize("fault", HANGING)
def test_a_server_that_misbehaves_holds_nobody_for_long(
    fault: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LONGEST", 0.5)
    with a_server_that(HANGING[fault], settings), pytest.raises(Postponed):
        courier.carry(letter(), sender="", to="cleo@college.example")


def test_without_a_mail_server_mail_is_a_file_that_any_mail_program_opens(
    settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_HOST = ""
    settings.NOCTURNE = settings.NOCTURNE.__class__(home=tmp_path)

    for _ in range(2):
        courier.carry(letter(), sender="", to="cleo@college.example")

    [file] = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "cleo@college.example"


# --- the lane -------------------------------------------------------------------------------------------------------


def test_each_recipients_state_is_to_be_seen_on_the_ticket(
    sink: Sink, notices: Callable[..., list[Notice]], complaint: int, anna: Actor
) -> None:
    def answer(envelope: Envelope) -> str:
        [to] = envelope.rcpt_tos
        return {
            "gone@college.example": "550 5.1.1 gone",
            "full@college.example": "452 4.2.2 mailbox full",
        }.get(to, "250 kept")

    sink.answer = answer
    notices("cleo@college.example", "gone@college.example", "full@college.example")

    lane()

    shown = {each.address: each for each in charts.entries(complaint, anna).entries[-1].notices}
    assert shown["cleo@college.example"].state == "sent"
    assert shown["cleo@college.example"].sent_at is not None
    assert (shown["gone@college.example"].state, shown["gone@college.example"].error) == (
        "failed",
        "550 5.1.1 gone",
    )
    assert (shown["full@college.example"].state, shown["full@college.example"].error) == (
        "waiting",
        "452 4.2.2 mailbox full",
    )


def test_a_mail_that_was_not_taken_is_tried_again_at_growing_distances_and_given_up_in_the_end(
    sink: Sink, notices: Callable[..., list[Notice]]
) -> None:
    sink.answer = lambda _envelope: "451 4.3.0 later"
    [notice] = notices("cleo@college.example")
    waits = []
    for _ in range(post.TRIES + 3):
        lane()
        now = read(notice)
        if now.state != "waiting":
            break
        waits.append((now.run_at - datetime.now(UTC)).total_seconds())
        Notice.objects.filter(pk=notice.pk).update(run_at=datetime.now(UTC))

    assert waits[0] < waits[1] < waits[3]
    assert max(waits) <= post.LONGEST_WAIT.total_seconds()
    assert (read(notice).state, read(notice).attempts) == ("dead", post.TRIES)


def test_an_answer_that_was_lost_makes_a_second_copy_under_the_same_message_id(
    sink: Sink, notices: Callable[..., list[Notice]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has the mail and dies before it says so: better twice than never, and known as one."""
    taken: list[bytes] = []
    [notice] = notices("cleo@college.example")
    port = sink.port
    with a_server_that(lambda connection: talk(connection, last=lambda _: taken.append(b"x")), settings):
        lane()
    assert taken
    assert read(notice).state == "waiting"
    settings.EMAIL_PORT = port
    monkeypatch.setattr(post, "_targets", post.Targets())
    Notice.objects.filter(pk=notice.pk).update(run_at=datetime.now(UTC))

    lane()

    assert read(notice).state == "sent"
    assert [each["Message-ID"] for each in sink.to("cleo@college.example")] == [notice.message_id]


def test_a_worker_that_dies_while_sending_leaves_the_notice_to_the_next(
    sink: Sink, notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    [notice] = notices("cleo@college.example")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(courier, "carry", die)
        with pytest.raises(KeyboardInterrupt):
            post.turn()
    monkeypatch.setattr(post, "_targets", post.Targets())
    lane()
    assert sink.letters == []
    lease = read(notice).lease_until
    assert lease is not None
    assert timedelta() < lease - datetime.now(UTC) <= post.LEASE
    assert read(notice).state == "sending"

    Notice.objects.filter(pk=notice.pk).update(lease_until=datetime.now(UTC))
    lane()

    assert (read(notice).state, read(notice).attempts) == ("sent", 2)
    assert len(sink.to("cleo@college.example")) == 1


def test_what_is_being_sent_is_not_taken_back_any_more(
    sink: Sink, notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch, anna: Actor
) -> None:
    """Nobody reads `taken back` while the mail server is taking it in."""
    [notice] = notices("cleo@college.example")
    told: list[str] = []
    real = courier.carry

    def carry(message: EmailMessage, *, sender: str, to: str) -> None:
        assert read(notice).state == "sending"
        with pytest.raises(WrongState) as refused:
            desk.withdraw(notice.ticket_id, notice.entry.address, by=anna, door=Door.WEB)
        told.append(refused.value.code)
        real(message, sender=sender, to=to)

    monkeypatch.setattr(courier, "carry", carry)
    lane()

    assert told == ["sent_already"]
    assert read(notice).state == "sent"


def test_what_could_not_be_sent_just_now_waits_again(
    notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    [notice] = notices("cleo@college.example")

    def carry(*_: object, **__: object) -> None:
        raise Postponed("451 later")

    monkeypatch.setattr(courier, "carry", carry)
    lane()

    assert (read(notice).state, read(notice).attempts, read(notice).lease_until) == ("waiting", 1, None)


def test_a_dead_target_delays_no_other(
    sink: Sink, notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    real = courier.carry

    def carry(message: EmailMessage, *, sender: str, to: str) -> None:
        tried.append(to)
        if to.endswith("@dead.example"):
            raise Postponed("timed out", is_silent=True)
        real(message, sender=sender, to=to)

    monkeypatch.setattr(courier, "carry", carry)
    notices(*(f"person{number}@dead.example" for number in range(30)), "cleo@college.example")

    lane(5)

    assert tried == ["person0@dead.example", "cleo@college.example"]
    assert Notice.objects.filter(address__endswith="@dead.example", attempts=0).count() == 29


def test_two_threads_never_send_to_one_domain_at_once(notices: Callable[..., list[Notice]]) -> None:
    targets = post.Targets()

    with targets.held("dead.example") as first, targets.held("dead.example") as second:
        assert (first, second) == (True, False)
        assert targets.shut() == ["dead.example"]
    assert targets.shut() == []


def test_a_mail_server_that_is_away_is_left_alone_for_a_while(
    notices: Callable[..., list[Notice]], settings: Any
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    notices("cleo@college.example", "dean@college.example")

    assert post.turn() == 0
    assert 0 < post.turn() <= post.SERVER_RESTS_FIRST

    assert Notice.objects.filter(attempts=0, state="waiting").exists()


def test_what_was_said_first_arrives_first(
    sink: Sink, notices: Callable[..., list[Notice]], complaint: int, anna: Actor
) -> None:
    """A resolution does not overtake the reply that is still held back."""
    [reply] = notices("cleo@college.example")
    Notice.objects.filter(pk=reply.pk).update(run_at=datetime.now(UTC) + timedelta(seconds=10))
    written = desk.resolve(complaint, "Repaired.", by=anna, door=Door.WEB)
    end = Notice.objects.create(
        ticket_id=complaint,
        entry_id=written.entry,
        purpose="resolved",
        address="cleo@college.example",
        message_id=correspondence.new_message_id(complaint),
        run_at=datetime.now(UTC),
    )

    lane()

    assert sink.letters == []
    assert read(end).run_at > read(reply).run_at
    assert read(end).attempts == 0


def test_a_notice_that_cannot_be_written_stops_no_other(
    sink: Sink, notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = letters.write

    def write(notice: Notice) -> letters.Letter:
        if notice.address.startswith("bad"):
            raise ZeroDivisionError
        return real(notice)

    monkeypatch.setattr(letters, "write", write)
    bad, good = notices("bad@college.example", "cleo@college.example")

    lane()

    assert read(good).state == "sent"
    assert (read(bad).state, read(bad).attempts) == ("waiting", 1)
    assert "ZeroDivisionError" in read(bad).error


def test_a_database_that_is_away_is_the_lanes_matter(
    sink: Sink, notices: Callable[..., list[Notice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("database_unavailable")

    notices("cleo@college.example")
    monkeypatch.setattr(letters, "write", away)

    with pytest.raises(Unavailable):
        post.turn()
