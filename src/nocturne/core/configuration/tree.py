"""Documents as files that people read, compare and keep under version control, and back again.

`site.toml` and one folder per kind, one file per document: `queues/security.toml`. The same documents always make the
same bytes: keys have a fixed order, lists keep theirs, and a text of several lines stands there as such.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nocturne.core.configuration.body import NAME, wrong
from nocturne.core.configuration.places import line_of
from nocturne.core.configuration.toml import plain, written
from nocturne.core.configuration.whole import KINDS, Document, Documents, read, read_one
from nocturne.core.refusals import Invalid

Files = Mapping[str, str]
"""Path within the tree, with `/` between its parts, to what the file holds."""
SUFFIX = ".toml"
ABOUT = {
    "site": "The site itself: who runs it, under which addresses, and what holds for all of it.",
    "class": "A data class beside public, customer, staff and restricted; its number never changes.",
    "group": "A group of accounts. Who is in it is not configuration; that it includes other groups is.",
    "calendar": "A calendar: when somebody works. Times are wall-clock times in its zone.",
    "lifecycle": "A life cycle: states, each with a meaning and a clock, and the moves between them.",
    "field": "A field. One named like a field of RFC 1297's header says something of that one.",
    "type": "A type of ticket: what kind of problem it tracks.",
    "queue": "A queue: where tickets of one class of problem wait.",
    "clearance": "A clearance: who may do what, with which classes of data, and where.",
    "desk": "A desk: which tickets one shift passes on to the next, and when its shifts usually change.",
    "template": "A text that goes out by mail. Facts stand in braces, such as {ticket.number}.",
}
"""What the first line of a file says of its kind."""
EXPLAINED = "docs/operators/configuration.md explains every key."
_AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong with a tree: the file, its line from 1 (0 where none is to blame), and why."""

    file: str
    line: int
    refusal: Invalid


def path_of(document: Document) -> str:
    """Say in which file of a tree a document lies."""
    kind, name = document
    folder = KINDS[kind].folder
    return f"{folder}/{name}{SUFFIX}" if folder else f"{name}{SUFFIX}"


MOST_PARTS, MOST_WRONGS = 300, 30
"""Parts of a key, and troubles of one file that are told: nobody writes that many, and none may keep a reader busy."""


def document_at(path: str) -> Document | None:
    """Say which document a file of a tree holds; None where no document can lie."""
    folder, _, file = path.rpartition("/")
    name = file.removesuffix(SUFFIX)
    if name == file or not NAME.fullmatch(name):
        return None
    kind = next((kind for kind, about in KINDS.items() if about.folder == folder), None)
    return None if kind is None or (kind == "site" and name != "site") else (kind, name)


def write(documents: Documents) -> dict[str, str]:
    """Write documents as files; equal documents make equal bytes."""
    return {path_of(each): one_file(each, documents[each]) for each in sorted(documents)}


def one_file(document: Document, body: Mapping[str, Any]) -> str:
    """Write one document as its file: what it is, where that is explained, and its body."""
    head = f"# {ABOUT[document[0]]}\n# {EXPLAINED}\n"
    inside = written(body)
    return f"{head}\n{inside}" if inside else head


def documents_in(files: Files) -> tuple[dict[Document, dict[str, Any]], list[Wrong]]:
    """Read files as documents, and list the files that are none."""
    documents: dict[Document, dict[str, Any]] = {}
    wrongs = []
    for path in sorted(files):
        document = document_at(path)
        if document is None:
            folders = sorted(kind.folder for kind in KINDS.values() if kind.folder)
            wrongs.append(Wrong(path, 0, wrong("unknown_file", path, given=path, known=folders)))
            continue
        try:
            documents[document] = plain(tomllib.loads(_bounded(files[path])))
        except (
            ValueError,
            RecursionError,
        ) as problem:  # a number of thousands of digits is a ValueError alone
            place = _AT.search(str(problem))
            line = int(place[1]) if place and place[1] else files[path].count("\n") + 1
            says = _AT.sub("", str(problem)).strip()
            wrongs.append(Wrong(path, line, wrong("bad_toml", path, problem=says)))
    return documents, wrongs


def _bounded(text: str) -> str:
    """Refuse a key of so many parts that reading it would take for ever: each part is walked once for every other.

    :raises ValueError: there is one.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") <= MOST_PARTS:
            continue
        heads = [line] if line.lstrip().startswith("[") else line.split("=")[:-1]
        if any(head.count(".") > MOST_PARTS for head in heads):
            raise ValueError(f"a key has too many parts (at line {number}, column 1)")
    return text


def problems(files: Files) -> list[Wrong]:
    """List all that is wrong with a tree: every file's troubles, not only the first one's.

    What the files say of each other is looked at once each of them can be read.
    """
    documents, wrongs = documents_in(files)
    refusals = list(_each_by_itself(documents)) if wrongs else everything_wrong(documents)
    wrongs += [located(files, refusal) for refusal in refusals]
    return sorted(wrongs, key=lambda each: (each.file, each.line, each.refusal.code))


def located(files: Files, refusal: Invalid) -> Wrong:
    """Say in which file and line of a tree the reason of a refusal stands."""
    path, keys = _placed(str(refusal.field or ""))
    return Wrong(path, line_of(files.get(path, ""), keys), refusal)


def everything_wrong(documents: Documents) -> list[Invalid]:
    """List all that is wrong with documents: with each by itself, and with what they say of each other."""
    found = list(_each_by_itself(documents))
    known = {(each.code, each.field) for each in found}
    _, together = read(documents)
    return found + [each for each in together if (each.code, each.field) not in known]


def _each_by_itself(documents: Documents) -> Iterator[Invalid]:
    for (kind, name), body in sorted(documents.items()):
        yield from wrongs_of(kind, name, body)


def wrongs_of(kind: str, name: str, body: Mapping[str, Any]) -> list[Invalid]:
    """List what is wrong with one document: reading stops at the first key, so it is read again without that one."""
    left, gone = dict(body), set[str]()
    found: list[Invalid] = []
    while True:
        try:
            read_one(kind, name, left)
            return found
        except Invalid as refusal:
            key = str(refusal.field or "").removeprefix(f"{kind}/{name}").lstrip(".").partition(".")[0]
            if key not in gone:
                found.append(refusal)
            if key not in left or len(found) >= MOST_WRONGS:
                return found
            gone.add(key)
            del left[key]


def _placed(where: str) -> tuple[str, list[str]]:
    """Turn where a refusal points (`queue/security.defaults.owner`) into a file and the way to the key in it."""
    head, *keys = where.split(".")
    kind, _, name = head.partition("/")
    return (path_of((kind, name)), keys) if kind in KINDS and name else (head, keys)
