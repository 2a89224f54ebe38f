"""What the words of configuration files are called on the settings' pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nocturne.doors.web import acts
from nocturne.doors.web.fields import Words

FIELD_KINDS: Mapping[str, Words] = {
    "text": pgettext_lazy("kind of field", "text"),
    "long text": pgettext_lazy("kind of field", "long text"),
    "choice": pgettext_lazy("kind of field", "choice"),
    "number": pgettext_lazy("kind of field", "number"),
    "yes or no": pgettext_lazy("kind of field", "yes or no"),
    "date": pgettext_lazy("kind of field", "date"),
    "time": pgettext_lazy("kind of field", "time"),
    "duration": pgettext_lazy("kind of field", "duration"),
    "person": pgettext_lazy("kind of field", "person"),
    "contact": pgettext_lazy("kind of field", "contact"),
    "machine": pgettext_lazy("kind of field", "machine"),
    "circuit": pgettext_lazy("kind of field", "circuit"),
    "site": pgettext_lazy("kind of field", "site"),
    "network": pgettext_lazy("kind of field", "network"),
    "ip address": pgettext_lazy("kind of field", "IP address"),
    "ip prefix": pgettext_lazy("kind of field", "IP prefix"),
    "mac address": pgettext_lazy("kind of field", "MAC address"),
    "as number": pgettext_lazy("kind of field", "AS number"),
    "phone": pgettext_lazy("kind of field", "phone"),
    "mail address": pgettext_lazy("kind of field", "mail address"),
    "url": pgettext_lazy("kind of field", "address of a page"),
    "ticket": pgettext_lazy("kind of field", "ticket"),
}
TYPES: Mapping[str, Words] = {
    "complaint": _("Complaint"),
    "request": _("Request"),
    "trouble": _("Trouble"),
    "planned": _("Planned work"),
    "engineering": _("Engineering"),
    "meta": _("Meta"),
}
MEANINGS: Mapping[str, Words] = {
    "new": _("new"),
    "open": _("open"),
    "waiting": _("waiting"),
    "resolved": _("resolved"),
    "closed": _("closed"),
    "rejected": _("rejected"),
}
CLOCKS: Mapping[str, Words] = {
    "noc": _("NOC"),
    "customer": _("Customer"),
    "vendor": _("Vendor"),
    "scheduled": _("Scheduled"),
    "stopped": _("Stopped"),
}
PARTIES: Mapping[str, Words] = {
    "reporter": _("whoever reported it"),
    "owner": _("whoever owns it"),
    "watcher": _("whoever watches it"),
    "expert": _("its experts"),
    "representative": _("whoever speaks for its network, site or machines"),
    "anybody": _("anybody, signed on or not"),
}
ACTS: Mapping[str, Words] = {act.kind.value: act.title for act in reversed(acts.ALL)} | {
    "suspended": _("Wait")
}
WAYS: Mapping[str, Words] = {"mail": _("mail"), "phone": _("phone"), "pager": _("pager"), "chat": _("chat")}
"""How somebody is reached."""
PLACES: Mapping[str, Words] = {"network": _("network"), "site": _("site"), "machine": _("machine")}
"""What somebody speaks for."""
