"""Clearances made ready to be asked: names become the numbers that tickets carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nocturne.core.configuration.classes import LocalClass, reach
from nocturne.core.configuration.clearances import Clearance
from nocturne.core.configuration.queues import Queue
from nocturne.core.configuration.types import Type

Numbers = frozenset[int]


@dataclass(frozen=True, slots=True)
class Grant:
    """A clearance with numbers for names. None in `queues`, `networks`, `types`, `states` means all of them;
    `without` are queues whose class the clearance does not see: to it, their tickets do not exist."""

    clearance: str
    group: str
    party: str
    queues: Numbers | None
    without: Numbers
    networks: Numbers | None
    types: frozenset[str] | None
    states: frozenset[str] | None
    sees: Numbers
    appends: Numbers
    changes: Numbers
    rights: frozenset[str]
    opens_with: frozenset[str] | None

    @property
    def is_everywhere(self) -> bool:
        return not self.without and all(
            each is None for each in (self.queues, self.networks, self.types, self.states)
        )

    def reaches(self, header: Mapping[str, Any]) -> bool:
        """Tell whether it holds for a ticket, whoever asks: its queue, network, type and state."""
        queue = header.get("queue")
        if queue in self.without or not (self.queues is None or queue in self.queues):
            return False
        if not (self.networks is None or header.get("network") in self.networks):
            return False
        if not (self.types is None or header.get("type") in self.types):
            return False
        if self.states is None:
            return True
        state = header.get("state")
        if isinstance(state, Mapping):
            return state.get("name") in self.states or state.get("meaning") in self.states
        return state in self.states or header.get("meaning") in self.states


def ready(
    clearances: Iterable[Clearance],
    *,
    classes: Mapping[str, LocalClass],
    queues: Mapping[str, Queue],
    types: Mapping[str, Type],
    states: Mapping[str, frozenset[str]],
    queue_ids: Mapping[str, int],
    network_ids: Mapping[str, int],
) -> tuple[Grant, ...]:
    """Make clearances ready.

    :param states: state's name to all the names it has had, over all life cycles.
    :param queue_ids, network_ids: name to the number of its row; a name without a row reaches nothing.
    """
    local = {each.name: each.number for each in classes.values()}
    made = []
    for clearance in clearances:
        where = f"clearance/{clearance.name}"
        sees = reach(clearance.sees, local, f"{where}.sees")
        hidden = {
            name
            for name, queue in queues.items()
            if max(reach([queue.data_class], local, f"queue/{name}.class")) not in sees
        }
        made.append(
            Grant(
                clearance.name,
                clearance.group,
                clearance.party,
                queues=_numbers(clearance.queues, queue_ids),
                without=frozenset(queue_ids[name] for name in hidden if name in queue_ids),
                networks=_numbers(clearance.networks, network_ids),
                types=_all_names(clearance.types, types),
                states=_known_states(clearance.states, states),
                sees=sees,
                appends=reach(clearance.appends, local, f"{where}.appends"),
                changes=reach(clearance.changes, local, f"{where}.changes"),
                rights=clearance.rights,
                opens_with=None if clearance.opens_with is None else frozenset(clearance.opens_with),
            )
        )
    return tuple(made)


def _numbers(names: tuple[str, ...], ids: Mapping[str, int]) -> Numbers | None:
    return frozenset(ids[name] for name in names if name in ids) if names else None


def _all_names(names: tuple[str, ...], types: Mapping[str, Type]) -> frozenset[str] | None:
    if not names:
        return None
    return frozenset(
        each for name in names for each in (name, *(types[name].formerly if name in types else ()))
    )


def _known_states(names: tuple[str, ...], states: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    if not names:
        return None
    return frozenset(each for name in names for each in {name, *states.get(name, ())})
