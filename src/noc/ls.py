"""Lists tickets, the most urgent first; counts them; takes them away as a file."""

from __future__ import annotations

import json
import shlex
import sys
from datetime import UTC, datetime
from typing import Any

from noc import paint, places, rows, say, wire
from noc.asking import ask
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended
from noc.quoting import as_question, for_shell, requoted
from noc.rows import table

__all__ = ["Asked", "read", "run", "table"]

USUAL = 50
FILES = ("csv", "jsonl", "xlsx")


class Asked:
    """What the command line says: which tickets, how many, which columns, in which form."""

    def __init__(self) -> None:
        self.form, self.query, self.order = "", "", ""
        self.count: int | None = None
        self.columns: list[str] = []
        self.words: list[str] = []
        """The question as the shell gave it."""

    @property
    def path(self) -> str:
        """Spell the part of the address that says which tickets, and in which order."""
        found = f"&q={escaped(self.query)}" if self.query else ""
        return found + (f"&order={escaped(self.order)}" if self.order else "")


def run(command: str, words: list[str]) -> int:
    """This will print a list of tickets, or how many there are."""
    if command == "count":
        return _count(words)
    asked = read(words, command)
    server = places.present()
    if asked.form in FILES:
        return _file(server, asked)
    found, after, group = fetched(server, asked, asked.count or USUAL)
    if asked.form == "json":
        print(json.dumps({"tickets": found, "after": after}, ensure_ascii=False))
        return DONE
    _refuse_unknown(asked.columns, found)
    names = asked.columns or rows.grouped(group)
    for line in table(found, now=datetime.now(UTC), width=paint.width(), names=names):
        print(line)
    if after is not None:
        print(paint.dim(f"… and more: {_again(words, (asked.count or USUAL) * 4)}"))
    if not found:
        print("No tickets." if asked.query else "No open tickets.")
        for sentence in _helps(server, asked.query):
            print(sentence)
        if question := as_question(asked.words):
            print(
                say.shown(f"Looked for {asked.query}; as words apart: noc ls {for_shell(question.split())}")
            )
    return DONE


def _again(words: list[str], count: int) -> str:
    """Spell a call again, for more lines than it gave."""
    rest = list(words)
    for at, word in enumerate(words):
        if word in ("-n", "--limit"):
            del rest[at : at + 2]
            break
        if word.startswith("--limit="):
            del rest[at]
            break
    return say.shown(f"noc ls -n {count} {for_shell(rest)}".rstrip())


DOUBTS = {
    "unknown_name": "{key}: nothing here is called “{given}”.",
    "no_word": "“{given}” has no letter and no digit: nothing is found by it.",
    "quoted_star": "Within quotation marks a * stands for itself: {given}.",
    "written_otherwise": "“{given}” is looked for as it is written.",
}
"""What is doubtful in a question that finds nothing, by its reason."""


def _helps(server: places.Server, query: str) -> list[str]:
    """Ask which names of a question that finds nothing are borne by nothing, and which numbers may be words of texts.

    A name was mistyped; a bare number is a ticket's, and may as well be a customer's, a VLAN or an AS.
    """
    if not query:
        return []
    found = json.loads(ask(server, f"/query?q={escaped(query)}").body)
    said = [
        say.shown(DOUBTS.get(each["reason"], DOUBTS["unknown_name"]).format_map(each))
        + (say.shown(f" Is “{each['near']}” meant?") if each["near"] else "")
        for each in found["doubts"]
    ]
    for each in found["meant"]:
        place = each["position"]
        if each["key"] == "number" and query.startswith(each["given"], place):
            asked = f"{query[:place]}{each['otherwise']}{query[place + len(each['given']) :]}"
            said.append(say.shown(f"No ticket {each['given']}; in texts: noc ls {shlex.quote(asked)}"))
        elif each["key"] == "person":
            said.append(say.shown(f"{each['given']} is a colleague: noc ls {shlex.quote(each['otherwise'])}"))
    return said


def fetched(
    server: places.Server, asked: Asked, count: int
) -> tuple[list[dict[str, Any]], str | None, str | None]:
    """Read rows page by page, where the next one would begin, and by what they stand together."""
    found: list[dict[str, Any]] = []
    group: str | None = None
    after: str | None = ""
    while after is not None and len(found) < count:
        path = f"/tickets?limit={min(200, count - len(found))}{asked.path}"
        page = json.loads(ask(server, path + (f"&after={escaped(after)}" if after else "")).body)
        found += page["tickets"]
        after, group = page["after"], page.get("group")
    return found, after, group


