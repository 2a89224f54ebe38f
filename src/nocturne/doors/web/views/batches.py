"""One act on many tickets: its form, what would become of each, how far it is, and the way back."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nocturne import desk
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.refusals import Forbidden, Invalid, Refusal
from nocturne.desk import batch, batch_reports, batch_trial, finding, titles, wording
from nocturne.desk.batch_reports import Outcome, Report
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.coming import own
from nocturne.doors.web.doing import made
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.outcomes import spelt, told
from nocturne.doors.web.times import Times

LEVELS = [("", gettext_lazy("as it is")), *((str(each), str(each)) for each in range(1, 5))]
FIELDS = (
    Field("owner", gettext_lazy("New owner"), near="people", help=gettext_lazy("a name, or “none”")),
    Field("state", gettext_lazy("New state"), "choice"),
    Field("priority", gettext_lazy("Priority"), "choice", choices=LEVELS),
    Field("severity", gettext_lazy("Severity for the customer"), "choice", choices=LEVELS),
    Field("queue", gettext_lazy("Queue"), near="queues"),
    Field("clock", gettext_lazy("Whose time runs"), "choice", choices=[
        ("", gettext_lazy("as it is")), ("noc", gettext_lazy("NOC")), ("customer", gettext_lazy("Customer")),
        ("vendor", gettext_lazy("Vendor"))]),
    Field("next", gettext_lazy("Next action"), help=gettext_lazy("“none” takes it away."), longest=300),
    Field("timer", gettext_lazy("Timer"), help=gettext_lazy("2h call again")),
    Field("tag", gettext_lazy("Tags"), help=gettext_lazy("apart by commas; “-storm” takes one away")),
    Field("cc", gettext_lazy("Watchers"), help=gettext_lazy("names or mail addresses, apart by commas")),
    Field("parent", gettext_lazy("Parent"), help=gettext_lazy("a number, or “none”")),
    Field("text", gettext_lazy("Words"), "text", wide=True, rows=2,
          help=gettext_lazy("A note for the staff; of a resolution, what was done.")),
)  # fmt: skip
ALONE = (
    Field("merge", gettext_lazy("Merge into"), help=gettext_lazy("the number of the ticket that goes on")),
    Field("relate", gettext_lazy("See also"), help=gettext_lazy("a ticket’s number")),
)
"""Acts of their own: they come with words and with nothing else."""
LINE = Field(
    "line", gettext_lazy("Or as a line"), wide=True, longest=2_000,
    help=gettext_lazy("give kofi · refer Norlink 00912233 timer:2h · resolve Fibre spliced · priority:2 tag:storm"),
)  # fmt: skip
PAGE = 100
LOOKS = ("preview", "on", "back")
"""Steps that show what would happen: on the first tickets, on those after the ones shown, on those before them."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Show the form of an act on many tickets, try it out, or do it."""
    _staff_only(request)
    sent = request.POST if request.method == "POST" else request.GET
    step = sent.get("step", "") if request.method == "POST" else ""
    numbers: list[int] = []
    try:
        numbers = _numbers(request, sent)
        if step == "run":
            return _run(request, sent, numbers)
        tried = _tried(request, sent, numbers) if step in LOOKS else []
    except Refusal as refusal:
        return _form(request, sent, numbers, [], refusal)
    return _form(request, sent, numbers, tried)


def _numbers(request: Asked, sent: QueryDict) -> list[int]:
    """Read which tickets are meant: those named, less those that were taken off, or all that a question finds."""
    named = _ints(",".join([sent.get("numbers", ""), *sent.getlist("number")]))
    if not named and (query := sent.get("q", "").strip()):
        return batch.found(query, request.actor, now=timezone.now(), order=sent.get("order", ""))
    off = set(_ints(sent.get("shown", ""))) - set(map(int, filter(str.isdecimal, sent.getlist("pick"))))
    if sent.get("step") == "run":  # what was shown as refused is not even tried
        off |= set(_ints(sent.get("refused", "")))
    return [each for each in dict.fromkeys(named) if each not in off]


