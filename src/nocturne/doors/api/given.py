"""What programs may send: every key by name and kind. A key that is not here is refused by its name."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

HIGHEST = 2**63 - 1
DataClassWord = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
"""The name of a data class: public, customer, staff, restricted, or one that the site has added."""


def _flat(text: str) -> str:
    """Keep control characters out of names: no database and no page can do anything with them."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


Number = Annotated[
    int, Path(ge=1, le=HIGHEST, description="The ticket's number; one that was merged away leads on.")
]
Address = Annotated[
    str, Path(min_length=1, max_length=40, pattern="^[A-Za-z0-9]+$", description="An entry's address.")
]
Key = Annotated[
    str, Path(min_length=1, max_length=60, pattern="^[0-9A-Za-z_.-]+$", description="The key in its list.")
]
Line = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_flat)]
Text = Annotated[str, Field(description="Words, kept verbatim.")]
When = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(_flat),
    Field(
        description="A time: 2026-12-01T14:00Z, “2026-12-01 14:00” in your zone, “10 min ago”, “mon 08:00”."
    ),
]
Level = Annotated[int | str, Field(description="1 (the most) to 4 (the least).")]
Worked = Annotated[int | Line, Field(description="Time worked: seconds, or a text such as 45m or 1h30.")]
Effect = Annotated[Line, Field(description="down, degraded or redundancy lost.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class Given(BaseModel):
    """What every object sent here has in common: keys are known, kinds are right, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def sent(self, name: str) -> bool:
        """Tell whether a key was sent at all: null says something else than silence."""
        return name in self.model_fields_set


class AlarmGiven(Given):
    """A timer: when it goes off, and a short text."""

    at: When
    text: Line = ""


class Fields(Given):
    """Header fields that people set by hand. Null takes a value away."""

    subject: Line | None = None
    type: Line | None = None
    queue: Line | None = None
    severity: Level | None = None
    priority: Level | None = None
    network: Line | None = None
    site: Line | None = None
    circuit: Line | None = None
    vendor: Line | None = None
    vendor_reference: Line | None = None
    user_address: Line | None = None
    destination_address: Line | None = None
    started_at: When | None = None
    detected_at: When | None = None
    reported_at: When | None = None
    planned_start: When | None = None
    planned_end: When | None = None
    key_component: Line | None = None
    cause: Line | None = None
    dispatched_to: Line | None = None
    referred_to: Line | None = None
    escalated_to: Line | None = None
    check_marks: Line | None = None
    resolution: Line | None = None


LocalValue = str | int | float | bool | None | list[str | int | float | bool]
"""What a field of the site's own takes: one value, a list where it may have many, null to take it away."""
Local = Annotated[
    dict[Annotated[str, StringConstraints(max_length=40)], LocalValue],
    Field(
        description="The site’s own fields by name, such as {“cve”: “CVE-2026-1234”}; see `/fields`.",
        max_length=200,
    ),
]


class Along(Given):
    """What may come along with any act."""

    text: Text = ""
    data_class: DataClassWord | None = Field(None, description="Who may read the words.")
    at: When | None = Field(None, description="When it happened, if not now.")
    worked: Worked | None = None
    next_action: Line | None = Field(None, description="What has to happen next; null takes it away.")
    alarm: AlarmGiven | When | None = Field(
        None, description="The timer: “2h call again”, or an object; null takes it away."
    )


class AllFields(Fields):
    """Header fields, and the site's own beside them."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    __pydantic_extra__: dict[str, LocalValue]


class Act(Along):
    """An act that needs no more than what may come along with any."""

    fields: AllFields | None = None
    state: Line = Field("", description="The state it shall lead to, where the life cycle has several ways.")


class MoveGiven(Act):
    """The state it shall be in; its life cycle has a move there that no other act stands for."""

    state: Line = Field(description="The state's name or title.")


class Patch(Fields, Along):
    """Header fields to change, the whole new list of machines, and what may come along."""

    fields: Local | None = None
    machines: list[Line] | None = Field(None, max_length=200)


class ReporterGiven(Given):
    """Who reported the problem, as they gave themselves."""

    name: Line = ""
    organisation: Line = ""
    phone: Line = ""
    email: Line = ""


class OutageGiven(Given):
    """A span without service; without an end it still lasts."""

    start: When
    end: When | None = None
    effect: Effect = "down"


class AffectedGiven(Given):
    """Who is hit and how; `from` and `to` where it is not the whole problem."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    kind: Annotated[Line, Field(description="customer, site or service.")]
    name: Line
    effect: Effect = "down"
    start: When | None = Field(None, alias="from")
    end: When | None = Field(None, alias="to")


class OpeningGiven(Along):
    """A new ticket."""

    subject: Line
    queue: Line = ""
    type: Line = ""
    severity: Level | None = None
    priority: Level | None = None
    owner: Line = ""
    reporter: ReporterGiven | None = None
    network: Line = ""
    site: Line = ""
    circuit: Line = ""
    vendor: Line = ""
    machines: list[Line] = Field([], max_length=200)
    user_address: Line = ""
    destination_address: Line = ""
    started_at: When | None = None
    detected_at: When | None = None
    reported_at: When | None = None
    planned_start: When | None = None
    planned_end: When | None = None
    outages: list[OutageGiven] = Field([], max_length=50)
    affected: list[AffectedGiven] = Field([], max_length=200)
    cc: list[Line] = Field([], max_length=50)
    parent: int | None = Field(None, ge=1, le=HIGHEST)
    fields: Local | None = None


class EntryGiven(Act):
    """Words on a ticket: a note for the staff, a reply to the customer, or what came from outside."""

    kind: Literal["note", "reply", "received"] | None = Field(
        None, description="Usually a note; from whoever is not of the staff: received."
    )
    to: list[Line] | None = Field(
        None, max_length=200, description="Who gets the reply; everyone offered without it."
    )
    machines: list[Line] = Field([], max_length=200, description="Machines to add.")
    cc: list[Line] = Field([], max_length=50, description="Accounts or mail addresses to add as watchers.")
    tags: list[Line] = Field([], max_length=50, description="Tags to add.")


class OwnerGiven(Act):
    """The new owner."""

    owner: Line | None = Field(
        description="An account's name; “me” takes it; null puts it back into its queue."
    )


class ReferralGiven(Act):
    """To whom, under which number of theirs, and whose time runs."""

    to: Line
    reference: Line = ""
    clock: Line = Field("", description="vendor or customer; by itself what the state says, else vendor.")


class NamedGiven(Act):
    """Who it goes to."""

    to: Line


class SuspensionGiven(Act):
    """Whose time runs while it waits."""

    clock: Line = Field("", description="customer or vendor; by itself what the state says, else customer.")


class ResolutionGiven(Act):
    """RFC 1297's resolution data."""

    line: Line = Field(description="What happened, in one line; the reports are made of it.")
    key_component: Line = ""
    cause: Line = ""
    tell: bool = Field(True, description="Whether the reporter is told by mail.")


class ClosureGiven(Act):
    """The end."""

    over_open: bool = Field(
        False, description="Says that open tickets that hang on it are known and accepted."
    )


class RejectionGiven(Act):
    """Why it is turned away; nobody is mailed."""

    reason: Line


class RelationGiven(Act):
    """A pointer to another ticket."""

    kind: Line = Field(description="parent, depends_on or refers_to.")
    other: int = Field(ge=1, le=HIGHEST)


class MergeGiven(Act):
    """The ticket that survives."""

    into: int = Field(ge=1, le=HIGHEST)


class SplitGiven(Act):
    """The entries to copy, and what the new ticket is about."""

    subject: Line
    entries: list[Annotated[str, StringConstraints(max_length=40)]] = Field(min_length=1, max_length=200)


class TellingGiven(Act):
    """What every complainer is told."""

    text: Text


class AlarmSet(Given):
    """The timer, as one text or in parts."""

    when: When | None = Field(None, description="Time and text in one: “2h remind site”.")
    at: When | None = Field(None, description="When it goes off.")
    text: Line = Field("", description="A short text.")


class CorrectionGiven(Given):
    """How the entry should read."""

    text: Text


class RedactionGiven(Given):
    """Why the words are taken away for good."""

    reason: Line


class ClassGiven(Given):
    """For which readers the entry is."""

    data_class: DataClassWord


class LineGiven(Given):
    """One line, as it is typed on any page: `4711 called site; no answer next:"call again" timer:"2h remind site"`."""

    line: Line | None = Field(None, description="The line as typed.")
    words: list[Line] | None = Field(None, max_length=2000, description="Its words, as a shell split them.")
    text: Text = Field("", description="What came through a pipe: kept verbatim, never parsed.")
    at: When | None = Field(
        None,
        description="When the line was typed, if not now: it happened then, and its times count from then.",
    )
    act: Line | None = Field(None, description="What to do with it, where it is not an update.")


class CodeAsked(Given):
    """A command line that wants to sign on."""

    label: Line = "noc"


class SecretGiven(Given):
    """The secret that came with the code."""

    secret: Annotated[str, StringConstraints(max_length=200)]
