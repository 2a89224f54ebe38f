"""All the databases of a run: the night as it was, and for each kind of hidden values one where they are others."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from nocturne.core.configuration import Configuration, current
from tests.noninterference import people, world
from tests.noninterference.people import Keys
from tests.noninterference.twins import Database, settled
from tests.noninterference.world import Facts


@dataclass
class World:
    """One database, and what a question to it can be filled with."""

    database: Database
    facts: Facts


@dataclass
class Worlds:
    """The night as it was is the world in which nothing differs."""

    keys: Keys
    stage: Database
    configuration: Configuration
    made_so_far: dict[frozenset[str], World] = field(default_factory=dict)

    @classmethod
    def made(cls) -> Worlds:
        """This will prepare what all worlds begin with."""
        settled()
        stage = Database.copied("stage", connection)
        with stage.entered():
            keys = people.stage()
            configuration = current()
            settled()
        return cls(keys, stage, configuration)

    def where(self, *differs: str) -> World:
        """Give the world in which values of these kinds are others; it is made when first asked for."""
        which = frozenset(differs)
        found = self.made_so_far.get(which)
        if found is None:
            database = Database.copied(f"world{len(self.made_so_far)}", self.stage.wrapper)
            with database.entered():
                found = self.made_so_far[which] = World(database, world.tell(which))
        return found

    def again(self) -> World:
        """Give a twin that differs in nothing: the same night, told once more."""
        return self.where("nothing")

    def drop(self) -> None:
        for each in (*(found.database for found in self.made_so_far.values()), self.stage):
            each.drop()
