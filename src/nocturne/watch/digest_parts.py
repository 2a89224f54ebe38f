"""What stands in the mail of a subscription, spelt twice: as a text, and as a page that is readable on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nocturne.core.spans import span_words
from nocturne.desk import clock, graphs, setup, tiles, titles
from nocturne.desk.handed_over import HandedOver, Item
from nocturne.desk.tiles import Shown

INK, SOFT, LINE, ALARM = "#18202b", "#556070", "#dfe3ea", "#be1833"
FIGURE = 9
COUNTS = ("number", "subject", "state", "priority", "owner", "next_action", "alarm_at", "ringing_since")


def told(shown: Shown) -> Any:
    """Reduce a part to what makes it another: time that only passes does not."""
    if shown.tile.kind == "view":
        return [[str(each.get(name)) for name in COUNTS] for each in shown.rows]
    if shown.tile.kind == "count":
        return shown.count
    return [[each.label, each.value, each.second] for each in shown.series]


def search(query: str) -> str:
    return f"{setup.base_url()}/search?{urlencode({'q': query})}"


# --- as a text -------------------------------------------------------------------------------------------------------


def text(shown: Shown) -> str:
    lines = [shown.title, "=" * min(len(shown.title), 60)]
    if shown.says:
        return "\n".join([*lines, shown.says])
    if shown.tile.kind == "count":
        return "\n".join([*lines, _figure(shown)])
    if shown.tile.kind == "chart":
        names = graphs.heads(shown.tile.by)
        width = max((len(each.label) for each in shown.series), default=0)
        most = max((max(each.value, each.second or 0) for each in shown.series), default=0) or 1
        if len(names) > 2 and shown.series:
            lines.append(f"{names[0]:<{width}} " + " ".join(f"{each:>{FIGURE}}" for each in names[1:]))
        for each in shown.series:
            bar = "#" * round(24 * each.value / most)
            figures = f"{each.value:>6}"
            if each.second is not None:
                figures = f"{each.value:>{FIGURE}} {each.second:>{FIGURE}}"
            lines.append(f"{each.label:<{width}} {figures}  {bar}".rstrip())
        return "\n".join(lines if shown.series else [*lines, _("There is nothing to count.")])
    if not shown.rows:
        return "\n".join([*lines, _("Nothing here. That is good news.")])
    for heading, rows in tiles.parts(shown):
        lines += ["", f"— {heading} —"] if heading else []
        for row in rows:
            lines.append(f"{row['number']}  {_facts(row)}")
            lines.append(f"    {row.get('subject') or ''}".rstrip())
            if row.get("next_action"):
                lines.append(f"    → {row['next_action']}")
            lines.append(f"    {setup.base_url()}/tickets/{row['number']}")
    if shown.has_more:
        lines.append(_("… and more: %(address)s") % {"address": search(shown.query)})
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


def page(
    title: str, head: str, address: str, parts: Iterable[str], ends: Iterable[tuple[str, str, str]]
) -> str:
    """Make the page of a mail.

    :param ends: what stands at its foot: a sentence, an address, and what that does.
    """
    foot = "".join(
        f'<p style="color:{SOFT};font-size:13px;margin:4px 0">{escape(says)} '
        f'<a href="{escape(where)}" style="color:{SOFT}">{escape(does)}</a></p>'
        for says, where, does in ends
    )
    return (
        f'<!doctype html><html lang="{escape(get_language() or "en")}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        f'<body style="margin:0;padding:12px;color:{INK};background:#fff;font:16px/1.45 system-ui,sans-serif">'
        f'<main style="display:block;max-width:640px;margin:0 auto"><h1 style="font-size:20px;margin:0">'
        f'{escape(title)}</h1><p style="color:{SOFT};margin:2px 0 0">{escape(head)}</p>{"".join(parts)}'
        f'<p><a href="{escape(address)}">{escape(_("Look at it"))}</a></p>'
        f'<div style="border-top:1px solid {LINE};padding-top:8px">{foot}</div></main></body></html>\n'
    )


def paragraph(says: str) -> str:
    return f"<p>{escape(says)}</p>"


def html(shown: Shown) -> str:
    title = f'<h2 style="font-size:17px;margin:22px 0 6px">{escape(shown.title)}</h2>'
    if shown.says:
        return f'{title}<p style="color:{SOFT}">{escape(shown.says)}</p>'
    if shown.tile.kind == "count":
        colour = ALARM if shown.level == "alarm" else INK
        return f'{title}<p style="font-size:30px;margin:0;color:{colour}">{escape(_figure(shown))}</p>'
    if shown.tile.kind == "chart":
        if not shown.series:
            return f'{title}<p style="color:{SOFT}">{escape(_("There is nothing to count."))}</p>'
        return title + _figures(shown)
    if not shown.rows:
        return f'{title}<p style="color:{SOFT}">{escape(_("Nothing here. That is good news."))}</p>'
    rows = "".join(_html_part(heading, listed) for heading, listed in tiles.parts(shown))
    more = (
        f'<p><a href="{escape(search(shown.query))}">{escape(_("all of them"))}</a></p>'
        if shown.has_more
        else ""
    )
    return title + rows + more


def _html_part(heading: str, rows: Iterable[dict[str, Any]]) -> str:
    head = f'<h3 style="font-size:15px;margin:14px 0 4px">{escape(heading)}</h3>' if heading else ""
    return head + "".join(_html_row(row) for row in rows)


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


def _figures(shown: Shown) -> str:
    """Give a graph's figures as a table that is read aloud cell by cell with its headings."""
    cell = "padding:3px 14px 3px 0"
    heads = "".join(
        f'<th scope="col" style="{cell};text-align:{"right" if place else "left"};color:{SOFT};font-weight:400">'
        f"{escape(each)}</th>"
        for place, each in enumerate(graphs.heads(shown.tile.by))
    )
    rows = "".join(
        f'<tr><th scope="row" style="{cell};text-align:left;font-weight:400">{escape(each.label)}</th>'
        + "".join(
            f'<td style="{cell};text-align:right"><b>{value}</b></td>'
            for value in (each.value, each.second)
            if value is not None
        )
        + "</tr>"
        for each in shown.series
    )
    return (
        f'<table style="border-collapse:collapse" aria-label="{escape(shown.title)}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


# --- a takeover ------------------------------------------------------------------------------------------------------


def passed_on_text(made: HandedOver) -> str:
    """Spell a takeover as text."""
    lines = [made.says]
    for title, items in made.parts:
        lines += ["", title.upper()]
        lines += [line for item in items for line in item.lines]
    return "\n".join(lines)


def passed_on_html(made: HandedOver) -> str:
    """Spell a takeover as a part of a page."""
    found = [f"<p>{escape(made.says)}</p>"]
    for title, items in made.parts:
        listed = "".join(
            f'<li style="border-top:1px solid {LINE};padding:6px 0">{_item(each)}</li>' for each in items
        )
        found.append(
            f'<h2 style="font-size:17px;margin:22px 0 6px">{escape(title)}</h2>'
            f'<ul style="list-style:none;margin:0;padding:0">{listed}</ul>'
        )
    return "".join(found)


def _item(item: Item) -> str:
    first, *rest = (escape(each) for each in item.lines)
    if item.number is not None:
        address = escape(f"{setup.base_url()}/tickets/{item.number}")
        first = f'<a href="{address}" style="color:{INK};font-weight:600;text-decoration:none">{first}</a>'
    below = "".join(f'<div style="font-size:14px;padding-left:14px">{each.strip()}</div>' for each in rest)
    return f"{first}{below}"
