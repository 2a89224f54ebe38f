"""The tables, one module per noun."""

from nocturne.store.models.accounts import DeviceCode, Group, Session, Throttle, Token, User
from nocturne.store.models.batches import Batch, BatchItem
from nocturne.store.models.charts import Ticket
from nocturne.store.models.configuration import Audit, ConfigurationDocument, FieldUse
from nocturne.store.models.elements import (
    Affected,
    FieldValue,
    Outage,
    Party,
    Relation,
    TicketMachine,
)
from nocturne.store.models.entries import ArchiveManifest, Attachment, Entry, EntryText
from nocturne.store.models.follow import Draft, Follower, Heartbeat, Job, MailIn, Notice, Receipt
from nocturne.store.models.fulltext import FileText, TextIndex
from nocturne.store.models.inventory import Circuit, Contact, Machine, Network, Site, Vendor
from nocturne.store.models.live import Presence
from nocturne.store.models.outgoing import (
    Dashboard,
    Feed,
    FileSlot,
    HomePage,
    Subscription,
    SubscriptionMail,
    Unsubscribed,
)
from nocturne.store.models.past import ClockTotal, PastState, Turn
from nocturne.store.models.people import ContactWay, KeyChoice, LinkRevocation, NoticeChoice, Representative
from nocturne.store.models.shifts import HandoverPin, Question, ShiftNote, ShiftRedaction, Takeover
from nocturne.store.models.signon import DisplayToken, PasswordReset
from nocturne.store.models.sites import Installation, Queue
from nocturne.store.models.views import Pin, SavedView, SeenView

__all__ = [
    "Affected",
    "ArchiveManifest",
    "Attachment",
    "Audit",
    "Batch",
    "BatchItem",
    "Circuit",
    "ClockTotal",
    "ConfigurationDocument",
    "Contact",
    "ContactWay",
    "Dashboard",
    "DeviceCode",
    "DisplayToken",
    "Draft",
    "Entry",
    "EntryText",
    "Feed",
    "FieldUse",
    "FieldValue",
    "FileSlot",
    "FileText",
    "Follower",
    "Group",
    "HandoverPin",
    "Heartbeat",
    "HomePage",
    "Installation",
    "Job",
    "KeyChoice",
    "LinkRevocation",
    "Machine",
    "MailIn",
    "Network",
    "Notice",
    "NoticeChoice",
    "Outage",
    "Party",
    "PasswordReset",
    "PastState",
    "Pin",
    "Presence",
    "Question",
    "Queue",
    "Receipt",
    "Relation",
    "Representative",
    "SavedView",
    "SeenView",
    "Session",
    "ShiftNote",
    "ShiftRedaction",
    "Site",
    "Subscription",
    "SubscriptionMail",
    "Takeover",
    "TextIndex",
    "Throttle",
    "Ticket",
    "TicketMachine",
    "Token",
    "Turn",
    "Unsubscribed",
    "User",
    "Vendor",
]
