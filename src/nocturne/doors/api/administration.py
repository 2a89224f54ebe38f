"""The accounts, groups and representatives, for whoever administers people."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router

from nocturne.core.refusals import Invalid
from nocturne.desk import (
    admitting,
    browsers,
    groups,
    keyring,
    links,
    lookups,
    membership,
    people,
    representing,
    ways,
)
from nocturne.desk.administering import PEOPLE
from nocturne.doors.api import shapes_people as shapes
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.given import Given, Number
from nocturne.doors.api.given_people import (
    AccountChanges,
    AccountGiven,
    AccountName,
    GroupChanges,
    GroupGiven,
    GroupName,
    GroupsGiven,
    LineNumber,
    Mark,
    NoticesChosen,
    PasswordGiven,
    SpeakerGiven,
    TokenAsked,
    TokenNumber,
    WayGiven,
    WayNumber,
)
from nocturne.doors.api.own import (
    account_row,
    by,
    narrowed,
    notices_chosen,
    notices_row,
    token_row,
    way_added,
)

router = Router(tags=["people"])

Words = Annotated[str, Query(max_length=120, description="Part of a name or an address.")]
InGroup = Annotated[str, Query(max_length=40, description="Only those in this group.")]
NOTHING: Any = {204: None}


def done() -> HttpResponse:
    return HttpResponse(status=204)


# --- accounts --------------------------------------------------------------------------------------------------------


@router.get("/accounts", auth=Needs(PEOPLE), response=shapes.Accounts)
def list_accounts(request: Request, q: Words = "", group: InGroup = "") -> HttpResponse:
    """List the accounts, active or not, by name."""
    rows = [account_row(each) for each in people.everyone(words=q, group=group)]
    return answer({"accounts": rows}, actor=request.auth)


@router.post("/accounts", auth=Needs(PEOPLE), response={201: shapes.AccountRow})
def add_account(request: Request, given: AccountGiven) -> HttpResponse:
    """Make an account."""

    def do() -> dict[str, Any]:
        sent = given.model_dump(exclude={"contact"})
        made = people.add(**sent, represents=given.contact, **by(request))
        return account_row(people.person(made.name))

    return once(request, _without(given, "password"), do, status=201, content=bool(given.password))


def _without(given: Given, name: str) -> Given:
    """Keep a password out of what a repeat is compared with."""
    return given.model_copy(update={name: None})


@router.get("/accounts/{name}", auth=Needs(PEOPLE), response=shapes.AccountRow)
def show_account(request: Request, name: AccountName) -> HttpResponse:
    """Show one account."""
    return answer(account_row(people.person(name)), actor=request.auth)


@router.patch("/accounts/{name}", auth=Needs(PEOPLE), response=shapes.AccountRow)
def change_account(request: Request, name: AccountName, given: AccountChanges) -> HttpResponse:
    """Change an account's names, address, zone or language."""

    def do() -> dict[str, Any]:
        sent = {key: getattr(given, key) for key in given.model_fields_set}
        if "contact" in sent:
            sent["represents"] = sent.pop("contact")
        changes = {key: value for key, value in sent.items() if value is not None}
        return account_row(people.person(people.change(name, changes, **by(request)).name))

    return once(request, given, do)


@router.post("/accounts/{name}/disablement", auth=Needs(PEOPLE), response=shapes.AccountRow)
def disable_account(request: Request, name: AccountName) -> HttpResponse:
    """Let an account sign on no more, and end its browsers, tokens, codes and links now."""
    return once(
        request, None, lambda: account_row(people.person(admitting.disable(name, **by(request)).name))
    )


@router.delete("/accounts/{name}/disablement", auth=Needs(PEOPLE), response=shapes.AccountRow)
def enable_account(request: Request, name: AccountName) -> HttpResponse:
    """Let a disabled account sign on again; its tokens stay worthless."""
    return once(request, None, lambda: account_row(people.person(admitting.enable(name, **by(request)).name)))


@router.put("/accounts/{name}/password", auth=Needs(PEOPLE), response=NOTHING)
def set_password(request: Request, name: AccountName, given: PasswordGiven) -> HttpResponse:
    """Give an account a new password; its browsers are signed off."""
    admitting.set_password(name, given.password, must_change=given.must_change, **by(request))
    return done()


