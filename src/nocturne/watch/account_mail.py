"""The lane for mail about accounts themselves: links for a new password. Each is written when it leaves, not before."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import translation
from django.utils.translation import gettext as _

from nocturne.core.mailthread import clean_header
from nocturne.couriers import mail
from nocturne.desk import clock, correspondence, reset, setup
from nocturne.store.db import writing
from nocturne.store.models import PasswordReset, User
from nocturne.watch import lanes

LEASE = timedelta(seconds=20)
TRIES = 8
FIRST_WAIT = timedelta(seconds=5)
PAUSE = 10.0

log = logging.getLogger("nocturne.watch")


def turn() -> float:
    """This will answer one request for a new password.

    :return: how many seconds the lane may rest.
    """
    request = _claim()
    if request is None:
        waiting = PasswordReset.objects.filter(state="waiting").order_by("run_at")
        return lanes.rest_until(waiting.values_list("run_at", flat=True).first(), most=PAUSE)
    user = reset.account_of(request.asked)
    if user is None:
        _settle(request, "nobody")
        return 0.0
    try:
        message = write(user, reset.make(request, user))
        mail.carry(message, sender="", to=user.email)
    except (mail.Refused, ValueError, MessageError) as problem:
        log.warning("the mail for a new password of account %s cannot be sent: %s", user.pk, problem)
        _settle(request, "failed")
    except mail.Postponed as delay:
        log.warning("the mail for a new password of account %s has to wait: %s", user.pk, delay)
        if request.attempts >= TRIES:
            _settle(request, "failed")
    else:
        _settle(request, "sent")
    return 0.0


def _claim() -> PasswordReset | None:
    """Take a request in hand: the attempt is counted, and whoever dies over it leaves it to be tried again."""
    now = clock.now()
    due = PasswordReset.objects.filter(state="waiting", run_at__lte=now).order_by("run_at", "pk")
    if not due.values_list("pk", flat=True)[:1]:
        return None
    with writing():
        request = due.select_for_update().first()
        if request is None:
            return None
        request.attempts += 1
        request.run_at = now + max(LEASE, FIRST_WAIT * 2**request.attempts)
        request.save(update_fields=["attempts", "run_at"])
    return request


def _settle(request: PasswordReset, state: str) -> None:
    with writing():
        PasswordReset.objects.filter(pk=request.pk).update(state=state)


def write(user: User, plain: str) -> EmailMessage:
    """This will write the mail. The link is built from the configured address, never from what a request said.

    :raises ValueError: the account's address cannot be written to.
    """
    here = setup.installation()
    ours = here.correspond_address or f"noc@{correspondence.mail_host()}"
    facts = {
        "name": user.name,
        "link": f"{setup.base_url()}/sign-on/new-password/{plain}",
        "house": here.organisation or here.name,
    }
    message = EmailMessage()
    with translation.override(user.language):
        message["Subject"] = clean_header(_("A new password for %(name)s") % facts)
        text = _(
            "Somebody, probably you, has asked for a new password of the account %(name)s in Nocturne at %(house)s.\n"
            "\n"
            "Choose it here, within an hour:\n"
            "%(link)s\n"
            "\n"
            "If it was not you: nothing has changed, and nothing will as long as you do not open this address.\n"
        )
    message["From"] = Address(clean_header(here.organisation), addr_spec=ours)
    message["To"] = Address(clean_header(user.full_name or user.name), addr_spec=user.email)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=correspondence.mail_host())
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text % facts, charset="utf-8")
    return message
