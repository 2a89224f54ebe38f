"""What came in with a form, read once and handed to the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from nocturne import desk
from nocturne.core.chart import COLUMNS
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.permits import Actor
from nocturne.core.spans import parse_worked
from nocturne.core.when import Alarm, parse_alarm, parse_when
from nocturne.desk import calendars, files, readers
from nocturne.store import blobs
from nocturne.store.blobs import File

TAKE_AWAY = ("none", "-")
"""What is written into a field to take away what stands there; an empty one leaves it."""


@dataclass(slots=True)
class Given:
    """One form on one ticket, as somebody filled it in."""

    number: int
    by: Actor
    data: QueryDict
    files: list[UploadedFile[bytes]]
    now: datetime
    kept: list[File] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, number: int = 0) -> Given:
        files = [each for each in request.FILES.getlist("files") if each.name]
        return cls(number, request.actor, request.POST, files, timezone.now())  # type: ignore[attr-defined]

    def line(self, name: str) -> str:
        return str(self.data.get(name, "")).strip()

    def text(self, name: str = "text") -> str:
        """Give the words of a text field; browsers send its lines ended by CR LF."""
        return str(self.data.get(name, "")).replace("\r\n", "\n")

    def text_as_file(self) -> None:
        """Put words that are too long for an update into a file, and leave their first line in their place."""
        text = self.text()
        self.kept.append(keep_text(text, _("text.txt")))
        self.data = self.data.copy()
        first = text.strip().partition("\n")[0][:200]
        self.data["text"] = _("%(first)s … (the whole text is attached)") % {"first": first}

    def words(self, name: str) -> list[str]:
        """Give the parts of a field that holds several names: apart by commas or lines, or chosen one by one."""
        joined = ",".join(self.data.getlist(name)).replace("\n", ",").replace("\r", "")
        return [part.strip() for part in joined.split(",") if part.strip()]

    def is_ticked(self, name: str) -> bool:
        return bool(self.data.get(name))

    def past(self, name: str) -> datetime | None:
        """Read when something happened.

        :raises Invalid: it is not understood.
        """
        given = self.line(name)
        return parse_when(given, self.now, self.by.zone, "past", field=name) if given else None

    def future(self, name: str) -> datetime | None:
        """Read when something is to happen.

        :raises Invalid: it is not understood.
        """
        given = self.line(name)
        return parse_when(given, self.now, self.by.zone, field=name) if given else None

    def number_in(self, name: str) -> int:
        """Read a ticket's number; nought where there is none, which no ticket has.

        :raises Invalid: it is no number.
        """
        given = self.line(name).removeprefix("#")
        if not given.isdecimal() or len(given) > 18:
            from nocturne.core.refusals import Invalid

            raise Invalid("bad_number", field=name, given=given)
        return int(given)

    def changed(self, name: str) -> bool:
        """Tell whether a field was changed since the form was shown."""
        return self.line(name) != str(self.data.get(f"was-{name}", "")).strip()

    @property
    def timer(self) -> Alarm | desk.terms.Clear | None:
        """Read the timer that came along.

        :raises Invalid: its time is not understood, or has passed.
        """
        given = self.line("timer")
        if not given:
            return None
        if given.lower() in TAKE_AWAY:
            return desk.CLEAR
        return parse_alarm(
            given, self.now, self.by.zone, field="timer", calendar=calendars.on(self.number or None, self.by)
        )

    @property
    def asked_for(self) -> dict[str, Any]:
        """Read the columns that a move of the life cycle asks for beside what its form always has.

        :raises Invalid: a time is not understood.
        """
        found: dict[str, Any] = {}
        for key in self.data:
            name = key.removeprefix("set-")
            if name == key or not self.line(key) or is_local(name):
                continue
            is_time = name in COLUMNS and COLUMNS[name].form == "instant"
            ahead = self.future if name.startswith("planned") else self.past
            found[name] = ahead(key) if is_time else self.line(key)
        return found | self.local()

    def local(self) -> dict[str, Any]:
        """Read the site's own fields: those that are filled, or, where a form remembers what stood there, those that
        were changed; None takes a value away."""
        found: dict[str, Any] = {}
        keys = {
            key.removeprefix("was-") for key in self.data if key.removeprefix("was-").startswith("set-field/")
        }
        for key in sorted(keys):
            values = [each.replace("\r\n", "\n").strip() for each in self.data.getlist(key)]
            filled = [each for each in values if each]
            was = self.data.get(f"was-{key}")
            before = [] if was is None else [was.replace("\r\n", "\n").strip()]
            if sorted("\n".join(filled).split("\n")) != sorted("\n".join(before).split("\n")):
                found[key.removeprefix("set-")] = (
                    (filled if len(filled) > 1 else filled[0]) if filled else None
                )
        return found

    @property
    def next_action(self) -> str | None:
        given = self.line("next_action")
        if not given:
            return None
        return "" if given.lower() in TAKE_AWAY else given

    def extra(self, *, text: str | None = None, **more: Any) -> desk.Extra:
        """Gather what came along with an act: words, next action, timer, when it happened, time worked, files.

        :raises Refusal: something of it cannot be right.
        """
        return desk.Extra(
            text=self.text() if text is None else text,
            at=self.past("at"),
            worked=parse_worked(self.line("worked")) if self.line("worked") else 0,
            next_action=self.next_action,
            alarm=self.timer,
            seen=self.line("seen") or None,
            data_class=readers.chosen(self.line("data_class")) if self.line("data_class") else None,
            state=self.line("state"),
            fields=self.asked_for,
            files=[*self.kept, *(keep(each) for each in self.files)],
            **more,
        )


def keep(upload: UploadedFile[bytes]) -> File:
    """Store an uploaded file's bytes, before anything refers to them.

    :raises TooLarge: it is larger than the option `attachment_limit` allows.
    """
    kept = blobs.keep(_pieces(upload), limit=settings.NOCTURNE.attachment_limit)
    media_type = files.clean_type(upload.content_type or "")
    return File(files.clean_name(upload.name or ""), media_type, kept.size, kept.sha256)


def keep_text(text: str, name: str = "note.txt") -> File:
    """Store words that are too long for an update as a file."""
    raw = text.encode("utf-8", "replace")
    kept = blobs.keep(iter([raw]), limit=settings.NOCTURNE.attachment_limit)
    return File(name, "text/plain", kept.size, kept.sha256)


def _pieces(upload: UploadedFile[bytes]) -> Iterator[bytes]:
    yield from upload.chunks(blobs.PIECE)


Do = Callable[[Given], desk.Written]
