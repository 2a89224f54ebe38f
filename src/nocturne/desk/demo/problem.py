"""A ticket in a story of the demonstration: its acts in the words of the stories, written by the desk's verbs."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from nocturne import desk
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.permits import Actor
from nocturne.desk import write
from nocturne.desk.demo.inventory import Customer, Line
from nocturne.desk.demo.stage import Scene
from nocturne.desk.terms import Affected, Alarm, Extra, Opening, Outage, Written
from nocturne.store import blobs
from nocturne.store.blobs import File

ALERT = Actor("machine", None, "Alertmanager", groups=frozenset({"operators"}))
Timer = tuple[float, str]
"""In how many minutes, and the short text."""


class Problem:
    """One ticket while its story is told."""

    def __init__(
        self,
        scene: Scene,
        subject: str,
        text: str,
        *,
        by: str | Customer = "alert",
        line: Line | None = None,
        started: float | None = None,
        down: float | None = None,
        effect: str = "down",
        hits: Sequence[tuple[str, str, str]] = (),
        next: str = "",  # noqa: A002
        timer: Timer | None = None,
        file: tuple[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Open it.

        :param by: "alert", the name of one of the crew, or the customer whose mail it is.
        :param started: minutes before the opening at which the problem began.
        :param down: minutes before the opening at which an outage began.
        :param hits: who is affected: customer, site or service; its name; how.
        """
        self.scene = scene
        self.owner = "" if by == "alert" or isinstance(by, Customer) else by
        # Customers do not fill in whom else it hits: whoever takes the ticket does.
        self._hits = hits if isinstance(by, Customer) else ()
        key = scene.key()
        scene.stage.opened.append((scene.at, key))
        self.number = scene.stage.numbers.get(key, 0)
        if scene.stage.is_rehearsal:
            return
        if line is not None:
            more = {"circuit": line.name, "vendor": line.vendor, "machines": [line.near, line.far]} | more
        if started is not None:
            more["started_at"] = self._ago(started)
        actor, door = self._opener(by)
        if isinstance(by, Customer):
            more = {"type": "complaint", "queue": "customers", "reporter_id": actor.contact} | more
            more.setdefault("reported_at", scene.at)
        elif by == "alert":
            more.setdefault("detected_at", scene.at)
        opening = Opening(
            number=self.number,
            subject=subject,
            text=text,
            outages=(Outage(self._ago(down), effect=effect),) if down is not None else (),
            affected=tuple(
                Affected(kind, name, how, self._ago(started or 0))
                for kind, name, how in hits
                if not isinstance(by, Customer)
            ),
            **more,
        )
        with scene.as_of():
            desk.open(opening, by=actor, door=door, extra=self._extra(next=next, timer=timer, file=file))

    def _opener(self, by: str | Customer) -> tuple[Actor, Door]:
        if isinstance(by, Customer):
            return self.scene.stage.callers[by.email], Door.MAIL
        return (ALERT, Door.ALERT) if by == "alert" else (self.scene.actor(by), Door.WEB)

    def _ago(self, minutes: float) -> Any:
        return self.scene.at - timedelta(minutes=minutes)

    def _extra(
        self,
        text: str = "",
        *,
        ago: float = 0,
        worked: int = 0,
        next: str | None = None,  # noqa: A002
        timer: Timer | None = None,
        file: tuple[str, str] | None = None,
        secret: bool = False,
        fields: dict[str, Any] | None = None,
    ) -> Extra:
        return Extra(
            text=text,
            at=self._ago(ago) if ago else None,
            worked=worked * 60,
            next_action=next or None,
            alarm=Alarm(self.scene.at + timedelta(minutes=timer[0]), timer[1]) if timer else None,
            files=[_stored(*file)] if file else (),
            data_class=DataClass.RESTRICTED if secret else None,
            fields=fields or {},
        )

    def _act(
        self, verb: Callable[..., Written], *words: Any, by: str = "", extra: Extra | None = None, **more: Any
    ) -> Written | None:
        if self.scene.stage.is_rehearsal:
            return None
        name = by or self.scene.somebody(self.owner)
        actor = self.scene.actor(name)
        with self.scene.as_of():
            return verb(self.number, *words, by=actor, door=self._door(), extra=extra or Extra(), **more)

    def _door(self) -> Door:
        """Choose how the act came in: most by the pages, some by `noc`. Takes no dice, which the rehearsal needs."""
        return Door.CLI if (self.scene.at.second + self.number) % 5 == 0 else Door.WEB

    # --- words -------------------------------------------------------------------------------------------------

    def note(self, text: str, *, by: str = "", **extra: Any) -> Written | None:
        return self._act(desk.update, text, by=by or self._hand(), extra=self._extra_now(**extra))

    def reply(self, text: str, *, by: str = "", **extra: Any) -> Written | None:
        return self._act(desk.reply, text, by=by or self._hand(), extra=self._extra_now(**extra))

    def hears(self, customer: Customer, text: str) -> None:
        """Take in what a customer mails."""
        if self.scene.stage.is_rehearsal:
            return
        with self.scene.as_of():
            desk.receive(self.number, text, by=self.scene.stage.callers[customer.email], door=Door.MAIL)

    def correct(self, said: Written | None, text: str) -> None:
        """Put right what an earlier entry says."""
        if said is not None:
            with self.scene.as_of():
                by = self.scene.actor(self.owner or self.scene.lead())
                desk.correct(self.number, said.address, text, by=by, door=Door.WEB)

    def _hand(self) -> str:
        return self.scene.somebody(self.owner)

    def _extra_now(self, **extra: Any) -> Extra:
        return Extra() if self.scene.stage.is_rehearsal else self._extra(**extra)

    # --- whose it is -------------------------------------------------------------------------------------------

    def take(self, by: str = "", **extra: Any) -> None:
        self.owner = by or self.scene.lead()
        self._act(desk.take, by=self.owner, extra=self._extra_now(**extra))
        for kind, name, effect in self._hits:
            self.hits(kind, name, effect)
        self._hits = ()

    def give(self, to: str, text: str = "", **extra: Any) -> None:
        giver = self._hand()
        if self.owner != to:
            self.owner = to
            label = "" if self.scene.stage.is_rehearsal else self.scene.actor(to).label
            self._act(desk.give, label, by=giver, extra=self._extra_now(text=text, **extra))

    def refer(
        self, to: str, reference: str = "", text: str = "", *, clock: str = "vendor", **extra: Any
    ) -> None:
        made = self._extra_now(text=text, **extra)
        self._act(desk.refer, to, by=self._hand(), extra=made, reference=reference, clock=clock)

    def wait(self, clock: str, text: str, **extra: Any) -> None:
        self._act(desk.suspend, clock, by=self._hand(), extra=self._extra_now(text=text, **extra))

    def resume(self, text: str, **extra: Any) -> None:
        self._act(desk.resume, by=self._hand(), extra=self._extra_now(text=text, **extra))

    def dispatch(self, to: str, text: str, **extra: Any) -> None:
        self._act(desk.dispatch, to, by=self._hand(), extra=self._extra_now(text=text, **extra))

    def escalate(self, to: str, text: str, **extra: Any) -> None:
        self._act(desk.escalate, to, by=self._hand(), extra=self._extra_now(text=text, **extra))

    # --- facts -------------------------------------------------------------------------------------------------

    def change(self, text: str = "", *, by: str = "", **fields: Any) -> None:
        self._act(desk.update, text, by=by or self._hand(), extra=self._extra_now(fields=fields))

    def hits(self, kind: str, name: str, effect: str) -> None:
        self._act(desk.affected, Affected(kind, name, effect, self.scene.at), by=self._hand())

    def was_down(self, since: float, until: float, effect: str = "down") -> None:
        """Note an outage that lasted from so many minutes ago until so many minutes ago."""
        self._act(desk.outage, Outage(self._ago(since), self._ago(until), effect), by=self._hand())

    def points_to(self, kind: str, other: Problem) -> None:
        self._act(desk.relate, kind, other.number, by=self._hand())

    def merge_into(self, other: Problem, text: str = "") -> None:
        self._act(desk.merge, other.number, by=self._hand(), extra=self._extra_now(text=text))

    def tell(self, complaints: Sequence[Problem], text: str) -> None:
        """Tell every complainer that it is over; Nocturne answers the complaints one by one."""
        by = self._hand()
        if self.scene.stage.is_rehearsal:
            return
        actor = self.scene.actor(by)
        step = write.Step(text=text, facts={"count": len(complaints)})
        with self.scene.as_of():
            told = write.write(self.number, Kind.TOLD, lambda _: step, by=actor, door=Door.WEB)
            for each in complaints:
                desk.answer_complaint(each.number, text, cause=told.entry, label=actor.label)

    def rings(self) -> None:
        """Let its timer go off."""
        if not self.scene.stage.is_rehearsal:
            with self.scene.as_of():
                desk.ring(self.number)

    def answer(self, by: str = "") -> None:
        self._act(desk.acknowledge, by=by or self._hand())

    # --- the end -----------------------------------------------------------------------------------------------

    def restore(self, text: str = "", **extra: Any) -> None:
        self._act(desk.restore, by=self._hand(), extra=self._extra_now(text=text, **extra))

    def resolve(
        self, line: str, *, component: str = "", cause: str = "", text: str = "", **extra: Any
    ) -> None:
        made = self._extra_now(text=text, **extra)
        self._act(desk.resolve, line, by=self._hand(), extra=made, key_component=component, cause=cause)

    def reject(self, reason: str) -> None:
        self._act(desk.reject, reason, by=self._hand())

    def reopen(self, text: str) -> None:
        self._act(desk.reopen, by=self._hand(), extra=self._extra_now(text=text))

    def sign_off(self, remark: str = "") -> None:
        """Have a supervisor check it and somebody close it, as far as there is time until now."""
        scene = self.scene
        if not scene.leaves(65 * 60):
            return
        scene.later(90, 55 * 60)
        self._act(desk.check, by=scene.boss(), extra=self._extra_now(text=remark))
        scene.later(20, 9 * 60)
        self._act(desk.close, by=self._hand())

    def fall_silent(self, *others: Problem) -> None:
        """Close it, and others with it, after five days without a word, as far as there is time until now."""
        if not self.scene.leaves(5 * 24 * 60 + 30):
            return
        self.scene.later(5 * 24 * 60 + 10)
        for problem in (self, *others):
            problem.machinery(Kind.CLOSED, {"closed_at": write.utc(self.scene.at)}, {"silence_days": 5})

    def machinery(self, kind: Kind, after: dict[str, Any], facts: dict[str, Any]) -> None:
        """Have Nocturne itself write an entry."""
        if self.scene.stage.is_rehearsal:
            return
        step = write.Step(after=after, facts=facts)
        with self.scene.as_of():
            write.write(self.number, kind, lambda _: step, by=desk.MACHINERY, door=Door.RULE)


def _stored(name: str, content: str) -> File:
    raw = content.encode()
    kept = blobs.keep(io.BytesIO(raw), limit=10**7)
    return File(name, "text/plain", kept.size, kept.sha256)
