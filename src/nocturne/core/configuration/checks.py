"""What must hold over all documents of a site, beyond each being right by itself."""

from __future__ import annotations

from collections.abc import Iterator

from nocturne.core.configuration import cycles, deskchecks, fieldchecks, templates
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.clearances import ADMINISTERING
from nocturne.core.configuration.groups import BUILT_IN, holding
from nocturne.core.configuration.types import TYPES
from nocturne.core.configuration.whole import SITE, Configuration
from nocturne.core.entry import DataClass
from nocturne.core.refusals import Invalid


def problems(configuration: Configuration) -> Iterator[Invalid]:
    """List what is wrong with a configuration whose documents can all be read and refer to what is there."""
    for check in CHECKS:
        yield from check(configuration)


def _site(configuration: Configuration) -> Iterator[Invalid]:
    """A tree without its first file would take away who the house is, and the name in its mails with it."""
    if SITE not in configuration.documents:
        yield wrong("built_in_missing", "site/site", given="site")


def _groups(configuration: Configuration) -> Iterator[Invalid]:
    for name in BUILT_IN:
        if name not in configuration.groups:
            yield wrong("built_in_missing", f"group/{name}", given=name)
    try:
        holding(configuration.groups)
    except Invalid as refusal:
        yield refusal


def _types(configuration: Configuration) -> Iterator[Invalid]:
    for name in TYPES:
        if name not in configuration.types:
            yield wrong("built_in_missing", f"type/{name}", given=name)


def _names_used_once(configuration: Configuration) -> Iterator[Invalid]:
    """A name that something has had is not given to something else: old tickets would mean the new one."""
    for kind in ("class", "group", "lifecycle", "field", "type", "queue", "calendar"):
        taken = {name for each, name in configuration.documents if each == kind}
        for (each, name), body in sorted(configuration.documents.items()):
            if each == kind:
                for former in body.get("formerly", ()):
                    if former in taken:
                        yield wrong("name_taken", f"{kind}/{name}.formerly", given=former)


def _classes(configuration: Configuration) -> Iterator[Invalid]:
    by_number: dict[int, str] = {}
    for each in configuration.classes.values():
        if each.number in by_number:
            yield wrong("number_taken", f"class/{each.name}.number", given=each.number)
        by_number[each.number] = each.name


def _somebody_administers(configuration: Configuration) -> Iterator[Invalid]:
    """Whoever could mend a configuration must not be able to lock everybody out of mending it."""
    held = {
        right
        for each in configuration.clearances.values()
        if each.group == "administrators" and not (each.queues or each.networks or each.types or each.states)
        for right in each.rights
    }
    if not held >= ADMINISTERING:
        yield wrong("nobody_administers", "clearance", missing=sorted(ADMINISTERING - held))


def _nobody_writes_blindly(configuration: Configuration) -> Iterator[Invalid]:
    """What somebody may change they must be able to see: else they overwrite what they do not know."""
    for grant in configuration.grants:
        if not grant.changes <= grant.sees | {int(DataClass.PUBLIC)}:
            yield wrong("changes_unseen", f"clearance/{grant.clearance}.changes", given=grant.clearance)


CHECKS = [
    _site,
    _groups,
    _types,
    cycles.problems,
    templates.problems,
    _names_used_once,
    _classes,
    _somebody_administers,
    _nobody_writes_blindly,
    fieldchecks.problems,
    deskchecks.problems,
]
