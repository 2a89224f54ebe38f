"""Reads, writes and compiles catalogues of translated texts (gettext's .po and .mo), with nothing but Python itself.

python3 tools/catalogues.py      compiles what is not compiled yet, as bootstrap.py and the making of a wheel do
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "nocturne" / "locale"
MAGIC = 0x950412DE
_LINE = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[(\d)\])?)?\s*(".*")$')

Key = tuple[str, str, str]
"""A text's context, its singular and its plural; what is not there is empty."""


@dataclass
class Text:
    """One text of the catalogue: where it stands in the source, and how it reads in the other language."""

    key: Key
    said: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def is_translated(self) -> bool:
        return bool(self.said) and all(self.said) and "fuzzy" not in self.flags


def read(path: Path) -> tuple[str, dict[Key, Text]]:
    """This will read a catalogue: its head, and its texts."""
    texts: dict[Key, Text] = {}
    head = ""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        text = _text_of(block)
        if text is None:
            continue
        if text.key[1]:
            texts[text.key] = text
        else:
            head = text.said[0]
    return head, texts


def _text_of(block: str) -> Text | None:
    text, parts, now = Text(("", "", "")), dict[str, str](), ""
    for line in block.splitlines():
        if line.startswith("#~"):
            return None
        if line.startswith("#:"):
            text.places += line[2:].split()
        elif line.startswith("#,"):
            text.flags |= {each.strip() for each in line[2:].split(",")}
        elif line.startswith("#"):
            text.notes.append(line)
        elif found := _LINE.match(line.strip()):
            now = found[1] or now
            parts[now] = parts.get(now, "") + ast.literal_eval(found[3])
    if "msgid" not in parts:
        return None
    text.key = (parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
    text.said = [said for name, said in sorted(parts.items()) if name.startswith("msgstr")]
    return text


def written(head: str, texts: Iterable[Text]) -> str:
    """This will write a catalogue as text, in the order given."""
    return "\n".join([_block(Text(("", "", ""), [head])), *map(_block, texts)])


def _block(text: Text) -> str:
    context, single, plural = text.key
    lines = [*text.notes]
    if text.places:
        lines.append("#: " + " ".join(text.places))
    if text.flags:
        lines.append("#, " + ", ".join(sorted(text.flags)))
    if context:
        lines.append(f"msgctxt {_quoted(context)}")
    lines.append(f"msgid {_quoted(single)}")
    if plural:
        lines.append(f"msgid_plural {_quoted(plural)}")
        lines += [f"msgstr[{place}] {_quoted(each)}" for place, each in enumerate(text.said)]
    else:
        lines.append(f"msgstr {_quoted(text.said[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    def one(part: str) -> str:
        escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'

    parts = text.splitlines(keepends=True)
    return one(text) if len(parts) < 2 else "\n".join(['""', *map(one, parts)])


# --- compiling -----------------------------------------------------------------------------------------------------


def compiled(head: str, texts: Iterable[Text]) -> bytes:
    """This will make of a catalogue the file that gettext reads; what is not translated is left out of it."""
    pairs = {"": head} | {_key(text.key): "\0".join(text.said) for text in texts if text.is_translated}
    rows = [(key.encode(), pairs[key].encode()) for key in sorted(pairs, key=str.encode)]
    start = 7 * 4
    at = start + len(rows) * 16
    keys, values, body = [], [], b""
    for place, index in ((0, keys), (1, values)):
        for row in rows:
            index.append((len(row[place]), at + len(body)))
            body += row[place] + b"\0"
    sizes = (0, len(rows), start, start + len(rows) * 8, 0, 0)
    index = b"".join(struct.pack("<II", *each) for each in (*keys, *values))
    return struct.pack("<I6I", MAGIC, *sizes) + index + body


def _key(key: Key) -> str:
    context, single, plural = key
    return (f"{context}\x04" if context else "") + single + (f"\0{plural}" if plural else "")


def stale(locale: Path = LOCALE) -> Iterator[tuple[Path, Path]]:
    """Name each catalogue that is not compiled, or has changed since, and where it is compiled to."""
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime_ns < source.stat().st_mtime_ns:
            yield source, made


def compile_all(locale: Path = LOCALE) -> None:
    """This will compile each catalogue that is not compiled, or has changed since."""
    for source, made in stale(locale):
        head, texts = read(source)
        new = made.with_suffix(".new")
        new.write_bytes(compiled(head, texts.values()))
        new.replace(made)


if __name__ == "__main__":
    sys.exit(compile_all())