def words_of(sent: QueryDict) -> list[str]:
    """Write what a form says as the words of a line: keys, and after a lone `--` what is text and nothing else."""
    if line := sent.get("line", "").strip():
        return [line]
    alone = [(each.name, value) for each in ALONE if (value := sent.get(each.name, "").strip())]
    keys = [f"{each.name}:{value}" for each in FIELDS[:-1] if (value := sent.get(each.name, "").strip())]
    text = sent.get("text", "").replace("\r\n", "\n").strip()
    if alone:
        if keys or len(alone) > 1:
            raise Invalid("batch_does_one_thing", field=alone[0][0])
        return [*alone[0], "--", text] if text else [*alone[0]]
    return [*keys, "--", text] if text else keys


def _ints(text: str) -> list[int]:
    """Read tickets' numbers; nought is none, and has no page."""
    return [int(each) for each in text.split(",") if each.isdecimal() and len(each) <= 18 and int(each)]


def _after(sent: QueryDict, numbers: list[int]) -> int:
    """Say behind which ticket the page begins that is asked for; tickets that were taken off count no more."""
    named, left = _ints(sent.get("numbers", "")), set(numbers)
    at = _ints(sent.get({"on": "last", "back": "first"}.get(sent.get("step", ""), ""), ""))
    if not at or at[0] not in named:
        return 0
    place = named.index(at[0]) + (1 if sent.get("step") == "on" else 0)
    before = [each for each in named[:place] if each in left]
    if sent.get("step") == "back":
        before = before[: max(len(before) - batch_trial.PAGE, 0)]
    return before[-1] if before else 0


def _seen(sent: QueryDict) -> dict[int, str]:
    pairs = (each.partition(":") for each in sent.get("seen", "").split())
    return {
        int(number): version for number, _colon, version in pairs if number.isdecimal() and len(number) <= 18
    }


def _tried(request: Asked, sent: QueryDict, numbers: list[int]) -> list[Outcome]:
    return list(
        batch_trial.tried(
            words_of(sent),
            numbers,
            by=request.actor,
            door=Door.WEB,
            now=timezone.now(),
            after=_after(sent, numbers),
        )
    )


def _run(request: Asked, sent: QueryDict, numbers: list[int]) -> HttpResponse:
    """Do it, once however often it is sent, and lead to what becomes of it."""
    words = words_of(sent)

    def act() -> tuple[int, dict[str, object]]:
        asked = sent.get("q", "") if sent.get("q") else ""
        report = batch.make(
            words, numbers, by=request.actor, door=Door.WEB, asked=asked[:2_000], seen=_seen(sent)
        )
        return 200, {"key": report.key}

    key = sent.get("key")
    name = f"web:batch:{key[:40]}" if key else None
    _status, done, _again = desk.once(request.actor, name, desk.fingerprint("batch", words, numbers), act)
    return _led_on(request, str(done["key"]))


def _led_on(request: Asked, key: str) -> HttpResponse:
    """Lead to what becomes of it: where it was begun from the workload, there, so that one can go on giving."""
    back = request.POST.get("back", "")
    if back and own(request, back).partition("?")[0] == reverse("workload"):
        joint = "&" if "?" in back else "?"
        return redirect(f"{own(request, back)}{joint}{urlencode({'given': key})}#done")
    return redirect("batch", key=key)


def _form(
    request: Asked,
    sent: QueryDict,
    numbers: list[int],
    tried: list[Outcome],
    refusal: Refusal | None = None,
) -> HttpResponse:
    says = sentence(refusal, request.actor) if refusal else ""
    field = {"words": "line"}.get(refusal.field or "", refusal.field or "") if refusal else ""
    states = {
        each.name: titles.state_title(each)
        for cycle in current().lifecycles.values()
        for each in cycle.states
    }
    offered = {"state": [("", _("as it is")), *states.items()]}
    fields = bind(FIELDS, sent.dict(), errors={field: says}, prefix="b", offered=offered)
    subjects = {} if tried else finding.subjects(request.actor, numbers[:PAGE])
    context = {
        "title": _("Act on many tickets"),
        "fields": fields,
        "alone": bind(ALONE, sent.dict(), errors={field: says}, prefix="b"),
        "line": bind((LINE,), sent.dict(), errors={field: says}, prefix="b")[0],
        "near": suggestions({each.near for each in FIELDS if each.near}, request.actor),
        "numbers": ",".join(map(str, numbers)),
        "count": len(numbers),
        "query": sent.get("q", ""),
        "listed": [(number, subjects.get(number, "")) for number in numbers[:PAGE]] if not tried else [],
        "says": says,
        "key": secrets.token_urlsafe(12),
        **(_trial(sent, numbers, tried) if tried else {}),
    }
    return page(request, "batch_new.html", context, status=refusal.status if refusal else 200)


