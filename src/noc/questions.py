"""Lists what one is asked, and what one has asked and waits for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from noc import paint, places, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.times import instant, span


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print the open questions."""
    if words not in ([], ["--json"]):
        raise Ended(USAGE, "noc: noc questions, and to answer: noc answer 4711 yes, shelf 3")
    answer = ask(places.present(), "/me/questions")
    if words:
        print(answer.text)
        return DONE
    found = json.loads(answer.body)["questions"]
    for title, listed in (
        ("Asked of you", [each for each in found if each["is_for_me"]]),
        ("You have asked", [each for each in found if each["is_mine"]]),
    ):
        if listed:
            print(paint.bold(title))
            print("\n".join(_line(each) for each in listed))
    if not found:
        print("Nobody waits for an answer of yours, and you wait for none.")
    return DONE


def _line(asked: dict[str, Any]) -> str:
    since = span(datetime.now(UTC) - instant(asked["at"]))
    said = " ".join((asked["text"] or "").split())
    return say.shown(f"  {asked['number']}  {asked['author']} asks {asked['asked']}, {since} ago: {said}")
