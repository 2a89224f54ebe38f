"""The console's addresses. Every act is a POST to a noun."""

from __future__ import annotations

from django.urls import path, register_converter

from nocturne.doors.web import permissions, rail, sure
from nocturne.doors.web.administration import urls as administration
from nocturne.doors.web.settings import urls as settings
from nocturne.doors.web.views import (
    account,
    act,
    alike,
    attachments,
    batches,
    beside,
    board,
    cell,
    completion,
    device,
    display,
    draft,
    entry,
    factors,
    forgotten,
    handover,
    keys,
    line,
    live,
    near,
    opening,
    reached,
    reading,
    search,
    search_form,
    second,
    set_up,
    shift_words,
    sign_on,
    ticket,
    timeline,
    views,
    vouched,
    workload,
)


class Number:
    """A ticket's number: no sign, no leading nought, never longer than the books allow."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


class Word:
    """A noun, an address of an update, the token of a file: letters, digits, `-` and `_`."""

    regex = "[A-Za-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Pair:
    """Two tickets' numbers with a bar between them."""

    regex = r"[1-9][0-9]{0,17}\|[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> tuple[int, int]:
        left, _bar, right = value.partition("|")
        return int(left), int(right)

    def to_url(self, value: str | tuple[int, int]) -> str:
        return value if isinstance(value, str) else f"{value[0]}|{value[1]}"


register_converter(Number, "ticket")
register_converter(Pair, "pair")
register_converter(Word, "name")

from nocturne.doors.web import outgoing_urls as outgoing  # noqa: E402 — its addresses use the words above

