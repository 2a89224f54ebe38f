"""The desk: every act on a ticket. It alone writes."""

from nocturne.desk.alarms import MACHINERY, acknowledge, ring
from nocturne.desk.ending import check, close, reject, reopen, resolve, restore
from nocturne.desk.facts import affected, outage
from nocturne.desk.keeping import correct, reclassify, redact, withdraw
from nocturne.desk.merging import merge, split, unmerge
from nocturne.desk.once import fingerprint, once
from nocturne.desk.opening import open  # noqa: A004
from nocturne.desk.questions import answer, answer_mine, ask, pin, take_back, unpin
from nocturne.desk.reception import close_silent, receive
from nocturne.desk.relations import answer_complaint, relate, tell, unrelate
from nocturne.desk.terms import CLEAR, NOTHING, Affected, Alarm, Extra, Opening, Outage, Reporter, Written
from nocturne.desk.work import (
    change,
    dispatch,
    escalate,
    give,
    move,
    refer,
    reply,
    resume,
    suspend,
    take,
    update,
)

__all__ = [
    "CLEAR",
    "MACHINERY",
    "NOTHING",
    "Affected",
    "Alarm",
    "Extra",
    "Opening",
    "Outage",
    "Reporter",
    "Written",
    "acknowledge",
    "affected",
    "answer",
    "answer_complaint",
    "answer_mine",
    "ask",
    "change",
    "check",
    "close",
    "close_silent",
    "correct",
    "dispatch",
    "escalate",
    "fingerprint",
    "give",
    "merge",
    "move",
    "once",
    "open",
    "outage",
    "pin",
    "receive",
    "reclassify",
    "redact",
    "refer",
    "reject",
    "relate",
    "reopen",
    "reply",
    "resolve",
    "restore",
    "resume",
    "ring",
    "split",
    "suspend",
    "take",
    "take_back",
    "tell",
    "unmerge",
    "unpin",
    "unrelate",
    "update",
    "withdraw",
]
