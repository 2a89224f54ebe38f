"""Which ticket a mail belongs to: our tokens in its Message-IDs, our tag in its subject; and what its subject says.

A token in In-Reply-To or References is proof (it is signed), a tag in the subject only a hint: it carries two
check characters, so that somebody else's `#4711` hardly ever passes for ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
MOST_IDS = 200

Fits = Callable[[int, str], bool]
"""Tells whether two check characters are those of a ticket."""

_TAG = re.compile(r"\[\s{0,9}([^\[\]#]{1,64}?)\s{0,9}#\s{0,9}([1-9][0-9]{0,17})-([A-Za-z0-9]{2})\s{0,9}\]")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
_OWN_LOCAL_PART = re.compile(r"nt\.[0-9]{1,18}\.[0-9]{1,18}\.[a-z2-7]{16}", re.IGNORECASE)
_PREFIX = re.compile(
    r"\s*(?:([^\W\d_]{1,14})\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,3}[:：]|\[(\w{1,12})\])"
)
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?")

_REPLIES = frozenset(
    (
        *("re", "aw", "antw", "antwoord", "antwort", "sv", "svar", "vs", "ynt", "res", "r"),
        *("rif", "odp", "odpověď", "vá", "válasz", "atb", "ats", "na", "отв", "ответ", "απ"),
        *("σχετ", "bls"),
        *("השב", "תגובה", "رد", "回复", "回覆", "答复", "答覆", "返信", "回信", "답장", "회신"),
    )
)
_FORWARDS = frozenset(
    (
        *("fw", "fwd", "wg", "tr", "rv", "enc", "vb", "vl", "i", "fs", "pd"),
        *("továbbítás", "doorst", "i̇lt", "ilt", "přeposláno", "пересл", "пересылка", "πρθ"),
        *("הועבר", "إعادة", "转发", "轉寄", "轉發", "転送", "전달"),
    )
)
"""What mail programs put before a subject. `VS` answers in Finnish and forwards in Danish: taken for an answer."""
_MARKS = frozenset({"external", "extern", "ext", "externe", "spam"})
"""What gateways put in front of a subject."""

_BETWEEN_WORDS = re.compile(r"[^a-z]+")
_TELLS_MANY = frozenset(
    (
        *("all", "everybody", "everyone", "allstaff", "lists", "announce", "announces", "announcement"),
        *("announcements", "discuss", "users", "members", "notify", "notification", "notifications"),
        *("notice", "notices", "subscribers", "newsletter", "verteiler", "alle", "liste", "tous"),
    )
)
"""Words in the names of addresses behind which there are many."""
_LIST_HOSTS = frozenset({"list", "lists", "liste", "listes", "listserv", "groups", "googlegroups"})

_KEPT_FORMAT_CHARACTERS = frozenset("\u200c\u200d")
"""Joiners, without which some scripts cannot be written."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject without its tag and prefixes, and what the first prefix said."""

    bare: str
    is_reply: bool = False
    is_forward: bool = False


def subject_tag(name: str, ticket: int, letters: str) -> str:
    """Write a ticket's tag: `[noc #4711-k7]`."""
    return f"[{name} #{ticket}-{letters}]"


def tagged(subject: str, tag: str, names: Collection[str], fits: Fits) -> str:
    """Put a ticket's tag in front of a subject, in place of tags of ours that it carries."""
    return f"{tag} {without_tags(subject, names, fits)}".rstrip()


def find_tag(subject: str, names: Collection[str], fits: Fits) -> int | None:
    """Find the first ticket that a subject names with one of our names and its own check characters."""
    return next((ticket for _, _, ticket in _tags(subject, names, fits)), None)


def without_tags(subject: str, names: Collection[str], fits: Fits) -> str:
    """Take our tags out of a subject; a tag that is not ours stays."""
    kept, place = [], 0
    for start, end, _ in _tags(subject, names, fits):
        kept.append(subject[place:start].strip())
        place = end
    kept.append(subject[place:].strip())
    return " ".join(part for part in kept if part)


def parse_subject(subject: str) -> Subject:
    """Take the prefixes of replies and forwards, in many languages, off a subject that carries no tag any more.

    The first prefix decides: `Re: Fwd:` answers a forwarded mail, `Fwd: Re:` hands on an answer.
    """
    place, first = 0, ""
    while match := _PREFIX.match(subject, place):
        word = (match[1] or match[2]).lower()
        said = (
            "reply" if match[1] and word in _REPLIES else "forward" if match[1] and word in _FORWARDS else ""
        )
        if not said and word not in _MARKS:
            break
        place, first = match.end(), first or said
    return Subject(subject[place:].strip(), first == "reply", first == "forward")


def message_id(token: str, host: str) -> str:
    """Write a Message-ID of ours around a signed token."""
    return f"<{token}@{host}>"


def message_ids(value: str) -> list[str]:
    """List the Message-IDs in a header's value, without their brackets, in order."""
    return [match[1] for _, match in zip(range(MOST_IDS), _MESSAGE_ID.finditer(value), strict=False)]


def our_tokens(in_reply_to: str, references: str) -> list[str]:
    """List what looks like tokens of ours, the likeliest first: In-Reply-To, then References from the last.

    The signatures are still to be verified.
    """
    references = references[-MOST_IDS * 200 :]
    ids = message_ids(in_reply_to) + message_ids(references)[::-1]
    parts = (each.partition("@")[0] for each in ids)
    return list(dict.fromkeys(part.lower() for part in parts if _OWN_LOCAL_PART.fullmatch(part)))


def clean_header(value: str) -> str:
    """Make a decoded header value one safe line: no line ends, NUL, control or direction-changing characters."""
    return " ".join("".join(map(_clean, value)).split())


def normalise_address(address: str) -> str | None:
    """Bring a bare mail address into the form in which it is kept and compared; nothing for what is none."""
    text = unicodedata.normalize("NFC", address.strip())
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    local, at, domain = text.rpartition("@")
    domain = domain.rstrip(".").lower()
    if not at or not 0 < len(local) <= LONGEST_LOCAL_PART or len(text) > LONGEST_ADDRESS:
        return None
    if any(not char.isprintable() or char in ' <>()[],;:\\"@' for char in local):
        return None
    return f"{local.lower()}@{domain}" if _DOMAIN.fullmatch(domain) else None


def looks_like_list(address: str) -> bool:
    """Tell whether many people may be behind an address: a mailing list, or an alias that tells everybody.

    By its name alone, so it is a guess; it is made in favour of caution.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    name = local.partition("+")[0]  # what follows is a person's own sorting
    words = _BETWEEN_WORDS.split(name)
    return (
        name.endswith("-l")
        or any(word in _TELLS_MANY or word.startswith("list") or word.endswith("list") for word in words)
        or domain.partition(".")[0] in _LIST_HOSTS
    )


def _tags(subject: str, names: Collection[str], fits: Fits) -> Iterator[tuple[int, int, int]]:
    wanted = {name.casefold() for name in names}
    for match in _TAG.finditer(subject):
        ticket = int(match[2])
        if " ".join(match[1].split()).casefold() in wanted and fits(ticket, match[3].lower()):
            yield match.start(), match.end(), ticket


def _clean(char: str) -> str:
    category = unicodedata.category(char)
    if char in _KEPT_FORMAT_CHARACTERS:
        return char
    if category in ("Cc", "Zl", "Zp"):
        return " " if char.isspace() else ""
    return "\ufffd" if category == "Cs" else "" if category == "Cf" else char
