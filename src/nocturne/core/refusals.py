"""Why something is not done: a code and its facts, worded later at the door that asked."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Says no with a reason. `code` names the reason, `params` are its facts, `field` is what to mend.

    No sentence is stored here: each door words the code in the reader's language.
    """

    status = 422

    def __init__(self, code: str, /, *, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({facts})" if facts else self.code


class Invalid(Refusal):
    """What was given cannot be right; `field` names it."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or the asker may not know that there is."""

    status = 404


class Forbidden(Refusal):
    """The asker may not do this."""

    status = 403


class WrongState(Refusal):
    """The ticket is in a state in which this cannot be done."""

    status = 409


class Conflict(Refusal):
    """Somebody else changed the same field since the asker looked; `params` hold both values."""

    status = 409


class KeyReused(Refusal):
    """An idempotency key came back with another content."""

    status = 422


class TooLarge(Refusal):
    """More was sent than is taken in one piece."""

    status = 413


class TakesTooLong(Refusal):
    """What is asked takes longer than anybody should wait: asked more narrowly it would not."""

    status = 422


class Unavailable(Refusal):
    """It cannot be written just now (disk full, database away); trying again later is right."""

    status = 503


class TooMany(Refusal):
    """Too many attempts in a short time; `params['seconds']` says how long to wait."""

    status = 429
