"""The NOC writes its own mails: each says what its reader may know, and nothing put into a fact runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.configuration.placeholders import PURPOSES
from nocturne.core.configuration.whole import read_one
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import Opening, configuring, correspondence, queues, templates
from nocturne.store import configured
from nocturne.store.models import Entry, Notice, User
from nocturne.watch import letters
from tests.cast import Cast

EVIL = "Down {ticket.number} {{ settings.SECRET_KEY }} {% debug %} ${7*7} {text}"


@pytest.fixture
def complaint(cleo: Actor) -> int:
    """Cleo's mail with a subject that tries to be a program."""
    opening = Opening(
        subject=EVIL, type="complaint", text="Since {site.tag} {{ 7*7 }}.", reporter_id=cleo.contact
    )
    return desk.open(opening, by=cleo, door=Door.MAIL).number


def put(ada: Actor, **texts: dict[str, Any]) -> None:
    changes = {("template", name.replace("_", "-")): body for name, body in texts.items()}
    configuring.change(changes, by=ada, door=Door.WEB)
    configured.refresh()


def letter(
    number: int, purpose: str, *, entry: int | None = None, to: User | None = None, contact: int | None = None
) -> Any:
    configured.refresh()
    written = Entry.objects.get(pk=entry) if entry else Entry.objects.filter(ticket=number).latest("pk")
    notice = Notice.objects.create(
        ticket_id=number, entry=written, purpose=purpose, address="cleo@college.example", user=to, contact_id=contact,
        message_id=correspondence.new_message_id(number), run_at=datetime.now(UTC),
    )  # fmt: skip
    message = letters.write(notice).message
    notice.delete()
    return message


@pytest.mark.req("R15.5", "R9.5")
def test_an_acknowledgement_in_the_nocs_own_words_carries_none_of_the_senders(
    cast: Cast, ada: Actor, complaint: int
) -> None:
    put(
        ada,
        acknowledgement={
            "purpose": "acknowledgement",
            "subject": "{site.organisation} has your message",
            "text": "Thank you.\n\nNumber {ticket.number}, queue {queue.title}.\n\n{ticket.link}",
        },
        signature={"purpose": "signature", "text": "{site.name} NOC\n+1 734 555 0100"},
    )
    queues.change("general", purpose="All", by=ada, door=Door.WEB)
    message = letter(complaint, "acknowledgement", contact=cast.cleo_contact.pk)
    text = message.get_content()
    assert message["Subject"] == f"{correspondence.tag(complaint)} Lakenet has your message"
    assert text.startswith(f"Thank you.\n\nNumber {complaint}, queue general.\n\nhttp")
    assert text.endswith("\n\n-- \nLakenet NOC\n+1 734 555 0100\n")
    for theirs in ("Down", "Since", "7*7", "Cleo"):
        assert theirs not in message.as_string()
    with pytest.raises(Invalid):
        put(
            ada,
            worse={
                "purpose": "acknowledgement",
                "language": "en",
                "text": "{ticket.number} {ticket.subject}",
            },
        )


@pytest.mark.req("R16.5", "R15.5")
def test_a_subject_that_tries_to_be_a_template_arrives_as_it_was_typed(
    cast: Cast, ada: Actor, complaint: int
) -> None:
    put(
        ada,
        reply={
            "purpose": "reply",
            "subject": "About: {ticket.subject}",
            "text": "Dear {reporter.name},\n\n{text}\n\n“{ticket.subject}”",
        },
    )
    reply = desk.reply(complaint, "We run {{ 7*7 }} {ticket.owner} {text}.", by=cast.anna, door=Door.WEB)
    message = letter(complaint, "reply", entry=reply.entry, contact=cast.cleo_contact.pk)
    assert message["Subject"] == f"{correspondence.tag(complaint)} About: {EVIL}"
    text = message.get_content()
    assert text.startswith("Dear Cleo Reyes,\n\nWe run {{ 7*7 }} {ticket.owner} {text}.\n\n")
    assert f"“{EVIL}”" in text
    assert "49" not in text
    owner = letter(complaint, "update", to=User.objects.get(name="anna"))
    assert EVIL in owner["Subject"]


@pytest.mark.req("R16.6")
def test_whoever_may_not_read_the_ticket_is_told_no_fact_of_it(
    cast: Cast, ada: Actor, complaint: int
) -> None:
    put(
        ada,
        reply={
            "purpose": "reply",
            "text": "{text}\n\nReported by {reporter.name}, {ticket.state}, in {queue.name}",
        },
    )
    reply = desk.reply(complaint, "We are on it.", by=cast.anna, door=Door.WEB)
    for_cleo = letter(complaint, "reply", entry=reply.entry, contact=cast.cleo_contact.pk).get_content()
    assert "Reported by Cleo Reyes, open, in general" in for_cleo
    for_a_copy = letter(complaint, "reply", entry=reply.entry).get_content()
    assert for_a_copy.startswith("We are on it.\n\n-- \n")
    configuring.change({("field", "reporter"): {"class": "staff"}}, by=ada, door=Door.WEB)
    configuring.change({("field", "subject"): {"class": "staff"}}, by=ada, door=Door.WEB)
    hidden = letter(complaint, "reply", entry=reply.entry, contact=cast.cleo_contact.pk)
    assert "Cleo Reyes" not in hidden.get_content()
    assert hidden["Subject"] == correspondence.tag(complaint)


