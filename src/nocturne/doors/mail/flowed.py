"""Text that its sender's program has broken into short lines, joined again (RFC 3676)."""

from __future__ import annotations


def joined(text: str, *, delete_space: bool = False) -> str:
    """This will join the lines that end in a space with the next of the same quote depth."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        stripped = line.rstrip("\r")
        depth = len(stripped) - len(stripped.lstrip(">"))
        words = stripped[depth:].removeprefix(" ")
        is_signature = words == "-- "
        is_soft = words.endswith(" ") and not is_signature
        kept = words[:-1] if is_soft and delete_space else words
        if depth == open_depth and out and not is_signature:
            out[-1] += kept
        else:
            out.append(f"{'>' * depth} {kept}" if depth else kept)
        open_depth = depth if is_soft else -1
    return "\n".join(out)
