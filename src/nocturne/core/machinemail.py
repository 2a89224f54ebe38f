"""Whether a person or a machine wrote a mail: decided from its headers alone, the surest signs first.

Hard mail is never answered and never reopens a ticket. Soft mail and list mail are not answered and move no state,
but the owner sees them. A bounce belongs to the notice it came back for. All of it is stored and threaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nocturne.core.mailthread import parse_subject

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class Writer(StrEnum):
    """Who wrote a mail."""

    HUMAN = "human"
    SOFT = "soft"
    LIST = "list"
    HARD = "hard"
    BOUNCE = "bounce"

    @property
    def may_be_answered(self) -> bool:
        """Tell whether an automatic answer may be sent (RFC 3834)."""
        return self is Writer.HUMAN

    @property
    def may_move_states(self) -> bool:
        return self is Writer.HUMAN


@dataclass(frozen=True, slots=True)
class Sign:
    """What was decided, and the header that decided it."""

    writer: Writer
    signal: str


@dataclass(frozen=True, slots=True)
class _Mail:
    """Headers by lower-case name, every value of each; and the names by which we know our own mail."""

    headers: Mapping[str, list[str]]
    own: frozenset[str]

    def first(self, name: str) -> str:
        return self.headers.get(name, [""])[0].strip().lower()

    def words(self, name: str) -> set[str]:
        return {word.strip().lower() for value in self.headers.get(name, []) for word in value.split(",")}


_AUTO_REPLY_HEADERS = (
    "x-autoreply",
    "x-auto-reply",
    "x-autoreply-from",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-response",
    "x-mail-autoreply",
)
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "mailing-list", "x-mailing-list")
_ROBOTS = frozenset({"mailer-daemon", "postmaster", "bounce", "bounces", "autoreply", "daemon"})
_NO_REPLY = (
    "no-reply",
    "noreply",
    "no.reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do.not.reply",
    "nicht-antworten",
)
_ABSENCE = (
    *(
        "out of office",
        "out of the office",
        "automatic reply",
        "auto reply",
        "autoreply",
        "auto:",
        "auto-reply",
    ),
    *("vacation", "on leave", "away from"),
    *("automatische antwort", "abwesenheit", "abwesend", "autom. antwort"),
    *("réponse automatique", "absence du bureau", "absent du bureau", "message d'absence"),
    *("respuesta automática", "fuera de la oficina", "ausente", "resposta automática", "fora do escritório"),
    *("risposta automatica", "fuori sede", "fuori ufficio", "assente"),
    *(
        "automatisch antwoord",
        "afwezig",
        "autosvar",
        "automatiskt svar",
        "automatisk svar",
        "frånvaro",
        "fravær",
    ),
    *("automaattinen vastaus", "poissa", "autoodpowiedź", "odpowiedź automatyczna", "automatická odpověď"),
    *("automatikus válasz", "otomatik yanıt", "автоответ", "автоматический ответ", "αυτόματη απάντηση"),
    *("自动回复", "自動回覆", "自動応答", "자동 회신", "부재중"),
)


def classify(
    headers: Headers, *, own_names: Collection[str] = (), envelope_sender: str | None = None
) -> Sign:
    """Decide who wrote a mail.

    :param own_names: the mail domains and addresses of this installation, to know mail of our own that came back.
    :param envelope_sender: what the mail server gave; empty for the null sender. Return-Path is read without it.
    """
    mail = _read(headers, own_names, envelope_sender)
    for rule in _SURE:
        if sign := rule(mail):
            return sign
    if mail.first("auto-submitted").partition(";")[0].partition("(")[0].strip() == "no":
        return Sign(Writer.HUMAN, "auto-submitted")
    for rule in _LIKELY:
        if sign := rule(mail):
            return sign
    return Sign(Writer.HUMAN, "")


def _read(headers: Headers, own_names: Collection[str], envelope_sender: str | None) -> _Mail:
    found: dict[str, list[str]] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        found.setdefault(name.lower(), []).append(value)
    if envelope_sender is not None:
        found["return-path"] = [f"<{envelope_sender.strip('<> ')}>"]
    return _Mail(found, frozenset(name.lower() for name in own_names))


def _report(mail: _Mail) -> Sign | None:
    """A delivery report (RFC 3464), a receipt (RFC 8098), or another multipart/report."""
    kind = mail.first("content-type")
    if not kind.startswith("multipart/report"):
        return None
    other = "report-type" in kind and not any(
        word in kind for word in ("delivery-status", "disposition-notification")
    )
    return Sign(Writer.HARD if other else Writer.BOUNCE, "content-type")


def _own(mail: _Mail) -> Sign | None:
    """Mail of our own that came back, and mail that another machine marks against loops."""
    ours = mail.first("message-id").strip("<>").rpartition("@")[2] in mail.own
    if ours and "x-nocturne-ticket" in mail.headers:
        return Sign(Writer.HARD, "own")
    return Sign(Writer.HARD, "x-loop") if "x-loop" in mail.headers else None


def _null_sender(mail: _Mail) -> Sign | None:
    if "return-path" not in mail.headers:
        return None
    path = mail.first("return-path").strip("<> ")
    return Sign(Writer.HARD, "return-path") if not path or path.partition("@")[0] == "mailer-daemon" else None


def _submitted(mail: _Mail) -> Sign | None:
    """RFC 3834: everything but `no` is automatic."""
    word = mail.first("auto-submitted").partition(";")[0].partition("(")[0].strip()
    if word in ("", "no"):
        return None
    return Sign(Writer.HARD if word in ("auto-generated", "auto-notified") else Writer.SOFT, "auto-submitted")


def _robot(mail: _Mail) -> Sign | None:
    local = _sender(mail).partition("@")[0]
    return Sign(Writer.HARD, "from") if local in _ROBOTS else None


def _auto_reply_precedence(mail: _Mail) -> Sign | None:
    return Sign(Writer.HARD, "precedence") if mail.first("precedence") == "auto_reply" else None


def _list(mail: _Mail) -> Sign | None:
    name = next((each for each in _LIST_HEADERS if each in mail.headers), None)
    return Sign(Writer.LIST, name) if name else None


def _precedence(mail: _Mail) -> Sign | None:
    return Sign(Writer.SOFT, "precedence") if mail.first("precedence") in ("bulk", "list", "junk") else None


def _suppressed(mail: _Mail) -> Sign | None:
    """The sender asks not to be answered automatically."""
    asked = mail.words("x-auto-response-suppress") & {"all", "dr", "oof", "autoreply"}
    return Sign(Writer.SOFT, "x-auto-response-suppress") if asked else None


def _auto_replied(mail: _Mail) -> Sign | None:
    name = next((each for each in _AUTO_REPLY_HEADERS if mail.first(each) not in ("", "no", "false")), None)
    return Sign(Writer.SOFT, name) if name else None


def _no_reply(mail: _Mail) -> Sign | None:
    local = _sender(mail).partition("@")[0]
    return Sign(Writer.SOFT, "from") if any(word in local for word in _NO_REPLY) else None


def _absence(mail: _Mail) -> Sign | None:
    """Some absence notes can be known by their subject alone."""
    subject = parse_subject(mail.first("subject")[:300]).bare.strip("[]( ")
    return Sign(Writer.SOFT, "subject") if subject.startswith(_ABSENCE) else None


def _sender(mail: _Mail) -> str:
    """Give the address in From: what stands in brackets, or all of it."""
    value = mail.first("from")[:1000]
    return value.rpartition("<")[2].partition(">")[0].strip()


_Rule = Callable[[_Mail], Sign | None]
_SURE: tuple[_Rule, ...] = (_report, _own, _null_sender, _submitted, _robot, _auto_reply_precedence, _list)
_LIKELY: tuple[_Rule, ...] = (_precedence, _suppressed, _auto_replied, _no_reply, _absence)
