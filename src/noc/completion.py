"""Prints a script that lets a shell complete `noc`."""

from __future__ import annotations

from noc.ends import DONE, USAGE, Ended

KEYS = ("next:", "timer:", "owner:", "state:", "clock:", "queue:", "priority:", "severity:", "at:", "worked:",
        "machine:", "circuit:", "vendor:", "cc:", "tag:", "parent:")  # fmt: skip

BASH = """_noc() {
    local word=${COMP_WORDS[COMP_CWORD]}
    if (( COMP_CWORD == 1 )); then
        COMPREPLY=( $(compgen -W "@COMMANDS@" -- "$word") )
    elif [[ ${COMP_WORDS[1]} == completion ]]; then
        COMPREPLY=( $(compgen -W "bash zsh fish" -- "$word") )
    elif (( COMP_CWORD > 1 )); then
        COMPREPLY=( $(compgen -W "@KEYS@" -- "$word") )
        [[ ${COMPREPLY[0]} == *: ]] && compopt -o nospace
    fi
}
complete -F _noc noc
"""
ZSH = """#compdef noc
_noc() {
    if (( CURRENT == 2 )); then
        compadd -- @COMMANDS@
    elif [[ ${words[2]} == completion ]]; then
        compadd -- bash zsh fish
    else
        compadd -S '' -- @KEYS@
    fi
}
compdef _noc noc
"""
FISH = """complete -c noc -f
complete -c noc -n __fish_use_subcommand -a '@COMMANDS@'
complete -c noc -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c noc -n 'not __fish_use_subcommand; and not __fish_seen_subcommand_from completion' -a '@KEYS@'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print the script for one shell."""
    if len(words) != 1 or words[0] not in SCRIPTS:
        raise Ended(USAGE, 'noc: noc completion bash|zsh|fish, for example: eval "$(noc completion bash)"')
    from noc.__main__ import ACTS, OTHERS

    script = SCRIPTS[words[0]]
    print(
        script.replace("@COMMANDS@", " ".join(sorted({*ACTS, *OTHERS}))).replace("@KEYS@", " ".join(KEYS)),
        end="",
    )
    return DONE