@router.delete("/accounts/{name}/password", auth=Needs(PEOPLE), response=NOTHING)
def take_password_away(request: Request, name: AccountName) -> HttpResponse:
    """Leave an account without a password of this house's."""
    admitting.take_password_away(name, **by(request))
    return done()


@router.post("/accounts/{name}/password/demand", auth=Needs(PEOPLE), response=NOTHING)
def demand_new_password(request: Request, name: AccountName) -> HttpResponse:
    """Let an account's owner choose a new password before anything else."""
    admitting.demand_new_password(name, **by(request))
    return done()


@router.put("/accounts/{name}/groups", auth=Needs(PEOPLE), response=shapes.AccountRow)
def set_groups(request: Request, name: AccountName, given: GroupsGiven) -> HttpResponse:
    """Say in which groups an account is. Nobody puts anybody into a group that gives what they do not hold."""

    def do() -> dict[str, Any]:
        return account_row(people.person(membership.set_groups(name, given.groups, **by(request)).name))

    return once(request, given, do)


@router.get("/accounts/{name}/tokens", auth=Needs(PEOPLE), response=shapes.Tokens)
def list_tokens(request: Request, name: AccountName) -> HttpResponse:
    """List an account's tokens, good or not."""
    return answer({"tokens": [token_row(each) for each in keyring.keys(name)]}, actor=request.auth)


@router.post("/accounts/{name}/tokens", auth=Needs(PEOPLE), response={201: shapes.TokenMade})
def make_token(request: Request, name: AccountName, given: TokenAsked) -> HttpResponse:
    """Make a token for an account: how a machine's account signs on."""
    token, plain = keyring.make_token(name, given.label, **narrowed(given), **by(request))
    said = {"number": token.pk, "token": plain, "expires_at": token.expires_at}
    return answer(said, status=201, actor=request.auth)


@router.delete("/tokens/{int:token}", auth=Needs(PEOPLE), response=NOTHING)
def revoke_any_token(request: Request, token: TokenNumber) -> HttpResponse:
    """Make a token useless, whoever owns it."""
    keyring.revoke(token, **by(request))
    return done()


@router.get("/accounts/{name}/sessions", auth=Needs(PEOPLE), response=shapes.Browsers)
def list_sessions(request: Request, name: AccountName) -> HttpResponse:
    """List the browsers that an account is signed on with."""
    found = browsers.of(people.find(name))
    return answer({"sessions": [vars(each) for each in found]}, actor=request.auth)


@router.delete("/accounts/{name}/sessions", auth=Needs(PEOPLE), response=shapes.Ended)
def end_sessions(request: Request, name: AccountName) -> HttpResponse:
    """Sign all browsers of an account off."""
    return once(request, None, lambda: {"ended": admitting.end_sessions(name, **by(request))})


@router.delete("/accounts/{name}/sessions/{mark}", auth=Needs(PEOPLE), response=NOTHING)
def end_session(request: Request, name: AccountName, mark: Mark) -> HttpResponse:
    """Sign one browser of an account off."""
    browsers.end(people.find(name), mark, **by(request))
    return done()


@router.get("/accounts/{name}/ways", auth=Needs(PEOPLE), response=shapes.Ways)
def list_ways(request: Request, name: AccountName) -> HttpResponse:
    """List the ways to reach somebody."""
    return answer({"ways": [vars(each) for each in ways.of(people.find(name))]}, actor=request.auth)


@router.post("/accounts/{name}/ways", auth=Needs(PEOPLE), response={201: shapes.WayRow})
def add_way(request: Request, name: AccountName, given: WayGiven) -> HttpResponse:
    """Add a way to reach somebody; it counts as verified."""
    return once(request, given, lambda: way_added(request, people.find(name), given), status=201)


@router.delete("/accounts/{name}/ways/{int:way}", auth=Needs(PEOPLE), response=NOTHING)
def remove_way(request: Request, name: AccountName, way: WayNumber) -> HttpResponse:
    """Take a way to reach somebody away."""
    ways.remove(people.find(name), way, **by(request))
    return done()


