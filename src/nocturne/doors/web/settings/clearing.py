"""The two controls of a clearance: which classes of data may be read and written, and which rights go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nocturne.core.configuration.classes import LADDER
from nocturne.core.configuration.clearances import ADMINISTERING, OTHER, SUPERVISING, TAKING_AWAY, WORK
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings.controls import Control, Errors, Option, Place, Shown, as_list, told

VERBS: tuple[tuple[str, Words], ...] = (
    ("sees", _("reads")),
    ("appends", _("writes updates")),
    ("changes", _("changes fields")),
)
RUNGS: tuple[tuple[str, Words], ...] = (
    ("", _("nothing of it")),
    ("public", _("public")),
    ("customer", _("customer, and public")),
    ("staff", _("staff, and all before")),
    ("restricted", _("restricted, and all before")),
)


@dataclass(frozen=True)
class Classes(Control):
    """Per verb how far up the ladder it reaches, and which of the site's own classes."""

    form: ClassVar[str] = "classes"
    owns: ClassVar[Mapping[str, Words]] = dict(VERBS)

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:  # noqa: ARG002
        for verb, _label in VERBS:
            rung = given.get(f"{verb}-rung", "")
            own = [each for each in given.getlist(verb) if each]
            value = [*([rung] if rung else []), *own]
            before = as_list(body.get(verb))
            if (_highest(before), set(_beside(before))) == (rung, set(own)):
                continue
            body[verb] = value
            if not value:
                del body[verb]

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown({}, name, place, {})
        given = {verb: as_list(body.get(verb)) for verb, _ in VERBS}
        own = [*place.configuration.classes]
        own += sorted({each for words in given.values() for each in _beside(words) if each not in own})
        titles = {each.name: each.title or each.name for each in place.configuration.classes.values()}
        made.more = {
            "verbs": [label for _, label in VERBS],
            "ladder": [
                (verb, label, [(value, says, value == _highest(given[verb])) for value, says in RUNGS])
                for verb, label in VERBS
            ],
            "own": [
                (titles.get(each, each), [(verb, each, label, each in given[verb]) for verb, label in VERBS])
                for each in own
            ],
        }
        made.error = told(errors, *(verb for verb, _ in VERBS))
        return made


def _highest(words: list[str]) -> str:
    return max((each for each in words if each in LADDER), key=LADDER.__getitem__, default="")


def _beside(words: list[str]) -> list[str]:
    return [each for each in words if each not in LADDER]


BUNDLES: tuple[tuple[str, Words, Words, frozenset[str]], ...] = (
    ("work", _("Work on tickets"),
     _("Take, give, refer, wait, restore, resolve, close, merge, relate and all that a shift does; look into the "
       "inventory and find colleagues."), WORK),
    ("supervise", _("Supervise"),
     _("Check what others have resolved, and open an update to other readers."), SUPERVISING),
    ("redact", _("Redact"),
     _("Take words out of an update for good; a tombstone stays."), TAKING_AWAY),
    ("administer", _("Administer"),
     _("Change people, queues, the configuration, clearances and rules, and read the audit trail."), ADMINISTERING),
    ("", _("Besides"), _("What belongs to no bundle."), OTHER),
)  # fmt: skip
SAYS: dict[str, Words] = {
    "administer-people": _("accounts, groups, tokens"),
    "administer-queues": _("queues"),
    "administer-configuration": _("types, fields, life cycles, calendars, texts, the site"),
    "administer-clearances": _("clearances and data classes"),
    "administer-rules": _("rules"),
    "administer-audit": _("the audit trail"),
    "export": _("take lists and figures out as files"),
    "look-up": _("read the inventory"),
    "all-people": _("find accounts by name"),
    "checked": _("sign off what others resolved"),
    "reclassified": _("open an update to other readers"),
    "redacted": _("take words out of an update"),
}


@dataclass(frozen=True)
class Rights(Control):
    """Bundles of rights with a sentence each; whoever wants less than a bundle opens it."""

    form: ClassVar[str] = "rights"

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        value = [each for each in given.getlist(name) if each]
        before = as_list(body.get(self.key))
        if set(value) == set(before):
            return
        kept = [each for each in before if each in value]
        body[self.key] = kept + [each for each in value if each not in kept]
        if not value:
            del body[self.key]

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown({}, name, place, errors)
        chosen = set(as_list(body.get(self.key)))
        made.error = told(errors, self.key)
        made.more["bundles"] = [
            {
                "option": (Option(word, title, says), word in chosen),
                "rights": [
                    (Option(each, each, SAYS.get(each, "")), each in chosen) for each in sorted(rights)
                ],
                "is_open": not word or bool(rights & chosen),
            }
            for word, title, says, rights in BUNDLES
        ]
        known = {word for word, *_rest in BUNDLES}.union(*(rights for *_rest, rights in BUNDLES))
        made.more["strange"] = [Option(each, each) for each in sorted(chosen - known)]
        return made
