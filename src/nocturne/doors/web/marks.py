"""Small marks that stand for a value everywhere: priority, clock, state, machine. Never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import ngettext, pgettext_lazy

from nocturne.core.configuration import current
from nocturne.desk import ticket_words, titles, wording
from nocturne.doors.web.markup import html, repeated

CLOCKS = ticket_words.CLOCKS
MEANINGS = {
    "new": N_("new"),
    "open": N_("open"),
    "waiting": N_("waiting"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "rejected": N_("rejected"),
}
_TITLES = (
    N_("Complaint"), N_("Request"), N_("Trouble"), N_("Planned work"), N_("Engineering"), N_("Meta"),
)  # fmt: skip
"""Titles of the types that ship, here for whoever translates; `desk.titles` says them."""
EFFECTS = {"down": N_("down"), "degraded": N_("degraded"), "redundancy lost": N_("without redundancy")}
AFFECTED = {
    "customer": pgettext_lazy("one of them", "customer"),
    "site": pgettext_lazy("one of them", "site"),
    "service": pgettext_lazy("one of them", "service"),
}
RELATIONS = {
    "parent": N_("Parent"),
    "child": N_("Hangs on this"),
    "depends_on": N_("Depends on"),
    "depends_on_of": N_("Depended on by"),
    "refers_to": N_("Refers to"),
    "refers_to_of": N_("Referred to by"),
}


def word(table: dict[str, str], value: Any) -> str:
    """Say a word of the books in the reader's language; what a site has named itself stays as it is."""
    return _(table[value]) if value in table else str(value)


def priority(level: int | None) -> SafeString | str:
    return html('<b class="p p{}">P{}</b>', level, level) if level else ""


def raised(affected: int | None) -> SafeString | str:
    """Say why a ticket stands before others of its priority: whom it hits, where they are many."""
    if not affected:
        return ""
    reason = ngettext("{n} affected", "{n} affected", affected).format(n=affected)
    title = _("stands before others of its priority and severity, because it hits so many")
    return html('<small class=raised title="{}">↑ {}</small>', title, reason)


def raised_briefly(affected: int) -> SafeString:
    """Say the same where there is little room: the number alone, with its words for whoever hears the page."""
    reason = ngettext("{n} affected", "{n} affected", affected).format(n=affected)
    title = _("stands before others of its priority and severity, because it hits so many")
    return html(
        '<small class=raised title="{}: {}"><span aria-hidden=true>↑{}</span><span class=unseen>{}</span></small>',
        reason,
        title,
        affected if affected < 10_000 else f"{affected // 1000}k",
        reason,
    )


def clock(name: str | None) -> SafeString | str:
    return html('<span class="clock {}">{}</span>', name, word(CLOCKS, name)) if name else ""


def state(row: Mapping[str, Any], *, with_clock: bool = False) -> SafeString | str:
    """Say in which state a ticket is, and on whom it waits.

    :param row: its state and meaning, and as far as they are known its type, queue and clock, and whether it went on
        as part of another ticket: then its own state says nothing any more.
    """
    meaning = row["meaning"]
    if not row["state"]:
        return ""
    if row.get("is_merged"):
        return html('<span class="chip is-closed">{}</span>', _("merged"))
    words = titles.state(row["state"], meaning, type_=row.get("type") or "", queue=row.get("queue"))
    clock_name = row.get("clock") if with_clock and not _says_its_clock(row) else None
    if meaning == "waiting" and clock_name:
        said = word(CLOCKS, clock_name)
        words = f"{words} · {said if clock_name == 'noc' else wording.within(said)}"
    return html('<span class="chip is-{}">{}</span>', meaning, words)


def _says_its_clock(row: Mapping[str, Any]) -> bool:
    """Tell whether a state has a clock of its own, so that its title says who is waited for."""
    cycle = current().lifecycle_of(row.get("type") or "", row.get("queue"))
    return bool(cycle.at(row["state"], row["meaning"]).clock)


def machines(names: Sequence[str]) -> SafeString | str:
    """Show the first machine, and how many there are besides."""
    if not names:
        return ""
    first = html('<span class="chip node">{}</span>', names[0])
    if len(names) == 1:
        return first
    return html('{} <span class=chip title="{}">+{}</span>', first, ", ".join(names[1:20]), len(names) - 1)


def all_machines(names: Sequence[str]) -> SafeString:
    return repeated('<span class="chip node">{}</span>', ((name,) for name in names), " ")


def affected(hits: Sequence[dict[str, Any]]) -> str:
    """Sum up who is hit: one by name, more by number and kind."""
    if len(hits) == 1:
        return f"{hits[0]['name']} {word(EFFECTS, hits[0]['effect'])}"
    totals: dict[tuple[str, str], int] = {}
    for each in hits:
        key = (each["kind"], each["effect"])
        totals[key] = totals.get(key, 0) + 1
    return " · ".join(
        f"{count} {_plural(kind, count)} {word(EFFECTS, effect)}" for (kind, effect), count in totals.items()
    )


def _plural(kind: str, count: int) -> str:
    forms = {
        "customer": ngettext("customer", "customers", count),
        "site": ngettext("site", "sites", count),
        "service": ngettext("service", "services", count),
    }
    return forms.get(kind, kind)


def size(number: int) -> str:
    """Spell a file's size."""
    if number < 1000:
        return _("%(count)s B") % {"count": number}
    if number < 1_000_000:
        return _("%(count)s kB") % {"count": number // 1000}
    return _("%(count)s MB") % {"count": f"{number / 1_000_000:.1f}"}
