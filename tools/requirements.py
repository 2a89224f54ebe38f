"""Writes docs/requirements.md: for each requirement, which tests prove it, and which ones nothing proves yet."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"


def main(arguments: list[str]) -> int:
    """This will write the page, or with --check say whether it is up to date."""
    page = render()
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print("docs/requirements.md is out of date: run `make requirements`")
    return 1


def proofs() -> dict[str, list[str]]:
    """Find the tests that name a requirement, in the order of files and lines."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, name in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found[row].append(
                f"[{name.removeprefix('test_').replace('_', ' ')}](../{path.relative_to(ROOT)})"
            )
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Find the rows that tests name, each its own and those of its whole file."""
    of_all = [row for node in tree.body if _is_pytestmark(node) for row in _rows(node)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        named = [row for decorator in node.decorator_list for row in _rows(decorator)]
        if node.name.startswith("test_"):
            named += [row for row in of_all if row not in named]
        yield from ((row, node.name) for row in named)


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"


def _rows(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("mark.req"):
            yield from (str(ast.literal_eval(argument)) for argument in call.args)


def render() -> str:
    """Lay out the page."""
    sections = tomllib.loads((ROOT / "docs" / "rows.toml").read_text(encoding="utf-8"))
    found = proofs()
    known = {row for rows in sections.values() for row in rows}
    strange = sorted(found.keys() - known)
    if strange:
        sys.exit(f"tests name requirements that do not exist: {', '.join(strange)}")
    proven = sum(1 for row in known if row in found)
    lines = [
        "# Requirements",
        "",
        "Made by `make requirements` from `docs/rows.toml` and the tests' `req` markers; do not edit it by hand.",
        f"Of {len(known)} requirements, {proven} are named by a test. One so named may be proven only in part.",
    ]
    for title, rows in sections.items():
        lines += ["", f"## {title}", "", "| requirement | need | proven by |", "|---|---|---|"]
        lines += [f"| {row} | {need} | {_cell(found.get(row, []))} |" for row, need in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(tests: list[str]) -> str:
    if not tests:
        return "nothing yet"
    shown = " · ".join(tests[:4])
    return f"{shown} · and {len(tests) - 4} more" if len(tests) > 4 else shown


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
