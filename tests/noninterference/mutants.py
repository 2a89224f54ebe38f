"""Every place where the house asks what somebody may read, found in its own source; and each with the asking taken out.

A gate is one question of the permits, or of their twins in SQL, in one function. Taken out, the function is compiled
anew with that question answered "all of it", and changed in place: whoever has a reference to it has its mutant.
"""

from __future__ import annotations

import ast
import copy
import gc
import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import nocturne
from nocturne.core.configuration import current
from nocturne.store.readings import Reading

ROOT = Path(nocturne.__file__).parent
NUMBERS = "0, 1, 2, 3, 10, 12"
EVERY_CLASS = f"frozenset({{{NUMBERS}}})"
ANSWERS = {
    "rung": "__import__('nocturne.core.entry', fromlist=['x']).DataClass.RESTRICTED",
    "classes": EVERY_CLASS,
    "classes_somewhere": EVERY_CLASS,
    "seen_by": EVERY_CLASS,
    "in_scope": "True",
    "sees_all_tickets": "True",
    "sees_column": "True",
    "sees_column_everywhere": "True",
    "knows_queue": "True",
    "counts_are_plain": "True",
    "held": "__import__('nocturne.core.actors', fromlist=['x'])._resolve("
    "__import__('nocturne.desk.alarms', fromlist=['x']).MACHINERY)",
    "visible": "None",
}
"""What a question of the permits is answered with when it is taken out."""
ASKED_OF = ("permits", "reach", "versions", "lists")
"""The modules that answer them."""
SETS_OF_CLASSES = ("seen", "sees", "classes", "somewhere", "staffs")
"""What the sets of classes are called that something is looked up in."""
WHOLE = {
    "core.permits:classes": EVERY_CLASS,
    "core.permits:classes_somewhere": EVERY_CLASS,
    "core.permits:in_scope": "True",
    "core.permits:knows_queue": "True",
    "core.permits:may": "True",
    "core.permits:project": "dict(header)",
    "core.permits:rung": "DataClass.RESTRICTED",
    "core.permits:sees_all_tickets": "True",
    "core.permits:sees_column": "True",
    "core.permits:sees_column_everywhere": "True",
    "core.query.allowed:demand": "None",
    "store.lists:open_to": "Ticket.objects.open()",
    "store.lists:orders": "list(ORDERS)",
    "store.models.charts:TicketQuerySet.visible_to": "self.all()",
    "store.reach:visible": "None",
    "store.search:_readable": "found",
}
"""The questions themselves, and what is little else than one: what each says when it lets everything through."""
ASKS_NOTHING = (
    "core/permits.py",
    "core/actors.py",
    "core/entry.py",
    "core/explaining.py",
    "core/configuration/",
    "store/reach.py",
)
"""The permits and their twin in SQL, whose questions are listed above; what they are made of and explained by."""
OUTSIDE = ("doors/cli/", "desk/demo/", "config/")
"""What only the host's own administrator runs."""
AS_A_WHOLE = "as a whole"


@dataclass(frozen=True, order=True)
class Gate:
    """One question of the permits, as it is written in a function."""

    module: str
    function: str
    asked: str

    def __str__(self) -> str:
        return f"{self.module}:{self.function} {self.asked}"

    @property
    def where(self) -> str:
        return f"{self.module}:{self.function}"


@cache
def gates() -> dict[str, Gate]:
    """Find every gate, by what it is called in the tables of `shown.py`."""
    found = [Gate(*name.split(":"), AS_A_WHOLE) for name in WHOLE]
    for path in sorted(ROOT.rglob("*.py")):
        inside = str(path.relative_to(ROOT))
        if inside.startswith((*ASKS_NOTHING, *OUTSIDE)) or "migrations" in inside:
            continue
        module = inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name, function in _defined(ast.parse(path.read_text()).body, ""):
            found += [Gate(module, name, ast.unparse(node)) for node in ast.walk(function) if _question(node)]
    return {str(gate): gate for gate in found}


def _defined(body: list[ast.stmt], before: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield before + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _defined(node.body, f"{before}{node.name}.")


def _question(node: ast.AST) -> str:
    """Name the question that a piece of code asks, if it asks one."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.LtE | ast.Gt):
        rung = node.comparators[0]
        is_rung = isinstance(rung, ast.Attribute) and getattr(rung.value, "id", "") == "DataClass"
        return "a rung" if is_rung else ""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
        asked = node.comparators[0]
        name = getattr(asked, "id", getattr(asked, "attr", ""))
        return "in" if name in SETS_OF_CLASSES else ""
    if isinstance(node, ast.keyword):
        return "shown_class__in" if (node.arg or "").endswith("shown_class__in") else ""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        if node.func.attr == "visible_to":
            return "visible_to"
        whose = getattr(node.func.value, "id", "")
        return node.func.attr if node.func.attr in ANSWERS and whose in ASKED_OF else ""
    return node.func.id if isinstance(node.func, ast.Name) and node.func.id in ANSWERS else ""


class _Taken(ast.NodeTransformer):
    """Answers one question, wherever a function asks it, with all of it."""

    def __init__(self, asked: str) -> None:
        self.asked = asked

    def visit(self, node: ast.AST) -> ast.AST:
        question = _question(node)
        if question and ast.unparse(node) == self.asked:
            return ast.copy_location(_answer(node, question), node)
        return self.generic_visit(node)


def _answer(node: Any, question: str) -> ast.AST:
    if question == "visible_to":
        return ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
    if question == "a rung":
        return ast.Constant(isinstance(node.ops[0], ast.LtE))
    if question == "in":
        return ast.Constant(True)
    if question == "shown_class__in":
        return ast.keyword(node.arg, ast.parse(f"[{NUMBERS}]", mode="eval").body)
    return ast.parse(ANSWERS[question], mode="eval").body


@contextmanager
def taken_out(gate: Gate) -> Iterator[None]:
    """This will answer one question with all of it, wherever its function is used."""
    function = _function(gate)
    before = function.__code__
    function.__code__ = _mutant(gate, function)
    _forget()
    try:
        yield
    finally:
        function.__code__ = before
        _forget()


def _function(gate: Gate) -> FunctionType:
    """Find the function that a gate stands in, below whatever it is wrapped in."""
    found: Any = importlib.import_module(f"nocturne.{gate.module}")
    for name in gate.function.split("."):
        found = found.__dict__[name] if inspect.isclass(found) else getattr(found, name)
    if isinstance(found, property):
        found = found.fget
    found = inspect.unwrap(getattr(found, "__func__", found))
    assert isinstance(found, FunctionType), f"{gate} is no function"
    return found


def _mutant(gate: Gate, original: FunctionType) -> Any:
    """Compile a gate's function anew without it, and give its code."""
    path = Path(str(importlib.import_module(f"nocturne.{gate.module}").__file__))
    defined = dict(_defined(ast.parse(path.read_text()).body, ""))
    changed = copy.deepcopy(defined[gate.function])
    if gate.asked == AS_A_WHOLE:
        changed.body = ast.parse(f"return {WHOLE[gate.where]}").body
    else:
        _Taken(gate.asked).visit(changed)
    changed.decorator_list = []
    module = ast.Module([ast.ImportFrom("__future__", [ast.alias("annotations")], 0), changed], [])
    space: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(module), str(path), "exec"), original.__globals__, space)
    return space[changed.name].__code__


def _forget() -> None:
    """Let everything be asked and built anew that is kept: a mutant may build another."""
    current().resolved.clear()
    for each in _readings():
        each._built.clear()


@cache
def _readings() -> list[Reading]:
    return [each for each in gc.get_objects() if isinstance(each, Reading)]
