"""Writes the mail of a subscription: a text, and the same for mail programs that show more, readable on a phone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext as _

from nocturne.core import rhythm
from nocturne.core.mailthread import clean_header
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.core.spans import span_words
from nocturne.core.zones import echo
from nocturne.desk import clock, correspondence, dashboards, setup, subscriptions, tiles, titles, ways
from nocturne.desk.tiles import Shown, Tile
from nocturne.store.models import Subscription, SubscriptionMail

MOST_ROWS = 50
INK, SOFT, LINE, ALARM = "#18202b", "#556070", "#dfe3ea", "#be1833"


class Unwanted(Exception):
    """There is nothing to send: nothing in it, nothing new, or nothing that its recipient may read."""


@dataclass(slots=True)
class Digest:
    """What a mail says, twice, and what it comes down to: the next one is compared with that."""

    subject: str
    text: str
    html: str
    digest: str
    parts: list[Shown] = field(default_factory=list)


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
        made = digest(row, actor, leave=_leaving(row, mail.user_id))
        if mail.error != "asked":
            _refuse_what_is_not_wanted(row, mail, made)
        message = _message(mail, made, addresses[0])
    return message, addresses[0], made.digest


def _refuse_what_is_not_wanted(row: Subscription, mail: SubscriptionMail, made: Digest) -> None:
    if row.only != "always" and not any(_is_filled(each) for each in made.parts):
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


def digest(row: Subscription, actor: Actor, *, leave: str) -> Digest:
    """This will read what a subscription shows somebody, and spell it.

    :raises Unwanted: it is gone, or is not for them any more.
    """
    now, base = clock.now(), setup.base_url()
    try:
        if row.kind == "dashboard":
            found = dashboards.named(row.what, actor)
            wanted, address = found.tiles, f"{base}/dashboards/{row.what}"
        else:
            tile = Tile("view", row.title, row.what if row.kind == "view" else "", row.query, rows=MOST_ROWS)
            wanted = (tile,)
            address = f"{base}/views/{row.what}" if row.kind == "view" else _search(row.query or "is:open")
    except Refusal as refusal:
        raise Unwanted(str(refusal)) from refusal
    parts = [tiles.shown(each, actor, now=now) for each in wanted]
    if parts and all(each.says for each in parts):
        raise Unwanted("it asks for what they may not read")
    only = parts[0] if len(parts) == 1 and parts[0].tile.kind == "view" else None
    total = f" ({_count(only)})" if only is not None else ""
    house = setup.installation()
    subject = f"[{house.name}] {row.title}{total}"
    head = f"{row.title} · {echo(now, actor.zone)}"
    foot = [
        _("Look at it: %(address)s") % {"address": address},
        _("It comes %(rhythm)s. Leave it with one click: %(address)s")
        % {"rhythm": rhythm.spelt(rhythm.kept(row.rhythm)), "address": leave},
    ]
    text = "\n\n".join([head, *(_text(each) for each in parts), "-- \n" + "\n".join(foot)]) + "\n"
    html = _html(head, address, [_html_of(each) for each in parts], foot[1].partition(leave)[0], leave)
    said = repr([[each.title, _told(each)] for each in parts])
    return Digest(subject, text, html, hashlib.sha256(said.encode()).hexdigest(), parts)


def _told(shown: Shown) -> Any:
    """Reduce a part to what makes it another: time that only passes does not."""
    if shown.tile.kind == "view":
        names = (
            "number",
            "subject",
            "state",
            "priority",
            "owner",
            "next_action",
            "alarm_at",
            "ringing_since",
        )
        return [[str(each.get(name)) for name in names] for each in shown.rows]
    if shown.tile.kind == "count":
        return shown.count
    return [[each.label, each.value, each.second] for each in shown.series]


def _count(shown: Shown) -> str:
    return f"{len(shown.rows)}+" if shown.has_more else str(len(shown.rows))


def _leaving(row: Subscription, user: int) -> str:
    return f"{setup.base_url()}/subscriptions/{subscriptions.mark(row, user)}"


def _search(query: str) -> str:
    return f"{setup.base_url()}/search?{urlencode({'q': query})}"


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
    message.add_alternative(made.html, subtype="html", charset="utf-8")
    return message


# --- as a text -------------------------------------------------------------------------------------------------------


def _text(shown: Shown) -> str:
    lines = [shown.title, "=" * min(len(shown.title), 60)]
    if shown.says:
        return "\n".join([*lines, shown.says])
    if shown.tile.kind == "count":
        return "\n".join([*lines, _figure(shown)])
    if shown.tile.kind == "chart":
        width = max((len(each.label) for each in shown.series), default=0)
        most = max((max(each.value, each.second or 0) for each in shown.series), default=0) or 1
        for each in shown.series:
            bar = "#" * round(24 * each.value / most)
            figures = f"{each.value:>6}" if each.second is None else f"{each.value:>6} {each.second:>6}"
            lines.append(f"{each.label:<{width}} {figures}  {bar}".rstrip())
        return "\n".join(lines if shown.series else [*lines, _("There is nothing to count.")])
    if not shown.rows:
        return "\n".join([*lines, _("Nothing here. That is good news.")])
    for row in shown.rows:
        lines.append(f"{row['number']}  {_facts(row)}")
        lines.append(f"    {row.get('subject') or ''}".rstrip())
        if row.get("next_action"):
            lines.append(f"    → {row['next_action']}")
        lines.append(f"    {setup.base_url()}/tickets/{row['number']}")
    if shown.has_more:
        lines.append(_("… and more: %(address)s") % {"address": _search(shown.query)})
    return "\n".join(lines)


def _facts(row: dict[str, Any]) -> str:
    """Say in a line how urgent a ticket is, where it stands, whose it is and how old."""
    now = clock.now()
    state = titles.state(
        row.get("state") or "", row.get("meaning") or "", type_=row.get("type") or "", queue=row.get("queue")
    )
    opened = row.get("opened_at")
    timer = ""
    if row.get("ringing_since"):
        timer = _("timer due")
    elif row.get("alarm_at"):
        timer = _("timer in %(span)s") % {"span": span_words(row["alarm_at"] - now)}
    parts = [
        f"P{row['priority']}" if row.get("priority") else "",
        state,
        row.get("owner") or "",
        span_words(now - opened) if opened else "",
        timer,
    ]
    return " · ".join(part for part in parts if part)


def _figure(shown: Shown) -> str:
    word = {"alarm": _("too many"), "warn": _("many")}.get(shown.level, "")
    return f"{shown.count}{'' if shown.is_exact else '+'}" + (f"  ({word})" if word else "")


# --- as a page -------------------------------------------------------------------------------------------------------


def _html(head: str, address: str, parts: list[str], foot: str, leave: str) -> str:
    body = "".join(parts)
    look = escape(_("Look at it"))
    stop = escape(_("Leave it"))
    return (
        '<!doctype html><html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<body style="margin:0;padding:12px;color:{INK};font:16px/1.45 system-ui,sans-serif">'
        f'<div style="max-width:640px;margin:0 auto"><p style="color:{SOFT}">{escape(head)}</p>{body}'
        f'<p><a href="{escape(address)}">{look}</a></p>'
        f'<p style="color:{SOFT};font-size:13px;border-top:1px solid {LINE};padding-top:8px">{escape(foot)}'
        f'<a href="{escape(leave)}" style="color:{SOFT}">{stop}</a></p></div></body></html>\n'
    )


def _html_of(shown: Shown) -> str:
    title = f'<h2 style="font-size:17px;margin:22px 0 6px">{escape(shown.title)}</h2>'
    if shown.says:
        return f'{title}<p style="color:{SOFT}">{escape(shown.says)}</p>'
    if shown.tile.kind == "count":
        colour = ALARM if shown.level == "alarm" else INK
        return f'{title}<p style="font-size:30px;margin:0;color:{colour}">{escape(_figure(shown))}</p>'
    if shown.tile.kind == "chart":
        cells = "".join(_html_figures(each.label, each.value, each.second) for each in shown.series)
        return f'{title}<table style="border-collapse:collapse">{cells}</table>'
    if not shown.rows:
        return f'{title}<p style="color:{SOFT}">{escape(_("Nothing here. That is good news."))}</p>'
    rows = "".join(_html_row(row) for row in shown.rows)
    more = (
        f'<p><a href="{escape(_search(shown.query))}">{escape(_("all of them"))}</a></p>'
        if shown.has_more
        else ""
    )
    return title + rows + more


def _html_row(row: dict[str, Any]) -> str:
    address = f"{setup.base_url()}/tickets/{row['number']}"
    colour = ALARM if row.get("ringing_since") or row.get("priority") == 1 else SOFT
    following = (
        f'<div style="font-size:14px">→ {escape(row["next_action"])}</div>' if row.get("next_action") else ""
    )
    return (
        f'<div style="border-top:1px solid {LINE};padding:8px 0"><a href="{escape(address)}" style="color:{INK};'
        f'font-weight:600;text-decoration:none">{row["number"]} {escape(row.get("subject") or "")}</a>'
        f'<div style="font-size:13px;color:{colour}">{escape(_facts(row))}</div>{following}</div>'
    )


def _html_figures(label: str, value: int, second: int | None) -> str:
    cell = 'style="padding:3px 14px 3px 0;text-align:right"'
    more = "" if second is None else f"<td {cell}>{second}"
    return f'<tr><td style="padding:3px 14px 3px 0">{escape(label)}<td {cell}><b>{value}</b>{more}'
