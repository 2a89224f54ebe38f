"""Whom a change is about: who would hold a clearance, and who could read what a queue or a field keeps."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nocturne.core.configuration import Configuration, Document, Documents
from nocturne.core.configuration.classes import reach
from nocturne.core.configuration.clearances import Clearance
from nocturne.core.configuration.whole import read
from nocturne.store.models import User

MOST_NAMES = 12


def follows(document: Document, documents: Documents) -> list[str]:
    """Say in a sentence for whom a document would hold, were these the documents."""
    kind, name = document
    found, _wrongs = read(documents)
    if kind == "clearance" and name in found.clearances:
        return _holders(found, found.clearances[name])
    if kind == "queue" and name in found.queues and found.queues[name].data_class != "public":
        return [_readers(found, found.queues[name].data_class)]
    if kind == "field" and name in found.fields and found.fields[name].data_class:
        return [_readers(found, found.fields[name].data_class)]
    return []


def _holders(found: Configuration, clearance: Clearance) -> list[str]:
    if not clearance.group:
        return []
    groups = [each for each in found.groups if clearance.group in found.groups_over([each])]
    people = User.objects.filter(is_active=True, groups__name__in=groups).order_by("name").distinct()
    names = list(people.values_list("name", flat=True)[: MOST_NAMES + 1])
    if not names:
        return [
            _("Nobody is in %(group)s yet: it will hold for whoever comes into it.")
            % {"group": clearance.group}
        ]
    count = people.count()
    words = ngettext(
        "It holds for %(count)s account: %(names)s.", "It holds for %(count)s accounts: %(names)s.", count
    )
    shown = ", ".join(names[:MOST_NAMES]) + (" …" if count > MOST_NAMES else "")
    return [words % {"count": count, "names": shown}]


def _readers(found: Configuration, word: str) -> str:
    local = {each.name: each.number for each in found.classes.values()}
    number = max(reach([word], local, ""))
    cleared = [each for each in found.clearances.values() if number in reach(each.sees, local, "")]
    names = sorted({each.group or each.party for each in cleared})
    if not names:
        return _("Nobody is cleared for %(word)s yet: give somebody a clearance for it.") % {"word": word}
    return _("Who is cleared for %(word)s reads it: %(names)s.") % {"word": word, "names": ", ".join(names)}