urlpatterns = [
    path("", board.board, name="board"),
    path("new", board.new, name="board-new"),
    path("bell", board.bell, name="bell"),
    path("views", views.everyone, name="views"),
    path("views/new", views.new, name="view-new"),
    path("views/pins", views.arrange, name="pins"),
    path("views/<name:name>", board.board, name="view"),
    path("search/complete", completion.complete, name="search-complete"),
    path("views/<name:name>/edit", views.edit, name="view-edit"),
    path("views/<name:name>/deletion", views.delete, name="view-deletion"),
    path("views/<name:name>/copy", views.copy, name="view-copy"),
    path("views/<name:name>/pin", views.pin, name="view-pin"),
    path("views/<name:name>/choice", views.choose, name="view-choice"),
    path("views/<name:name>/look", views.look, name="view-look"),
    path("views/<name:name>/rows", board.rows, name="view-rows"),
    path("search/rows", search.rows, name="search-rows"),
    path("search/count", search.count, name="search-count"),
    path("search/form", search_form.form, name="search-form"),
    path("rail", rail.counts, name="rail-counts"),
    path("search", search.search, name="search"),
    path("events", live.events, name="events"),
    path("line", line.line, name="line"),
    path("near/<name:name>", near.near, name="near"),
    path("line/read", line.read, name="line-read"),
    path("go", line.go, name="go"),
    path("workload", workload.workload, name="workload"),
    path("workload/calls", workload.call, name="workload-call"),
    path("batches", batches.batches, name="batches"),
    path("batches/new", batches.new, name="batch-new"),
    path("batches/<name:key>", batches.one, name="batch"),
    path("batches/<name:key>/progress", batches.progress, name="batch-progress"),
    path("batches/<name:key>/undo", batches.undo, name="batch-undo"),
    path("tickets/open", opening.opening, name="open"),
    path("<ticket:number>", ticket.short, name="short"),
    path("<pair:pair>", beside.beside, name="beside"),
    path("tickets/<pair:pair>", beside.beside, name="beside-long"),
    path("tickets/<ticket:number>", ticket.ticket, name="ticket"),
    path("tickets/<ticket:number>/peek", ticket.peek, name="peek"),
    path("tickets/<ticket:number>/print", ticket.printed, name="print"),
    path("tickets/<ticket:number>/alike", alike.alike, name="alike"),
    path("tickets/<ticket:number>/new", ticket.new, name="ticket-new"),
    path("tickets/<ticket:number>/presence", live.presence, name="presence"),
    path("tickets/<ticket:number>/entries", ticket.entries, name="entries"),
    path("tickets/<ticket:number>/entries/<name:address>", entry.entry, name="entry"),
    path("tickets/<ticket:number>/entries/<name:address>/correction", entry.correction, name="correction"),
    path("tickets/<ticket:number>/entries/<name:address>/redaction", entry.redaction, name="redaction"),
    path("tickets/<ticket:number>/entries/<name:address>/class", entry.reclassification, name="class"),
    path("tickets/<ticket:number>/entries/<name:address>/withdrawal", entry.withdrawal, name="withdrawal"),
    path("tickets/<ticket:number>/cell", cell.cell, name="cell"),
    path("tickets/<ticket:number>/<name:noun>", act.act, name="act"),
    path("handover", handover.handover_page, name="handover"),
    path("handover/text", handover.as_text, name="handover-text"),
    path("handover/takeovers", handover.take_over, name="takeovers"),
    path("handover/notes", handover.add_note, name="shift-notes"),
    path("handover/notes/<name:address>", handover.correct_note, name="shift-note"),
    path("handover/notes/<name:address>/redaction", shift_words.note, name="shift-note-redaction"),
    path("handover/shifts", handover.past, name="shifts"),
    path("handover/shifts/<name:address>", handover.shift, name="shift"),
    path("handover/shifts/<name:address>/redaction", shift_words.takeover, name="shift-redaction"),
    path("timeline", timeline.timeline_page, name="timeline"),
    path("timeline/new", timeline.new, name="timeline-new"),
    path("questions", handover.asked, name="questions"),
    path("attachments/<name:token>", attachments.attachment, name="attachment"),
    path("attachments/<name:token>/view", attachments.formatted, name="attachment-formatted"),
    path("t/<name:token>", reading.ticket, name="link"),
    path("t/<name:token>/files/<name:name>", reading.file, name="link-file"),
    path("drafts", draft.keep, name="drafts"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="password"),
    path("account/tokens", account.tokens, name="tokens"),
    path("account/tokens/<int:number>", account.token, name="token"),
    path("account/sessions/<name:mark>", account.session, name="session"),
    path("account/factors", factors.factors, name="factors"),
    path("account/factors/codes", factors.codes, name="factor-codes"),
    path("account/factors/<int:number>", factors.factor, name="factor"),
    path("account/reach", reached.reached, name="reached"),
    path("account/ways", reached.add, name="ways"),
    path("account/ways/<int:number>", reached.remove, name="way-off"),
    path("account/notices", reached.choose, name="notices"),
    path("account/theme", account.theme, name="theme"),
    path("device", device.device, name="device"),
    path("keys", keys.keys, name="keys"),
    *outgoing.urlpatterns,
    *settings.urlpatterns,
    path("sign-on", sign_on.sign_on, name="sign-on"),
    path("sign-on/second", second.second, name="second"),
    path("sign-on/enrol", second.enrol, name="enrol"),
    path("sign-on/forgotten", forgotten.forgotten, name="forgotten"),
    path("sign-on/new-password/<name:secret>", forgotten.new_password, name="new-password"),
    path("sign-on/with/<name:name>", vouched.leave, name="with"),
    path("sign-on/with/<name:name>/back", vouched.back, name="with-back"),
    path("display", display.display, name="display"),
    path("display/new", display.fresh, name="display-new"),
    path("display/events", live.screen, name="display-events"),
    path("display/<name:token>", display.switch_on, name="display-on"),
    path("account/displays", display.screens, name="displays"),
    path("account/displays/<int:number>", display.screen, name="display-off"),
    path("account/displays/<int:number>/shows", display.shows, name="display-shows"),
    path("sure", sure.prove, name="sure"),
    path("sign-off", sign_on.sign_off, name="sign-off"),
    path("setup/<name:secret>", set_up.set_up, name="setup"),
    *administration.urlpatterns,
]

permissions.refuse_undeclared(urlpatterns)
