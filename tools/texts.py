"""The texts that people read: finds them in the source, brings the catalogues up to date, and says what is missing.

python tools/texts.py            finds the texts and brings every catalogue up to date
python tools/texts.py --check    changes nothing, and fails where a translation is missing, unsure, unused or unfit
python tools/texts.py --todo de  prints what is not translated yet
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from django.template.base import Lexer, TokenType  # noqa: E402
from django.utils.translation import template as marks  # noqa: E402
from django.utils.translation import trim_whitespace  # noqa: E402

from tools.catalogues import LOCALE, Key, Text, compile_all, read, written  # noqa: E402

SOURCE = ROOT / "src" / "nocturne"
CONTEXT, SINGLE, PLURAL = 0, 1, 2
CALLS = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), (SINGLE,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (SINGLE, PLURAL)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (CONTEXT, SINGLE)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (CONTEXT, SINGLE, PLURAL)),
}
"""The functions that mark a text, and what each of their first words is."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{[\w.]*\}")
HEAD = (
    "Project-Id-Version: nocturne\nLanguage: {language}\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing, and fail where something is wrong"
    )
    parser.add_argument("--todo", default="", metavar="LANGUAGE", help="print what is not translated yet")
    asked = parser.parse_args()
    found = extracted()
    wrong = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        language = path.parent.parent.name
        head, texts = read(path)
        if asked.check or asked.todo:
            complaints = list(complaints_of(found, texts))
            wrong += len(complaints)
            print("\n".join(f"{language}: {each}" for each in complaints), end="\n" if complaints else "")
            continue
        known = {(context, single): text for (context, single, _), text in texts.items()}
        for key, text in found.items():
            text.said = [""] * (2 if key[2] else 1)
            before = texts.get(key) or known.get(key[:2])
            if before and len(before.said) == len(text.said):
                text.said, text.notes, text.flags = before.said, before.notes, before.flags
        path.write_text(written(head or HEAD.format(language=language), found.values()), encoding="utf-8")
        missing = sum(not text.is_translated for text in found.values())
        print(f"{language}: {len(found)} texts, {missing} of them not translated")
    compile_all()
    return int(wrong > 0)


def complaints_of(found: dict[Key, Text], texts: dict[Key, Text]) -> Iterator[str]:
    """This will say in what a catalogue does not fit the source."""
    for key, text in found.items():
        where = f"{' '.join(text.places)}: {key[1][:90]!r}"
        said = texts.get(key)
        if said is None or not all(said.said):
            yield f"is not translated: {where}"
            continue
        if "fuzzy" in said.flags:
            yield f"is not sure: {where}"
        for original, other in zip(key[1:] if key[2] else key[1:2], said.said, strict=True):
            yield from (f"{each}: {where}" for each in _unfit(original, other, one=bool(key[2])))
    for key in texts.keys() - found.keys():
        yield f"is translated, but nowhere said: {key[1][:90]!r}"


def _unfit(original: str, other: str, *, one: bool) -> Iterator[str]:
    ours, theirs = Counter(PLACEHOLDER.findall(original)), Counter(PLACEHOLDER.findall(other))
    # In a language one may say “one” for the number 1, and a name twice.
    if set(theirs) - set(ours) or (set(ours) - set(theirs) and not one):
        yield f"has other placeholders ({' '.join(sorted(set(ours) ^ set(theirs)))})"
    if (original[:1] == "\n", original[-1:] == "\n") != (other[:1] == "\n", other[-1:] == "\n"):
        yield "begins or ends with another line"
    if re.findall(r"<[^>]*>", original) and sorted(re.findall(r"</?\w+", original)) != sorted(
        re.findall(r"</?\w+", other)
    ):
        yield "has other markup"


# --- finding -------------------------------------------------------------------------------------------------------


def extracted() -> dict[Key, Text]:
    """This will find every text that is marked, in Python and in templates, with the files that it stands in."""
    found: dict[Key, Text] = {}
    files = sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")])
    for path in files:
        if "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        place = str(path.relative_to(SOURCE.parent))
        for key in in_python(source) if path.suffix == ".py" else in_template(source):
            text = found.setdefault(key, Text(key))
            if place not in text.places:
                text.places.append(place)
    # One entry of a catalogue serves both: what is asked for without a number is the singular.
    for (context, single, plural), text in list(found.items()):
        if plural and (bare := found.pop((context, single, ""), None)):
            text.places = sorted({*text.places, *bare.places})
    return found


def in_python(source: str) -> Iterator[Key]:
    """This will find the texts that a module marks."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = CALLS.get(name, ())
        words = [_constant(each) for each in node.args[: len(parts)]]
        if parts and len(words) == len(parts) and all(words):
            key = ["", "", ""]
            for part, word in zip(parts, words, strict=True):
                key[part] = str(word)
            yield key[0], key[1], key[2]


def _constant(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _constant(node.left), _constant(node.right)
        return left + right if left is not None and right is not None else None
    return None


def in_template(source: str) -> Iterator[Key]:
    """This will find the texts that a template marks, put together as Django puts them together."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            continue
        if token.token_type == TokenType.BLOCK:
            if found := marks.inline_re.match(token.contents):
                yield _context(found[2]), _unquoted(found[1]), ""
            elif found := marks.block_re.match(token.contents):
                yield _block(tokens, _context(found[1]), trimmed=" trimmed" in token.contents)
                continue
        for literal in marks.constant_re.findall(token.contents):
            yield "", _unquoted(literal), ""


def _context(words: str | None) -> str:
    found = marks.context_re.match(words) if words else None
    return _unquoted(found[1]) if found else ""


def _block(tokens: Iterator, context: str, *, trimmed: bool) -> Key:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            if marks.endblock_re.match(token.contents):
                break
            parts.append([])
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts] + [""]
    if trimmed:
        texts = [trim_whitespace(text) for text in texts]
    return context, texts[0], texts[1]


def _unquoted(literal: str) -> str:
    literal = literal.removeprefix("_(").removesuffix(")")
    return literal[1:-1].replace(f"\\{literal[0]}", literal[0])


if __name__ == "__main__":
    sys.exit(main())
