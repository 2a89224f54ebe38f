"""Who may sign on, as administrators decide: accounts disabled and enabled, passwords, browsers signed off."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, WrongState
from nocturne.desk import accounts, administering, clock, feeds, links, people
from nocturne.store.db import writing
from nocturne.store.models import DeviceCode, DisplayToken, PasswordReset, Session, Token, User


def disable(name: str, *, by: Actor, door: Door) -> User:
    """Let an account sign on no more, and end at once all that it is signed on with: browsers, tokens, codes, links.

    :raises WrongState: it is disabled already, or nobody would be left to administer.
    :raises Forbidden: the account may more than its administrator.
    """
    with writing():
        user = people.find(name)
        administering.demand_over(by, user)
        if not user.is_active:
            raise WrongState("disabled_already", name=user.name)
        with administering.somebody_stays(user.name):
            User.objects.filter(pk=user.pk).update(is_active=False)
        ended = _end_everything(user)
        people.note("account_disabled", by, door, user, facts=ended)
    return user


def enable(name: str, *, by: Actor, door: Door) -> User:
    """Let a disabled account sign on again. Its tokens stay worthless: whoever needs one makes a new one.

    :raises WrongState: it is not disabled.
    :raises Forbidden: the account may more than its administrator.
    """
    with writing():
        user = people.find(name)
        administering.demand_over(by, user)
        if user.is_active:
            raise WrongState("not_disabled", name=user.name)
        User.objects.filter(pk=user.pk).update(is_active=True)
        people.note("account_enabled", by, door, user)
    return user


def set_password(name: str, password: str, *, by: Actor, door: Door, must_change: bool = False) -> User:
    """Give an account a new password; every browser signed on with the old one must sign on again.

    :param must_change: its owner is led to choose another before anything else.
    :raises Invalid: the password is too weak, or the account is a machine's.
    :raises Forbidden: the account may more than its administrator.
    """
    user = people.find(name)
    administering.demand_over(by, user)
    if user.is_service:
        raise Invalid("service_has_no_password", field="password", given=user.name)
    hashed = accounts.new_password(user, password)
    with writing():
        User.objects.filter(pk=user.pk).update(password=hashed, must_change_password=must_change)
        Session.objects.filter(user=user).delete()
        people.note("password_set", by, door, user, facts={"must_change": must_change})
    return user


def demand_new_password(name: str, *, by: Actor, door: Door) -> User:
    """Let the owner of an account choose another password before anything else; their browsers stay signed on.

    :raises Invalid: the account has no password that is kept here.
    :raises Forbidden: the account may more than its administrator.
    """
    user = people.find(name)
    administering.demand_over(by, user)
    if not user.has_usable_password():
        raise Invalid("no_password_here", field="name", given=user.name)
    with writing():
        User.objects.filter(pk=user.pk).update(must_change_password=True)
        people.note("password_change_demanded", by, door, user)
    return user


def take_password_away(name: str, *, by: Actor, door: Door) -> User:
    """Leave an account without a password: it signs on by tokens, or by whoever vouches for it, alone.

    :raises Forbidden: the account may more than its administrator.
    """
    user = people.find(name)
    administering.demand_over(by, user)
    with writing():
        User.objects.filter(pk=user.pk).update(password=make_password(None), must_change_password=False)
        Session.objects.filter(user=user).delete()
        people.note("password_taken_away", by, door, user)
    return user


def end_sessions(name: str, *, by: Actor, door: Door) -> int:
    """Sign all of an account's browsers off, and say how many there were.

    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    with writing():
        user = people.find(name)
        ended = Session.objects.filter(user=user).delete()[0]
        people.note("sessions_ended", by, door, user, facts={"sessions": ended})
    return ended


def _end_everything(user: User) -> dict[str, int]:
    """End what an account is signed on with, and say how much that was."""
    sessions = Session.objects.filter(user=user).delete()[0]
    ended = Token.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    DeviceCode.objects.filter(user=user).delete()
    DisplayToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    feeds.revoke_of(user.pk)
    PasswordReset.objects.filter(user=user, used_at=None).update(used_at=clock.now())
    if user.contact_id is not None:
        links.make_worthless(contact=user.contact_id)
    return {"sessions": sessions, "tokens": ended}