@router.post("/accounts/{name}/ways/{int:way}/verification", auth=Needs(PEOPLE), response=shapes.WayRow)
def verify_way(request: Request, name: AccountName, way: WayNumber) -> HttpResponse:
    """Vouch for a way to reach somebody that they have entered themselves."""
    return once(request, None, lambda: vars(ways.verify(people.find(name), way, **by(request))))


@router.get("/accounts/{name}/notices", auth=Needs(PEOPLE), response=shapes.Notices)
def show_notices(request: Request, name: AccountName) -> HttpResponse:
    """Say when somebody is told of what."""
    return answer(notices_row(ways.choices(people.find(name))), actor=request.auth)


@router.put("/accounts/{name}/notices", auth=Needs(PEOPLE), response=shapes.Notices)
def choose_notices(request: Request, name: AccountName, given: NoticesChosen) -> HttpResponse:
    """Say when somebody is to be told of what."""
    return once(request, given, lambda: notices_chosen(request, people.find(name), given))


# --- groups ----------------------------------------------------------------------------------------------------------


@router.get("/groups", auth=Needs(PEOPLE), response=shapes.Groups)
def list_groups(request: Request) -> HttpResponse:
    """List the groups, who is in them, and which groups are part of them."""
    return answer({"groups": [vars(each) for each in groups.everyone()]}, actor=request.auth)


@router.post("/groups", auth=Needs(PEOPLE), response={201: shapes.GroupRow})
def add_group(request: Request, given: GroupGiven) -> HttpResponse:
    """Make a group. It gives nothing until a clearance names it."""

    def do() -> dict[str, Any]:
        return vars(groups.add(given.name, title=given.title, includes=given.includes, **by(request)))

    return once(request, given, do, status=201)


@router.patch("/groups/{group}", auth=Needs(PEOPLE), response=shapes.GroupRow)
def change_group(request: Request, group: GroupName, given: GroupChanges) -> HttpResponse:
    """Change a group's title, or which groups are part of it."""
    sent = {key: getattr(given, key) for key in given.model_fields_set if getattr(given, key) is not None}
    return once(request, given, lambda: vars(groups.change(group, sent, **by(request))))


@router.delete("/groups/{group}", auth=Needs(PEOPLE), response=NOTHING)
def remove_group(request: Request, group: GroupName) -> HttpResponse:
    """Take a group away that nobody is in and no clearance names."""
    groups.remove(group, **by(request))
    return done()


# --- who speaks for what, and links ----------------------------------------------------------------------------------


@router.get("/representatives", auth=Needs(PEOPLE), response=shapes.Speakers)
def list_representatives(
    request: Request, account: Annotated[str, Query(max_length=60, description="Only this account.")] = ""
) -> HttpResponse:
    """List who speaks for which network, site or machine."""
    rows = [vars(each) for each in representing.everyone(account=account)]
    return answer({"representatives": rows}, actor=request.auth)


@router.post("/representatives", auth=Needs(PEOPLE), response={201: shapes.SpeakerRow})
def name_representative(request: Request, given: SpeakerGiven) -> HttpResponse:
    """Name somebody who speaks for a network, site or machine: they see its tickets as a customer does."""

    def do() -> dict[str, Any]:
        made = representing.name(
            given.kind, given.name, account=given.account, contact=given.contact, **by(request)
        )
        return vars(made)

    return once(request, given, do, status=201)


@router.delete("/representatives/{int:line}", auth=Needs(PEOPLE), response=NOTHING)
def end_representative(request: Request, line: LineNumber) -> HttpResponse:
    """Let somebody speak for something no longer."""
    representing.end(line, **by(request))
    return done()


@router.delete("/tickets/{int:number}/links", auth=Needs("reply"), response=NOTHING)
def revoke_links(request: Request, number: Number) -> HttpResponse:
    """Make every link to a ticket worthless that was mailed so far."""
    links.revoke(ticket=number, **by(request))
    return done()


@router.delete("/links", auth=Needs(PEOPLE), response=NOTHING)
def revoke_links_of(
    request: Request, contact: Annotated[str, Query(max_length=254, description="A mail address.")] = ""
) -> HttpResponse:
    """Make every link of a contact worthless that was mailed so far."""
    if not contact:
        raise Invalid("missing_key", field="contact", given="contact")
    links.revoke(contact=lookups.known_contact(contact), **by(request))
    return done()
