"""What the commands of the configuration say: faults with their places, changes, what becomes of tickets, history."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nocturne.doors.cli.manners import complain, on_the_host

if TYPE_CHECKING:
    from nocturne.core.configuration.difference import Change
    from nocturne.core.configuration.tree import Wrong
    from nocturne.core.lifecycle import Move
    from nocturne.store.models import Audit


def say_strangers(folder: Path) -> None:
    """Say which accounts queues name that are not here: mostly a slip of the fingers, or a tree of another site."""
    from nocturne.core.configuration import tree
    from nocturne.desk import queues
    from nocturne.doors.cli import folders

    documents, _ = tree.documents_in(folders.read(folder)[0])
    for (kind, name), body in sorted(documents.items()):
        if strangers := queues.unknown_people(kind, body):
            print(
                f"{kind}/{name} names {', '.join(strangers)}: there is no such account here."
                " They count from when there is.",
                file=sys.stderr,
            )


def say_and_end(wrongs: Sequence[Wrong], folder: Path | None) -> None:
    """Name every fault with its file and line, as compilers do, and end with 1 where there is one."""
    from nocturne.desk import wording

    for each in wrongs:
        place = str(folder / each.file) if folder else each.file
        line = f":{each.line}" if each.line else ""
        print(f"{place}{line}: {wording.refusal(each.refusal)}", file=sys.stderr)
    if wrongs:
        raise complain(f"Faults: {len(wrongs)}. Nothing was changed.")


def print_changes(changes: Sequence[Change], *, as_json: bool) -> None:
    """Print what differs, document by document and key by key."""
    from nocturne.core.configuration.difference import lines

    if not as_json:
        for line in lines(changes):
            print(line)
        return
    rows = [
        {
            "document": "/".join(change.document),
            "how": change.how.value,
            "keys": [
                {"path": key.path, "how": key.how.value, "before": key.before, "after": key.after}
                for key in change.keys
            ],
        }
        for change in changes
    ]
    print(json.dumps(rows, indent=2, ensure_ascii=False))


def say_effect(folder: Path, changes: Sequence[Change]) -> None:
    """Say on standard error what becomes of the tickets that are open now, where life cycles change."""
    from nocturne.core.configuration.tree import documents_in
    from nocturne.desk import lifecycles
    from nocturne.doors.cli import folders

    after, _ = documents_in(folders.read(folder)[0])
    changed = {change.document: after.get(change.document) for change in changes}
    effect = lifecycles.effect_of(changed, by=on_the_host())
    if not effect:
        return
    least = "" if effect.is_all else "at least "
    print(f"{least}{effect.live} open tickets go through life cycles that change:", file=sys.stderr)
    for each in effect.states:
        becomes = f" → {each.becomes.name}" if each.becomes else ""
        ways = [f"+{_way(move)}" for move in each.appear] + [f"-{_way(move)}" for move in each.vanish]
        stuck = "no way leads on from there" if each.stuck else ""
        told = ", ".join(part for part in (*ways, stuck) if part)
        print(
            f"    {each.cycle.name}/{each.state.name}{becomes}: {each.count}  {told}".rstrip(),
            file=sys.stderr,
        )


def _way(move: Move) -> str:
    return f"{move.act} to {move.to}" if move.to else move.act


def row(row: Audit) -> tuple[object, ...]:
    """Lay out a line of the history for a table."""
    from nocturne.core.configuration.difference import between

    paths = list(dict.fromkeys(key.path for key in between(row.before or {}, row.after or {})))
    what = "added" if row.before is None else "taken away" if row.after is None else _some(paths)
    why = row.facts.get("reason") or ""
    if "reverts" in row.facts:
        why = f"takes {row.facts['reverts']} back"
    return (row.pk, row.at, row.actor_label, row.door, f"{row.subject_kind}/{row.subject}", what, why)


def _some(paths: Sequence[str], most: int = 4) -> str:
    return ", ".join(paths[:most]) + (f" and {len(paths) - most} more" if len(paths) > most else "")


def row_as_json(row: Audit) -> dict[str, Any]:
    """Lay out a line of the history for programs, with what stood before and after."""
    return {
        "row": row.pk,
        "at": row.at.isoformat(),
        "who": row.actor_label,
        "door": row.door,
        "document": f"{row.subject_kind}/{row.subject}",
        "before": row.before,
        "after": row.after,
        "facts": row.facts,
        "batch": row.batch,
    }


def say_changed(changed: Sequence[tuple[str, str]]) -> None:
    """Say on standard error which documents have changed."""
    if not changed:
        print("That is in force already: nothing has changed.", file=sys.stderr)
        return
    print(f"Changed: {', '.join(f'{kind}/{name}' for kind, name in changed)}", file=sys.stderr)
