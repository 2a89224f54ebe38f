"""A ticket's facts in the order in which a caller asks for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core import hours
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.desk import wording
from nocturne.desk.charts import Chart
from nocturne.desk.localfields import FieldView
from nocturne.doors.web import marks
from nocturne.doors.web.markup import html, joined, repeated
from nocturne.doors.web.times import Times, span
from nocturne.store.models import Ticket

Fact = tuple[str, SafeString | str]
_PLAIN = ("network", "site", "circuit")
_LATER = (
    "user_address", "destination_address", "dispatched_to", "referred_to", "escalated_to", "key_component",
    "cause", "check_marks",
)  # fmt: skip
_INSTANTS = (
    "started_at", "detected_at", "reported_at", "restored_at", "resolved_at", "closed_at", "planned_start",
    "planned_end",
)  # fmt: skip


def of(chart: Chart, times: Times, reader: Actor) -> list[Fact]:
    """List what is known, label and value; what is not known is not listed."""
    header = chart.header
    found: list[Fact] = []

    def add(label: str, value: Any) -> None:
        if value:
            found.append((label, value))

    add(_("Affected"), _affected(chart))
    add(_("Outage"), _outages(chart, times))
    for name in _PLAIN:
        add(wording.field(name), header.get(name))
    add(_("Machines"), marks.all_machines(chart.machines) if chart.machines else "")
    add(wording.field("vendor"), _vendor(header))
    add(wording.field("reporter"), _person(header.get("reporter")))
    for view in chart.fields:
        add(view.title, _local(view))
    for name in _LATER:
        if name != "referred_to" or header.get(name) != header.get("vendor"):
            add(wording.field(name), header.get(name))
    for name in _INSTANTS:
        add(wording.field(name), times.moment(header.get(name)))
    if reader.is_staff:
        add(wording.field("checked_by"), _checked(header, times))
        add(wording.field("worked"), span(header["worked"]) if header.get("worked") else "")
        add(_("Watchers"), _watchers(chart))
        add(_("Working hours"), _hours(header, times))
    return found


def _affected(chart: Chart) -> SafeString | str:
    if not chart.affected:
        return ""
    if len(chart.affected) <= 3:
        return " · ".join(
            f"{each['name']} {marks.word(marks.EFFECTS, each['effect'])}" for each in chart.affected
        )
    lines = repeated(
        "<li>{} {}",
        ((each["name"], marks.word(marks.EFFECTS, each["effect"])) for each in chart.affected[:200]),
    )
    return html("<details><summary>{}</summary><ul>{}</ul></details>", marks.affected(chart.affected), lines)


def _outages(chart: Chart, times: Times) -> SafeString | str:
    return repeated(
        "{} {} – {}",
        (
            (
                marks.word(marks.EFFECTS, each["effect"]),
                times.moment(each["start"]),
                times.moment(each["end"]) if each["end"] else _("still"),
            )
            for each in chart.outages
        ),
        "<br>",
    )


def _vendor(header: dict[str, Any]) -> SafeString | str:
    if header.get("vendor_reference"):
        return _("%(vendor)s, their number %(number)s") % {
            "vendor": header.get("vendor") or "",
            "number": header["vendor_reference"],
        }
    return header.get("vendor") or ""


def _person(reporter: dict[str, str] | None) -> SafeString | str:
    if not reporter:
        return ""
    parts = [reporter.get(name) for name in ("name", "organisation", "phone", "email")]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _hours(header: dict[str, Any], times: Times) -> SafeString | str:
    """Say whether the ticket's queue works now, and until when, where it has a calendar."""
    queue = current().queue_named(str(header.get("queue") or ""))
    calendar = current().calendar(queue.calendar) if queue else None
    if calendar is None or header.get("meaning") not in ("new", "open", "waiting"):
        return ""
    opens, closes = next(hours.windows(calendar, times.now), (None, None))
    title = calendar.title or calendar.name
    if opens is None:
        return html("{} · {}", title, _("never"))
    if opens <= times.now:
        return html("{} · {} {}", title, _("until"), times.moment(closes))
    return html("{} · {} {}", title, _("closed until"), times.moment(opens))


def _checked(header: dict[str, Any], times: Times) -> SafeString | str:
    if not header.get("checked_by"):
        return ""
    own = _("(own work)") if header.get("self_checked") else ""
    return html("{} {} {}", header["checked_by"], times.moment(header.get("checked_at")), own)


def _watchers(chart: Chart) -> str:
    return ", ".join(str(each.get("label") or each.get("email")) for each in chart.watchers[:20])


def _local(view: FieldView) -> SafeString | str:
    """Show a field of the site's own: where it leads, and beside it what is not quite right with it."""
    shown = [_value(view, text, link) for text, link in zip(view.values, view.links, strict=True)]
    warned = [html(" <small class=warned>{}</small>", wording.beside(each)) for each in view.warnings]
    return joined([joined(shown, ", "), *warned]) if shown else ""


def _value(view: FieldView, text: str, link: str) -> SafeString | str:
    kind = view.field.kind if view.field is not None else ""
    if kind == "ticket" and text.isdecimal():
        return html('<a href="{}">{}</a>', reverse("ticket", args=[int(text)]), text)
    if "\n" in text:
        return html("<div class=text>{}</div>", text)
    return html('<a href="{}" rel="noreferrer noopener">{}</a>', link, text) if link else text


def related(chart: Chart) -> SafeString | str:
    """Make the list of tickets this one points to, and of those that point to it."""
    lines = [_complaints(chart), *(_relation(each) for each in chart.relations[:50])]
    if chart.absorbed:
        numbers = ", ".join(str(each) for each in chart.absorbed)
        lines.append(html("<li>{}", _("Merged in: %(numbers)s") % {"numbers": numbers}))
    more = len(chart.relations) - 50
    if more > 0:
        lines.append(html("<li>{}", _("and %(count)s more") % {"count": more}))
    return joined(lines)


def _complaints(chart: Chart) -> SafeString | str:
    """Sum up what has become of the complaints that hang on a ticket, however many they are."""
    kinds = current().reported_types
    if not any(each["kind"] == "child" and each.get("type") in kinds for each in chart.relations):
        return ""
    family = [chart.number, *chart.absorbed]
    states = Ticket.objects.filter(parent_id__in=family, type__in=kinds, merged_into=None).order_by("meaning")
    counted = states.values_list("meaning").annotate(count=Count("pk"))
    return html(
        '<li><span>{}</span> <a href="{}?q=parent:{}+order:updated">{}</a>',
        _("Complaints"),
        reverse("search"),
        chart.number,
        " · ".join(f"{count} {marks.word(marks.MEANINGS, meaning)}" for meaning, count in counted),
    )


def _relation(each: dict[str, Any]) -> SafeString:
    kind = marks.word(marks.RELATIONS, each["kind"])
    if each["restricted"]:
        return html("<li><span>{}</span> {}", kind, each["number"])
    return html(
        '<li><span>{}</span> <a href="{}"><b class=num>{}</b> {}</a> {}',
        kind,
        reverse("ticket", args=[each["number"]]),
        each["number"],
        each["subject"],
        marks.state(each),
    )
