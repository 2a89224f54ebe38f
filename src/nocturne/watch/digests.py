"""Writes the mail of a subscription: a text, and the same for mail programs that show more, readable on a phone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import translation
from django.utils.translation import gettext as _

from nocturne.core.mailthread import clean_header
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.core.zones import echo
from nocturne.desk import (
    clock,
    correspondence,
    dashboards,
    desks,
    handed_over,
    setup,
    subscriptions,
    tiles,
    unsubscribing,
    ways,
)
from nocturne.desk.followed import GONE
from nocturne.desk.subscription_slots import ASKED, HANDOVER
from nocturne.desk.tiles import Shown, Tile
from nocturne.store.models import Subscription, SubscriptionMail
from nocturne.watch import digest_parts

MOST_ROWS = 50


class Unwanted(Exception):
    """There is nothing to send: nothing in it, nothing new, or nothing that its recipient may read."""


@dataclass(slots=True)
class Digest:
    """What a mail says, twice, and what it comes down to: the next one is compared with that."""

    subject: str
    text: str
    html: str
    digest: str
    is_filled: bool


def write(mail: SubscriptionMail, actor: Actor) -> tuple[EmailMessage, str, str]:
    """This will write one mail, in its recipient's language and with what they may read now.

    :return: the message, the address it goes to, and the digest of what it says.
    :raises Unwanted: there is nothing to send.
    :raises ValueError: the address cannot be written to.
    """
    row = mail.subscription
    addresses = ways.mail_addresses([mail.user])[mail.user_id]
    if not addresses:
        raise Unwanted("there is no address")
    with translation.override(actor.language):
        leave = _leaving(row, mail.user_id)
        is_last = mail.error == GONE
        made = _last(row, actor, leave=leave) if is_last else digest(row, actor, leave=leave, slot=mail.slot)
        if mail.error not in (ASKED, GONE):
            _refuse_what_is_not_wanted(row, mail, made)
        message = _message(mail, made, addresses[0])
    return message, addresses[0], made.digest


def _refuse_what_is_not_wanted(row: Subscription, mail: SubscriptionMail, made: Digest) -> None:
    if row.only != "always" and not made.is_filled:
        raise Unwanted(made.digest)
    before = SubscriptionMail.objects.filter(
        subscription=row, user=mail.user_id, state__in=["sent", "skipped"], slot__lt=mail.slot
    ).exclude(digest="")
    if (
        row.only == "changed"
        and before.order_by("-slot").values_list("digest", flat=True).first() == made.digest
    ):
        raise Unwanted(made.digest)


def _is_filled(shown: Shown) -> bool:
    return bool(shown.rows or shown.count or any(each.value or each.second for each in shown.series))


def digest(row: Subscription, actor: Actor, *, leave: str, slot: datetime | None = None) -> Digest:
    """This will read what a subscription shows somebody, and spell it.

    :param slot: of which slot it is; a handover is that of the takeover then. None for now.
    :raises Unwanted: it is gone, or is not for them any more.
    """
    now = clock.now()
    try:
        if row.kind == HANDOVER:
            return _passed_on(row, actor, leave=leave, at=slot or now)
        wanted, address = _tiles(row, actor)
    except Refusal as refusal:
        raise Unwanted(str(refusal)) from refusal
    parts = [tiles.shown(each, actor, now=now) for each in wanted]
    if parts and all(each.says for each in parts):
        raise Unwanted("it asks for what they may not read")
    only = parts[0] if len(parts) == 1 and parts[0].tile.kind == "view" else None
    total = f" ({_count(only)})" if only is not None else ""
    said = repr([[each.title, digest_parts.told(each)] for each in parts])
    return _spelt(
        row,
        f"{row.title}{total}",
        echo(now, actor.zone),
        address,
        "\n\n".join(digest_parts.text(each) for each in parts),
        [digest_parts.html(each) for each in parts],
        leave=leave,
        said=said,
        is_filled=any(_is_filled(each) for each in parts),
    )


def _tiles(row: Subscription, actor: Actor) -> tuple[Sequence[Tile], str]:
    """Say which tiles a mail holds, and where the same is looked at."""
    base = setup.base_url()
    if row.kind == "dashboard":
        return dashboards.named(row.what, actor).tiles, f"{base}/dashboards/{row.what}"
    tile = Tile("view", row.title, row.what if row.kind == "view" else "", row.query, rows=MOST_ROWS)
    address = (
        f"{base}/views/{row.what}" if row.kind == "view" else digest_parts.search(row.query or "is:open")
    )
    return (tile,), address


def _last(row: Subscription, actor: Actor, *, leave: str) -> Digest:
    """Spell the last mail of a subscription: what it was of has been deleted."""
    says = {
        "view": _("The view “%(title)s” has been deleted. This is the last mail of it."),
        "dashboard": _("The dashboard “%(title)s” has been deleted. This is the last mail of it."),
    }[row.kind] % {"title": row.title}
    address = f"{setup.base_url()}/account/subscriptions"
    title = _("%(title)s: the last mail") % {"title": row.title}
    hour = echo(clock.now(), actor.zone)
    part = digest_parts.paragraph(says)
    return _spelt(row, title, hour, address, says, [part], leave=leave, said=says, is_filled=True)


def _passed_on(row: Subscription, actor: Actor, *, leave: str, at: datetime) -> Digest:
    """Spell the takeover of a desk: what its page shows this reader."""
    now = clock.now()
    made = handed_over.read(desks.find(row.what, even_gone=True), at, actor, now=now)
    if made is None:
        raise Unwanted("nobody has taken the desk over yet")
    text = digest_parts.passed_on_text(made)
    return _spelt(
        row,
        made.title,
        echo(now, actor.zone),
        f"{setup.base_url()}{made.address}",
        text,
        [digest_parts.passed_on_html(made)],
        leave=leave,
        said=text,
        is_filled=True,
    )


def _spelt(
    row: Subscription,
    title: str,
    hour: str,
    address: str,
    text: str,
    parts: Sequence[str],
    *,
    leave: str,
    said: str,
    is_filled: bool,
) -> Digest:
    """Put a mail together, with where to look at it, to change it, and to leave it."""
    change = f"{setup.base_url()}/account/subscriptions"
    comes = _("It comes at each takeover.")
    if row.paused_at is not None:
        comes = _("It rests.")
    elif row.kind != HANDOVER:
        comes = _("It comes %(rhythm)s.") % {"rhythm": subscriptions.spelt(row)}
    foot = [
        _("Look at it: %(address)s") % {"address": address},
        f"{comes} " + _("Change that: %(address)s") % {"address": change},
        _("Leave it with one click: %(address)s") % {"address": leave},
    ]
    whole = "\n\n".join([f"{row.title} · {hour}", text, "-- \n" + "\n".join(foot)]) + "\n"
    ends = [(comes, change, _("Change that")), ("", leave, _("Leave it with one click"))]
    page = digest_parts.page(row.title, hour, address, parts, ends) if row.form != "text" else ""
    subject = f"[{setup.installation().name}] {title}"
    return Digest(subject, whole, page, hashlib.sha256(said.encode()).hexdigest(), is_filled)


def _count(shown: Shown) -> str:
    return f"{len(shown.rows)}+" if shown.has_more else str(len(shown.rows))


def _leaving(row: Subscription, user: int) -> str:
    return f"{setup.base_url()}/subscriptions/{unsubscribing.mark(row, user)}"


def _message(mail: SubscriptionMail, made: Digest, to: str) -> EmailMessage:
    here = setup.installation()
    ours = here.correspond_address or f"noc@{correspondence.mail_host()}"
    message = EmailMessage()
    message["Subject"] = clean_header(made.subject)
    message["From"] = Address(clean_header(here.organisation or here.name), addr_spec=ours)
    message["To"] = Address(clean_header(mail.user.full_name or mail.user.name), addr_spec=to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = mail.message_id
    message["List-Unsubscribe"] = f"<{_leaving(mail.subscription, mail.user_id)}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "bulk"
    message.set_content(made.text, charset="utf-8")
    if made.html:
        message.add_alternative(made.html, subtype="html", charset="utf-8")
    return message