@pytest.mark.req("R9.5")
def test_a_queue_and_a_language_have_words_of_their_own(cast: Cast, ada: Actor, complaint: int) -> None:
    queues.change("general", purpose="All", by=ada, door=Door.WEB)
    put(
        ada,
        german={"purpose": "reply", "language": "de", "text": "Guten Tag,\n\n{text}"},
        ours={"purpose": "reply", "queue": "general", "text": "Hello,\n\n{text}"},
    )
    reply = desk.reply(complaint, "Moin.", by=cast.anna, door=Door.WEB)
    assert letter(complaint, "reply", entry=reply.entry).get_content().startswith("Hello,\n\nMoin.")
    configuring.change(
        {("template", "ours"): None, ("site", "site"): {"language": "de"}}, by=ada, door=Door.WEB
    )
    assert letter(complaint, "reply", entry=reply.entry).get_content().startswith("Guten Tag,\n\nMoin.")


@pytest.mark.req("R9.5")
def test_a_notice_to_the_staff_says_what_they_may_read(cast: Cast, ada: Actor, complaint: int) -> None:
    put(
        ada,
        update={
            "purpose": "update",
            "text": "{author.name}: {text}\nNext: {ticket.next_action}\nOwner: {ticket.owner}\n{ticket.link}",
        },
    )
    desk.take(complaint, by=cast.anna, door=Door.WEB)
    note = desk.update(complaint, "Looks like optics.", by=cast.kofi, door=Door.WEB)
    text = letter(complaint, "update", entry=note.entry, to=User.objects.get(name="anna")).get_content()
    assert text == f"kofi: Looks like optics.\nOwner: anna\nhttp://noc.lakenet.example/tickets/{complaint}\n"


def test_the_usual_texts_could_have_been_written_by_the_site_itself() -> None:
    assert templates.STANDARD.keys() == PURPOSES.keys()
    for purpose, (subject, text) in templates.STANDARD.items():
        assert (
            read_one("template", "ours", {"purpose": purpose, "subject": subject, "text": text}).text == text
        )
    assert templates.MEANINGS.keys() == {name for purpose in PURPOSES.values() for name in purpose.names}


@pytest.mark.req("R9.5")
def test_a_text_is_looked_at_before_it_is_in_force(cast: Cast, ada: Actor, complaint: int) -> None:
    body = {
        "purpose": "reply",
        "subject": "{ticket.subject}",
        "text": "Hello {reporter.name}\n{text}\n{ticket.severity}",
    }
    shown = templates.preview("ours", complaint, cast.anna, body=body)
    assert shown.subject == " ".join(EVIL.split())
    assert shown.text.startswith("Hello Cleo Reyes\n(Here stand")
    assert "Your message has arrived" in templates.preview("acknowledgement", complaint, cast.anna).text
    with pytest.raises(NotFound):
        templates.preview("nonsense", complaint, cast.anna)
    with pytest.raises(NotFound):
        templates.preview("reply", complaint, Actor("guest", None, "guest"))
    with pytest.raises(Invalid):
        templates.preview("ours", complaint, cast.anna, body={"purpose": "reply", "text": "{nope}"})
    names = [name for name, _ in templates.placeholders("acknowledgement")]
    assert "ticket.number" in names
    assert "ticket.subject" not in names


@pytest.mark.req("S9", "R15.5")
def test_an_answer_to_a_mail_of_the_old_name_finds_its_ticket_after_the_house_has_another(
    cast: Cast, ada: Actor, complaint: int
) -> None:
    for tag in ("lakenet", "greatlakes", "straits"):
        body = {**configured.load().documents["site", "site"], "tag": tag}
        configuring.change({("site", "site"): body}, by=ada, door=Door.WEB)
        configured.refresh()
        assert correspondence.tag(complaint).startswith(f"[{tag} #")
    for tag in ("lakenet", "greatlakes", "straits"):
        old = correspondence.tag(complaint).replace("straits", tag)
        assert correspondence.number_in(f"Re: {old} Down") == complaint
        assert correspondence.without_tag(f"Re: {old} Down") == "Re: Down"
    assert (
        correspondence.number_in(f"Re: {correspondence.tag(complaint).replace('straits', 'other')}") is None
    )