def _count(words: list[str]) -> int:
    """Print how many tickets there are: to 1,000 exactly, unless all are to be counted."""
    whole = "--all" in words
    asked = read([word for word in words if word != "--all"], "count")
    path = f"/tickets/count?all={'true' if whole else 'false'}{asked.path}"
    answer = ask(places.present(), path)
    if asked.form == "json":
        print(answer.text)
        return DONE
    found = json.loads(answer.body)
    print(f"{found['count']}{'' if found['is_exact'] else '+'}")
    return DONE


def _file(server: places.Server, asked: Asked) -> int:
    """Hand a file on as it comes; what a terminal cannot show is not sent to one."""
    out = sys.stdout.buffer
    if asked.form == "xlsx" and sys.stdout.isatty():
        raise Ended(USAGE, "noc: a workbook is no text. Send it somewhere: noc ls --xlsx is:open > open.xlsx")
    path = f"/tickets.{asked.form}?columns={escaped(','.join(_for_files(asked.columns)))}{asked.path}"
    if not asked.query:
        path += "&q=is:open"
    # A line of CSV ends with \r\n and a break within a cell is \n alone, so that lines can be counted.
    end = b"\r\n" if asked.form == "csv" else b"\n"
    left = -1 if asked.count is None or asked.form == "xlsx" else asked.count + (asked.form == "csv")
    try:
        for piece in wire.pieces(server, path):
            cut = _first(piece, left, end) if left >= 0 else piece
            out.write(cut)
            out.flush()
            if left >= 0:
                left -= cut.count(end)
                if not left:
                    break
    except wire.Refused as no:
        code = UNREACHABLE if no.answer.status in say.AGAIN else REFUSED
        raise Ended(code, say.refusal(no.answer, "")) from no
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    return DONE


def _first(piece: bytes, lines: int, end: bytes) -> bytes:
    """Give the beginning of a piece, up to the end of so many lines."""
    place = 0
    for _ in range(lines):
        found = piece.find(end, place)
        if found < 0:
            return piece
        place = found + len(end)
    return piece[:place]


def _for_files(names: list[str]) -> list[str]:
    """Name the columns of a file that those of a table are made of."""
    apart = {
        "problem": ["subject", "next_action"],
        "where": ["machines", "site", "network"],
        "age": ["opened_at"],
        "timer": ["alarm_at", "ringing_since"],
        "since": [],
        "parent_id": ["parent"],
        "web_url": ["url"],
    }
    return [each for name in names for each in apart.get(name, [name])]


def _refuse_unknown(names: list[str], found: list[dict[str, Any]]) -> None:
    """Refuse columns that no row has and none ever will: fields of the site are known by the rows alone."""
    fields = {name for row in found for name in row.get("fields") or {}}
    known = {*rows.KNOWN, *rows.MADE, *fields, *(f"field/{name}" for name in fields)}
    if found and (strange := [name for name in names if name not in known and name not in found[0]]):
        there = ", ".join((*rows.MADE, *rows.KNOWN, *sorted(fields)))
        raise Ended(USAGE, f"noc: there is no column “{strange[0]}”. There are: {there}.")


def read(words: list[str], command: str = "ls") -> Asked:
    """Read the command line: flags anywhere, all else is the query.

    :raises Ended: a flag is none, or lacks what belongs to it.
    """
    asked = Asked()
    rest: list[str] = []
    given = iter(words)
    for word in given:
        name, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in ("--json", "--csv", "--jsonl", "--xlsx"):
            asked.form = name[2:]
        elif name in ("-n", "--limit"):
            number = value if has_value else next(given, "")
            if not number.isdecimal() or not 1 <= int(number) <= 10_000_000:
                raise Ended(USAGE, f"noc: how many tickets? For example: noc {command} -n 100 is:open")
            asked.count = int(number)
        elif name == "--columns":
            asked.columns = rows.columns(value if has_value else next(given, ""))
            if not asked.columns:
                example = f"noc {command} --columns number,owner,subject"
                raise Ended(USAGE, f"noc: which columns? For example: {example}")
        elif name == "--order":
            asked.order = value if has_value else next(given, "")
        elif name == "--":
            rest += [say.clean(each) for each in given]
        elif name.startswith("--"):
            raise Ended(USAGE, f"noc: {command} knows no {name}. `noc help` lists what there is.")
        else:
            rest.append(say.clean(word))
    asked.words = rest
    asked.query = " ".join(requoted(word) for word in rest)
    return asked


def escaped(text: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "-._~") else f"%{byte:02X}"
        for byte in text.encode()
    )
