"""What answers look like, for the reference and for the test that holds them to it.

Answers are not built from these: they are made of plain values and written as JSON at once.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object in an answer. Keys the reader may not see are left out."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Summary(Shape):
    """A ticket's header."""

    number: int
    web_url: str
    asked: int | None = Field(
        None, description="The number that was asked for, where it was merged into this one."
    )
    subject: str
    type: str
    state: str
    state_title: str = Field(description="What people see for the state.")
    type_title: str = Field(description="What people see for the type.")
    meaning: str = Field(description="What the state stands for, whatever a site calls it.")
    clock: str | None = Field(None, description="Whose time runs: noc, customer, vendor, scheduled, stopped.")
    next_action: str | None = None
    queue: str
    severity: int
    priority: int | None = None
    owner: str | None = None
    opened_by: str | None = None
    reporter: dict[str, str | None] | None = None
    dispatched_to: str | None = None
    referred_to: str | None = None
    escalated_to: str | None = None
    network: str | None = None
    site: str | None = None
    circuit: str | None = None
    vendor: str | None = None
    vendor_reference: str | None = None
    user_address: str | None = None
    destination_address: str | None = None
    alarm_at: str | None = None
    alarm_text: str | None = None
    alarm_says: str | None = Field(None, description="The timer in UTC and in the reader's zone.")
    ringing_since: str | None = None
    started_at: str | None = None
    detected_at: str | None = None
    reported_at: str | None = None
    opened_at: str
    restored_at: str | None = None
    resolved_at: str | None = None
    closed_at: str | None = None
    planned_start: str | None = None
    planned_end: str | None = None
    resolution: str | None = None
    key_component: str | None = None
    cause: str | None = None
    checked_by: str | None = None
    checked_at: str | None = None
    self_checked: bool | None = None
    check_marks: str | None = None
    objected: bool | None = None
    worked: int | None = Field(None, description="Time worked, in seconds.")
    parent: int | None = None
    merged_into: int | None = None
    touched_at: str
    version: str = Field(description="What the reader has seen; If-Match takes it.")


class OutageShape(Shape):
    key: str
    start: str
    end: str | None
    effect: str


class AffectedShape(Shape):
    key: str
    kind: str
    name: str
    effect: str
    from_: str | None = Field(alias="from")
    to: str | None


class Watcher(Shape):
    key: str
    name: str
    email: str


class RelationShape(Shape):
    """A pointer to or from another ticket; one that the reader may not know of has only its number."""

    kind: str
    number: int
    restricted: bool
    subject: str | None = None
    state: str | None = None
    state_title: str | None = None
    meaning: str | None = None
    type: str | None = None
    type_title: str | None = None
    owner: str | None = None
    web_url: str | None = None


class ClockShape(Shape):
    clock: str
    start: str
    end: str | None


class Ticket(Summary):
    """A ticket with all its facts."""

    machines: list[str]
    outages: list[OutageShape]
    affected: list[AffectedShape] | None = None
    affected_count: int | None = Field(
        None, description="How many customers, sites and services it hits now."
    )
    raised: int | None = Field(
        None, description="As many where that puts it before others of its priority and severity; else 0."
    )
    watchers: list[Watcher] | None = None
    relations: list[RelationShape] | None = None
    absorbed: list[int] | None = None
    tags: list[str] | None = None
    clocks: list[ClockShape] | None = None
    clock_seconds: dict[str, int] | None = None
    fields: dict[str, Any] | None = Field(
        None, description="The site’s own fields that are filled, by name; `/fields` says what each is."
    )


class Row(Shape):
    """A ticket in a list."""

    model_config = ConfigDict(extra="allow")

    number: int
    web_url: str
    subject: str
    type: str
    type_title: str
    state: str
    state_title: str
    meaning: str
    severity: int
    queue: str
    opened_at: str
    machines: list[str]
    is_merged: bool | None = Field(None, description="Whether it went on as part of another ticket.")
    affected_count: int | None = Field(
        None, description="How many customers, sites and services it hits now."
    )
    raised: int | None = Field(
        None, description="As many where that puts it before others of its priority and severity; else 0."
    )
    clock: str | None = None
    next_action: str | None = None
    priority: int | None = None
    owner: str | None = None
    alarm_at: str | None = None
    alarm_text: str | None = None


class Counted(Shape):
    """How many tickets a query finds."""

    count: int
    is_exact: bool


class Doubt(Shape):
    """A piece of a question that nothing can fit, and what may be meant."""

    position: int
    key: str
    given: str
    near: str | None = Field(description="A name on a list that looks like it, or how it would be found.")
    reason: str = Field(
        description="unknown_name: on no list; no_word: without letter or digit; quoted_star: a star in quotation "
        "marks; written_otherwise: an identifier that may be written in another way."
    )


class Meant(Shape):
    """A bare word that is something's name, or a ticket's number."""

    position: int
    key: str = Field(description="machine, circuit, site, vendor, network, person or number.")
    given: str
    otherwise: str = Field(
        description="How only that thing's tickets are asked for; a number, as a word of texts."
    )


class Tickets(Shape):
    tickets: list[Row]
    after: str | None = Field(description="Give it as `after` to get the next page; null at the end.")
    group: str | None = Field(None, description="By what they were asked to stand together.")
    looked_back_to: str | None = Field(
        None,
        description="Where the page is not full and there may be older tickets: how far was looked back.",
    )
    is_newest_only: bool = Field(
        False, description="Only the newest of what was found has been put in order."
    )
    is_index_building: bool = Field(
        False, description="What is asked of is still being indexed: not all old tickets are found yet."
    )
    index_built: int = Field(
        100, description="How much of the index there is, in percent, from the newest ticket back."
    )
    doubts: list[Doubt] = Field(
        default_factory=list,
        description="Where nothing is found: names that nothing bears, and one that is near.",
    )
    meant: list[Meant] = Field(
        default_factory=list,
        description="Where nothing is found: what its bare words are, and how they are asked for otherwise.",
    )


class SimilarTickets(Shape):
    tickets: list[Row]


class Moment(Shape):
    at: str
    says: str = Field(description="In UTC and in the account's zone.")


class AlarmShape(Moment):
    text: str


class Warned(Shape):
    """What is not quite right with a value that was taken all the same."""

    field: str
    code: str
    detail: str


class Done(Shape):
    """What an act did."""

    number: int
    entry: str = Field(description="The new entry's address.")
    kind: str
    recorded_at: str
    web_url: str
    version: str
    ticket: Summary
    at: Moment | None = Field(None, description="When it happened, where that was said.")
    alarm: AlarmShape | None = Field(None, description="The timer that is set now.")
    warnings: list[Warned] | None = Field(
        None, description="What was taken although it does not look right, and where."
    )
    understood: list[list[str]] | None = Field(
        None, description="What a line was understood to say: key and value."
    )
