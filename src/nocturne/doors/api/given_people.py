"""What programs may send about people: accounts, groups, tokens, ways to reach somebody, who speaks for what."""

from __future__ import annotations

from typing import Annotated

from ninja import Path
from pydantic import Field, StringConstraints

from nocturne.doors.api.given import Given, Line

AccountName = Annotated[
    str, Path(min_length=1, max_length=60, pattern=r"^[\w.@-]+$", description="An account's sign-on name.")
]
GroupName = Annotated[
    str, Path(min_length=1, max_length=40, pattern="^[a-z0-9_-]+$", description="A group's name.")
]
Mark = Annotated[
    str, Path(min_length=1, max_length=40, pattern="^[A-Za-z0-9_-]+$", description="A browser's mark.")
]
TokenNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="A token's number.")]
WayNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="The number of a way to reach somebody.")]
LineNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="The number of a line of the list.")]
Short = Annotated[Line, StringConstraints(max_length=254)]
Password = Annotated[str, StringConstraints(max_length=1000)]
Names = Annotated[list[Short], Field(max_length=500)]


class AboutMe(Given):
    """What one may change about one's own account."""

    zone: Short | None = Field(None, description="A time zone by its name, such as Europe/Paris.")
    language: Short | None = None
    keys: Short | None = Field(None, description="How the console's keys are had: bare, alt or off.")


class OwnPassword(Given):
    """One's present password, and the next."""

    old: Password
    new: Password


class TokenAsked(Given):
    """A token to be made. It is given once, in the answer, and kept nowhere; so a repeat makes another one."""

    label: Short = Field(description="What uses it.")
    scope: Short = Field("write", description="read, write (and read), or admin (and both).")
    days: Annotated[int, Field(ge=0, le=36_500)] | None = Field(
        None, description="After how many days it ends; 0 for never, if the house allows that."
    )
    queues: Names | None = Field(None, description="The only queues whose tickets it reaches.")


class WayGiven(Given):
    """A way to reach somebody."""

    kind: Short = Field(description="mail, phone, pager or chat.")
    value: Short = Field(description="The address, or the number with its country.")
    label: Short = ""
    for_notices: bool = Field(False, description="Notices go to this mail address, once it is verified.")


class NoticesChosen(Given):
    """When somebody is told of what."""

    told: dict[Short, Short] = Field(
        default_factory=dict,
        description="Purpose (owner, asked, update) to now, daily or never.",
        max_length=20,
    )
    quiet: Annotated[list[Short], Field(min_length=2, max_length=2)] | None = Field(
        None,
        description="From and until when, in their own zone, nothing is mailed: 22:00, 06:30; null for never.",
    )


class AccountGiven(Given):
    """An account to be made."""

    name: Short
    groups: Names = Field(default_factory=list)
    email: Short = ""
    full_name: Short = ""
    zone: Short = "UTC"
    language: Short = "en"
    contact: Short = Field("", description="The mail address of the contact they are.")
    is_service: bool = Field(False, description="A machine's: it has no password, only tokens.")
    password: Password | None = None


class AccountChanges(Given):
    """What is changed of an account."""

    full_name: Short | None = None
    email: Short | None = None
    zone: Short | None = None
    language: Short | None = None
    contact: Short | None = Field(
        None, description="The mail address of the contact they are; empty for none."
    )


class PasswordGiven(Given):
    """A new password for an account."""

    password: Password
    must_change: bool = Field(False, description="They are led to choose another before anything else.")


class GroupsGiven(Given):
    """The groups that an account is in."""

    groups: Names


class GroupGiven(Given):
    """A group to be made."""

    name: Short
    title: Short = ""
    includes: Names = Field(default_factory=list, description="Groups whose members are its members too.")


class GroupChanges(Given):
    """What is changed of a group."""

    title: Short | None = None
    includes: Names | None = None


class SpeakerGiven(Given):
    """Somebody who speaks for a network, a site or a machine: an account, or the contact of a mail address."""

    kind: Short = Field(description="network, site or machine.")
    name: Short = Field(description="Its name in the inventory.")
    account: Short = ""
    contact: Short = ""
