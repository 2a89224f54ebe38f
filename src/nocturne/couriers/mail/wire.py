"""Spells a mail as bytes."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy


class _Policy(EmailPolicy):
    """The standard library's, but for lists of Message-IDs, which it would break or encode where they are long."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in ("in-reply-to", "references", "message-id"):
            ids = "\r\n ".join(str(value).split())
            return f"{name}: {ids}\r\n".encode("ascii", "replace")
        return bytes(super().fold_binary(name, value))


POLICY = _Policy(**{name: getattr(SMTP, name) for name in ("linesep", "raise_on_defect")}, cte_type="7bit")


def as_bytes(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=POLICY)
