"""What a configuration says of a ticket's type and state, under whatever name they go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from nocturne.core.configuration.types import REPORTED, TYPES, Type, next_behaviour
from nocturne.core.lifecycle import STANDARD_NAME, Lifecycle

if TYPE_CHECKING:
    from nocturne.core.configuration.queues import Queue


class Kinds:
    """The part of a configuration that knows types, life cycles and their states by any name they have had."""

    types: Mapping[str, Type]
    lifecycles: Mapping[str, Lifecycle]

    if TYPE_CHECKING:

        def queue_named(self, name: str) -> Queue | None: ...

        def queue_numbered(self, number: int | None) -> Queue | None: ...

    @cached_property
    def _types_by_any_name(self) -> dict[str, Type]:
        former = {name: each for each in self.types.values() for name in each.formerly}
        return former | dict(self.types)

    def type(self, name: str) -> Type:
        """Find a type by its name or one it has had; one that is gone behaves as a trouble."""
        return self._types_by_any_name.get(name) or Type(name)

    def knows_type(self, name: str) -> bool:
        """Tell whether a name is, or was, one of a type."""
        return name in self._types_by_any_name

    def type_names(self, name: str) -> tuple[str, ...]:
        """List all the names that tickets may keep a type under: of the one of this name, past or present, or title."""
        found = self._types_by_any_name.get(name)
        if found is None:
            word = name.casefold()
            found = next(
                (each for each in self.types.values() if word in (each.name, each.title.casefold())), None
            )
        return (found.name, *found.formerly) if found else (name,)

    def behaves(self, name: str) -> str:
        """Say as which of RFC 1297's types a type behaves."""
        return str(self.type(name).behaves)

    def types_behaving(self, *behaviours: str) -> tuple[str, ...]:
        """List the names, present and former, of all types that behave so."""
        return tuple(name for name, each in self._types_by_any_name.items() if each.behaves in behaviours)

    @cached_property
    def reported_types(self) -> tuple[str, ...]:
        """The names of all types whose tickets somebody outside waits for."""
        return self.types_behaving(*REPORTED)

    @cached_property
    def open_types(self) -> tuple[str, ...]:
        """The names of the types that a ticket may be given now, RFC 1297's first."""
        known = [name for name in TYPES if name in self.types]
        others = [name for name in self.types if name not in TYPES]
        return tuple(name for name in (*known, *others) if not self.types[name].retired)

    def usual_type(self, behaves: str) -> str:
        """Name the type that a ticket is given when no more is known than how it is to behave."""
        alike = [name for name in self.open_types if self.types[name].behaves == behaves]
        return behaves if behaves in alike or not alike else alike[0]

    def given_type(self, name: str) -> str:
        """Name the type for a new ticket that is to be of a type by rule, not by somebody's choice: that one, or one
        that behaves alike where it is retired or gone."""
        found = self.type(name)
        return found.name if found.name in self.open_types else self.usual_type(found.behaves)

    def parents_of(self, name: str) -> tuple[str, ...]:
        """List the names, present and former, of the types that a ticket of a type may point to as its parent; none
        are listed where any will do."""
        found = self.type(name)
        if found.points_to:
            parents = [self.type(each) for each in found.points_to]
        else:
            wanted = next_behaviour(found.behaves)
            if wanted is None:
                return ()
            parents = [each for each in self.types.values() if each.behaves == wanted]
        same = [each for each in self.types.values() if each.behaves == found.behaves]
        return tuple(dict.fromkeys(n for each in (*parents, *same) for n in (each.name, *each.formerly)))

    @cached_property
    def _lifecycles_by_any_name(self) -> dict[str, Lifecycle]:
        former = {name: each for each in self.lifecycles.values() for name in each.formerly}
        return former | dict(self.lifecycles)

    def lifecycle(self, name: str) -> Lifecycle | None:
        """Find a life cycle by its name or one it has had."""
        return self._lifecycles_by_any_name.get(name)

    def lifecycle_of(self, type_: str, queue: int | str | None) -> Lifecycle:
        """Find the life cycle that holds for a ticket: its type's, else its queue's, else the standard one.

        :param queue: its name, or the number of its row.
        """
        place = self.queue_named(queue) if isinstance(queue, str) else self.queue_numbered(queue)
        for name in (self.type(type_).lifecycle, place.lifecycle if place else "", STANDARD_NAME):
            if name and (found := self.lifecycle(name)):
                return found
        return next(iter(self.lifecycles.values()), Lifecycle(STANDARD_NAME))

    @cached_property
    def states_called(self) -> dict[str, frozenset[str]]:
        """What a state is called, in lower case (its name, a former one, its title), to all the names that tickets may
        keep it under."""
        found: dict[str, set[str]] = {}
        for cycle in self.lifecycles.values():
            for state in cycle.states:
                for word in (*state.names, state.title.casefold()):
                    if word:
                        found.setdefault(word, set()).update(state.names)
        return {word: frozenset(names) for word, names in found.items()}

    @cached_property
    def state_names(self) -> dict[str, frozenset[str]]:
        """Every name of a state, past or present, to all the names it has had, over all life cycles: a clearance or a
        field that names a state goes on meaning it when it is renamed."""
        found: dict[str, set[str]] = {}
        for cycle in self.lifecycles.values():
            for state in cycle.states:
                for name in state.names:
                    found.setdefault(name, set()).update(state.names)
        return {name: frozenset(names) for name, names in found.items()}
