"""Where `noc` begins: chooses what was asked for, and ends with a code that a script can rely on."""

from __future__ import annotations

import sys

from noc.ends import Ended

ACTS = frozenset(
    {
        "note", "reply", "take", "give", "refer", "dispatch", "escalate", "suspend", "resume", "restore", "resolve",
        "check", "close", "reopen", "reject", "move", "merge", "relate", "acknowledge", "open", "ask", "answer",
        "pin", "unpin",
    }
)  # fmt: skip
"""Words that name an act of the desk; the server knows what they mean."""
OTHERS = {
    "show": "noc.show",
    "ls": "noc.ls",
    "batch": "noc.batch",
    "workload": "noc.workload",
    "views": "noc.views",
    "count": "noc.ls",
    "watch": "noc.watch",
    "handover": "noc.handover",
    "timeline": "noc.timeline",
    "questions": "noc.questions",
    "subscriptions": "noc.subscriptions",
    "subscribe": "noc.subscriptions",
    "unsubscribe": "noc.subscriptions",
    "login": "noc.login",
    "logout": "noc.login",
    "kept": "noc.keeping",
    "completion": "noc.completion",
    "help": "noc.help",
}


def main(arguments: list[str] | None = None) -> int:
    """This will do what the command line says, and return the code to end with."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except Ended as end:
        if end.says:
            print(end.says, file=sys.stderr)
        return end.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it while it ends.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _run(words: list[str]) -> int:
    as_json = False
    while words and words[0] in ("--json", "--help", "-h", "--version"):
        if words[0] != "--json":
            return _other("help", words)
        as_json, words = True, words[1:]
    if not words:
        return _other("help", ["--short"])
    first = words[0]
    if words[1:2] in (["-h"], ["--help"]) and (first in ACTS or first in OTHERS):
        return _other("help", [first])
    number = first.removeprefix("#")
    if number.isdecimal():
        if len(words) == 1 and not _piped():
            return _other("show", [*(["--json"] if as_json else []), number])
        from noc import say

        return say.line("", words, as_json=as_json)
    if first in ACTS:
        from noc import say

        return say.line(first, words[1:], as_json=as_json)
    return _other(first, [*(["--json"] if as_json else []), *words[1:]])


def _piped() -> bool:
    from noc import say

    return say.is_piped()


def _other(command: str, words: list[str]) -> int:
    from importlib import import_module

    if command not in OTHERS:
        from noc.help import OF_RT

        meant = f" RT’s {command} is `noc {OF_RT[command]}` here." if command in OF_RT else ""
        raise Ended(2, f"noc: there is no command “{command}”.{meant} `noc help` lists them all.")
    return int(import_module(OTHERS[command]).run(command, words))


if __name__ == "__main__":
    sys.exit(main())
