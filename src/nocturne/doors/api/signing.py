"""How accounts sign on, for whoever administers people: who vouches for them, and lost second factors."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Field, Path, Router

from nocturne.desk import people, vouchers
from nocturne.desk.administering import PEOPLE
from nocturne.doors.api.administration import NOTHING, done
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.given import Given
from nocturne.doors.api.given_people import AccountName
from nocturne.doors.api.own import by
from nocturne.doors.api.shapes import Shape

router = Router(tags=["people"])

ProviderName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=30,
        pattern=r"^[a-z][a-z0-9-]*$",
        description="Its id in the options, or ldap.",
    ),
]


class Person(Given):
    """Who is linked, as the provider or the directory names them."""

    subject: str = Field(
        max_length=190, description="The subject (OpenID Connect), or the DN or its like (LDAP)."
    )


class SigningRow(Shape):
    """One account, and one of those who vouch for it."""

    name: str
    provider: str
    subject: str
    may_locally: bool
    has_factor: bool


class Signing(Shape):
    accounts: list[SigningRow]


@router.get("/signing", auth=Needs(PEOPLE), response=Signing)
def list_signing(request: Request) -> HttpResponse:
    """List who vouches for each account, who may sign on with a password here, and who has a second factor."""
    return answer({"accounts": [vars(each) for each in vouchers.everyone()]}, actor=request.auth)


@router.put("/accounts/{name}/vouchers/{provider}", auth=Needs(PEOPLE), response=NOTHING)
def link_account(request: Request, name: AccountName, provider: ProviderName, given: Person) -> HttpResponse:
    """Let a person of a provider, or of the directory (ldap), sign on as this account."""
    vouchers.link(people.find(name), provider, given.subject, **by(request))
    return done()


@router.delete("/accounts/{name}/vouchers/{provider}", auth=Needs(PEOPLE), response=NOTHING)
def unlink_account(request: Request, name: AccountName, provider: ProviderName) -> HttpResponse:
    """Let nobody sign on as this account by the provider any more."""
    vouchers.unlink(people.find(name), provider, **by(request))
    return done()


@router.put("/accounts/{name}/local-sign-on", auth=Needs(PEOPLE), response=NOTHING)
def allow_local(request: Request, name: AccountName) -> HttpResponse:
    """Let an account sign on with its password here and a second factor, though somebody outside vouches for it."""
    vouchers.allow_local(people.find(name), allowed=True, **by(request))
    return done()


@router.delete("/accounts/{name}/local-sign-on", auth=Needs(PEOPLE), response=NOTHING)
def end_local(request: Request, name: AccountName) -> HttpResponse:
    """Let it do so no longer."""
    vouchers.allow_local(people.find(name), allowed=False, **by(request))
    return done()


@router.delete("/accounts/{name}/factors", auth=Needs(PEOPLE), response=NOTHING)
def take_factors(request: Request, name: AccountName) -> HttpResponse:
    """Take away the second factors of somebody who has lost them all; their browsers are signed off."""
    vouchers.take_factors(people.find(name), **by(request))
    return done()
