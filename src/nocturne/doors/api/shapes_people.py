"""What answers about people look like, for the reference and for the test that holds them to it."""

from __future__ import annotations

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class TokenRow(Shape):
    """A token; never what it is signed on with."""

    number: int
    owner: str
    label: str
    scopes: list[str]
    queues: list[str] | None = Field(description="The only queues it reaches; null for all of its owner's.")
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None


class Tokens(Shape):
    tokens: list[TokenRow]


class TokenMade(Shape):
    """A token that was made: what it is signed on with stands here this once."""

    number: int
    token: str
    expires_at: str | None


class BrowserRow(Shape):
    mark: str
    agent: str
    address: str
    created_at: str
    seen_at: str
    expires_at: str
    is_this: bool


class Browsers(Shape):
    sessions: list[BrowserRow]


class WayRow(Shape):
    number: int
    kind: str
    value: str
    label: str
    for_notices: bool
    verified_at: str | None


class Ways(Shape):
    ways: list[WayRow]


class Notices(Shape):
    """When somebody is told of what."""

    told: dict[str, str]
    quiet: list[str] | None


class AccountRow(Shape):
    """An account as administrators see it."""

    name: str
    full_name: str
    email: str
    groups: list[str]
    contact: str
    zone: str
    language: str
    is_active: bool
    is_service: bool
    has_password: bool
    must_change_password: bool
    last_sign_on: str | None


class Accounts(Shape):
    accounts: list[AccountRow]


class Ended(Shape):
    ended: int


class GroupRow(Shape):
    name: str
    title: str
    help: str
    members: list[str]
    includes: list[str]
    part_of: list[str]
    is_built_in: bool


class Groups(Shape):
    groups: list[GroupRow]


class SpeakerRow(Shape):
    number: int
    account: str
    contact: str
    kind: str
    name: str
    since: str


class Speakers(Shape):
    representatives: list[SpeakerRow]


class Me(Shape):
    name: str
    full_name: str
    email: str
    zone: str
    language: str
    keys: str = Field(description="How the console's keys are had: bare, alt or off.")
    groups: list[str]
    scopes: list[str]
    speaks_for: list[dict[str, str]] = Field(description="Networks, sites and machines, by kind and name.")
    rights: list[str]
    reads: str
    organisation: str
    web_url: str
    version: str


class Person(Shape):
    name: str
    full_name: str
    email: str
    groups: list[str]


class People(Shape):
    people: list[Person]
    after: str | None


class Code(Shape):
    secret: str
    code: str
    confirm_url: str
    expires_in: int
    interval: int


class TokenShape(Shape):
    state: str
    token: str | None = None
    name: str | None = None
