"""Says how `noc` is used."""

from __future__ import annotations

import re

SHORT = """noc 4711 called site, no answer next:"call again" timer:"2h remind site"

  noc NUMBER WORDS… KEY:VALUE…   update a ticket       noc NUMBER          show it
  noc open SUBJECT… KEY:VALUE…   open one              noc ls [QUERY]      list them
  noc take NUMBER                make it yours         noc help            all of it
"""

LONG = """noc: tickets from the command line. What is typed goes to the server as it is.

  noc 4711 called site, no answer next:"call again" timer:"2h remind site"

Tickets
  noc NUMBER WORDS… KEYS…           add a note; keys change what they name
  noc open SUBJECT… KEYS…           open a ticket; a pipe is its description
  noc show NUMBER [-n 50|--all]     header and newest entries (also: noc NUMBER)
  noc ls [-n 100] [QUERY…]          is:open by default; is:mine, node:cr1.aa, clock:vendor …
                                    --columns number,owner,age,subject  --order newest|relevance
                                    --csv, --jsonl, --xlsx > file: all of them, as a file
  noc count [--all] [QUERY…]        how many there are; exactly to 1,000
  noc watch [QUERY…]                the list, live: new, changed and gone are marked; q ends.
                                    Through a pipe, a line for each change (--json too)
  noc views [NAME]                  one's views, or the tickets of one of them
  noc subscribe WHAT RHYTHM         by mail: noc subscribe untaken "weekdays 06:45" --only filled|changed
                                    a view, a dashboard (night), a question; --form text
  noc subscribe handover[:DESK]     what is handed over, at each takeover
  noc subscriptions                 what you are mailed; noc unsubscribe KEY ends it
  noc subscriptions KEY [RHYTHM]    changes it: --only --form --title --what, --rest, --go-on
Acts (words and keys may follow each)
  noc note NUMBER TEXT|-            noc reply NUMBER TEXT|-
  noc take NUMBER                   noc give NUMBER WHO
  noc refer NUMBER WHO [THEIR NUMBER]
  noc dispatch NUMBER WHO           noc escalate NUMBER WHO
  noc suspend NUMBER [clock:vendor] noc resume NUMBER
  noc restore NUMBER [at:"10 min ago"]
  noc resolve NUMBER WHAT HAPPENED  noc check NUMBER
  noc close NUMBER                  noc reopen NUMBER
  noc reject NUMBER REASON          noc acknowledge NUMBER
  noc move NUMBER STATE             where its life cycle has a move of its own
  noc merge NUMBER INTO             noc relate NUMBER OTHER [parent|depends_on|refers_to]
Colleagues and shifts
  noc ask NUMBER WHO TEXT           noc answer NUMBER TEXT      (@name in any note asks, too)
  noc pin NUMBER TEXT               noc unpin NUMBER            what the next shift must know
  noc questions                     what you are asked, and what you have asked
  noc handover [--desk NAME]        what the shift passes on; --take [WORDS] takes it over,
                                    --note WORDS leaves a note, --parting WORDS hands over with one;
                                    --redact-note ADDRESS WHY takes a note's words away for good,
                                    --redact-words ADDRESS WHY those of whoever took over
  noc timeline [-n 200] [QUERY…]    what happened; --since "yesterday 18:00" --who anna --kind people
Keys, at the end of the line
  next: timer: owner: state: clock: queue: priority: severity: at: worked: machine: circuit: vendor:
  cc: tag: parent:      a lone -- ends them; none takes a value away
Many at once
  noc batch QUERY -- ACT            an act on all that a question finds: shown, asked, done; --yes, --dry-run
  noc batch undo KEY                takes it back where nobody has touched a ticket since
  noc workload [queues|networks]    who has what
Signing on
  noc login URL [--token-stdin]     noc logout
Besides
  noc kept [send]                   updates that could not be sent yet
  noc completion bash|zsh|fish      a script for your shell
  --json                            before the command: the server's answer as it is
  noc help COMMAND                  what is about one of them (also: noc COMMAND --help)

A pipe is sent as text and never parsed:  traceroute 192.0.2.1 | noc 4711 from cr1 next:"call Norlink"
In a loop that reads from a file, give noc </dev/null, or it will take the rest of the file for its text.

NOC_URL and NOC_TOKEN come before what `noc login` has remembered.
Exit codes: 0 done, 1 refused, 2 not understood, 69 server not reached (nothing to keep), 75 kept for later.
"""

OF_RT = {
    "comment": "note NUMBER TEXT",
    "correspond": "reply NUMBER TEXT",
    "steal": "take NUMBER",
    "untake": "NUMBER owner:none",
    "create": "open SUBJECT",
    "list": "ls QUERY",
    "search": "ls QUERY",
    "edit": "NUMBER KEYS",
    "res": "resolve NUMBER WHAT HAPPENED",
    "stall": "suspend NUMBER clock:customer",
    "link": "NUMBER parent:NUMBER",
    "del": "reject NUMBER REASON",
}
"""Commands of RT's own command line, and what does the same here."""


def about(command: str) -> list[str]:
    """Pick out the lines of the help that are about one command, and what goes on beneath them."""
    found: list[str] = []
    in_it = False
    for line in LONG.splitlines():
        if line.startswith("  noc "):
            in_it = re.search(rf"\bnoc {re.escape(command)}\b", line) is not None
        elif not line.startswith("     "):
            in_it = False
        if in_it:
            found.append(line)
    return found


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print help: all of it, the first of it, or what is about one command."""
    if words == ["--version"]:
        from noc.version import version

        print(f"noc {version()}")
    elif words and (found := about(words[0])):
        print("\n".join(found))
    else:
        print(SHORT if words == ["--short"] else LONG, end="")
    return 0