def _trial(sent: QueryDict, numbers: list[int], tried: list[Outcome]) -> dict[str, Any]:
    """Spell the page of a trial, and what the pages before it have shown."""
    is_first = sent.get("step") == "preview"
    shown = {each.number for each in tried}
    place = numbers.index(tried[0].number)
    seen = {} if is_first else _seen(sent)
    off = [] if is_first else [each for each in _ints(sent.get("refused", "")) if each not in shown]
    would = [each for each in tried if each.state == "done"]
    seen |= {each.number: each.version.partition(" ")[0] for each in would if each.version}
    refused = [*off, *(each.number for each in tried if each.state != "done")]
    looked = len({*seen, *refused} & set(numbers))
    stays = list(dict.fromkeys(wording.refusal(each.stays) for each in would if each.stays is not None))
    return {
        "tried": [(each, told(each)) for each in tried],
        "seen": " ".join(f"{number}:{version}" for number, version in seen.items()),
        "shown": ",".join(str(each.number) for each in would),
        "off": ",".join(map(str, refused)),
        "would": len(would),
        "refused": len(tried) - len(would),
        "first": place + 1,
        "last": place + len(tried),
        "first_number": tried[0].number,
        "last_number": tried[-1].number,
        "untried": len(numbers) - looked,
        "will": len(numbers) - len(set(refused) & set(numbers)),
        "stays": stays,
        "goes_back": len(would) - sum(1 for each in would if each.stays is not None),
    }


@require_GET
def batches(request: Asked) -> HttpResponse:
    """List the acts on many tickets that somebody has asked for."""
    _staff_only(request)
    found = [(each, spelt(each)) for each in batch_reports.own(request.actor)]
    context = {"title": _("Acts on many tickets"), "batches": found, "times": Times(request.actor)}
    return page(request, "batches.html", context)


@require_GET
def one(request: Asked, key: str) -> HttpResponse:
    """Show how far an act on many tickets is, and what became of each."""
    _staff_only(request)
    context = _context(request, batch_reports.report(key, request.actor))
    return page(request, "batch.html", context)


@require_GET
def progress(request: Asked, key: str) -> HttpResponse:
    """Tell an open page how far it is."""
    _staff_only(request)
    return page(request, "_batch.html", _context(request, batch_reports.report(key, request.actor)))


@require_POST
def undo(request: Asked, key: str) -> HttpResponse:
    """Take it back on each ticket that nobody has touched since."""
    _staff_only(request)
    back = made(request, "batch undo", lambda: batch.undo(key, by=request.actor, door=Door.WEB).key)
    return _led_on(request, back)


def _context(request: Asked, report: Report) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in report.counts else ""
    after = request.GET.get("after", "")
    place = int(after) if after.isdecimal() and len(after) <= 6 else -1
    rows = batch_reports.outcomes(report.key, request.actor, after=place, limit=PAGE + 1, state=state)
    here = reverse("batch", args=[report.key])
    more = urlencode({"state": state, "after": str(rows[PAGE - 1][0])}) if len(rows) > PAGE else ""
    waiting = report.counts.get("waiting", 0)
    return {
        "title": _("Act on many tickets"),
        "report": report,
        "spelt": spelt(report),
        "waiting": waiting,
        "settled": report.total - waiting,
        "state": state,
        "rows": [(each, told(each)) for _place, each in rows[:PAGE]],
        "more": f"{here}?{more}" if more else "",
        "times": Times(request.actor),
    }


def _staff_only(request: Asked) -> None:
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")


__all__ = ["batches", "new", "one", "progress", "undo"]
