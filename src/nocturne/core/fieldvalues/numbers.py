"""Numbers with their units, durations and AS numbers."""

from __future__ import annotations

import re
from decimal import Context as Exactness
from decimal import Decimal, InvalidOperation

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues.value import Context, Kind, Kinds, Stored, bad, by_number
from nocturne.core.spans import DAY, HOUR, MINUTE, read_span

MOST = Decimal(10) ** 18
LEAST = Decimal("1e-9")
EXACT = Exactness(prec=90)
"""Digits enough that nothing is ever rounded: what is shown is what was typed."""
PREFIXES = {
    "p": "1e-12", "n": "1e-9", "µ": "1e-6", "m": "1e-3", "": "1", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
    "P": "1e15",
}  # fmt: skip
SHOWN = ("P", "T", "G", "M", "k", "", "m", "µ", "n")
SPELLINGS = {"u": "µ", "μ": "µ", "K": "k", "g": "G", "t": "T"}
BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
BASES = ("bit/s", "B/s", "pps", "B", "bit", "s", "m", "Hz", "W", "V", "A", "VA", "Wh")
"""Units that take a prefix. Any other unit that a field names is taken as it stands."""
ALIASES = {
    "bps": "bit/s", "b/s": "bit/s", "bits/s": "bit/s", "bit/sec": "bit/s", "Bps": "B/s", "byte/s": "B/s",
    "byte": "B", "bytes": "B", "bits": "bit", "sec": "s", "metre": "m", "metres": "m", "meter": "m", "meters": "m",
    "hz": "Hz", "watt": "W", "volt": "V", "packets/s": "pps",
}  # fmt: skip
TIMES = {"min": MINUTE, "h": HOUR, "d": DAY}
_NUMBER = re.compile(r"([+-]?(?:\d{1,30}(?:[.,]\d{0,24})?|[.,]\d{1,24}))(?:[eE]([+-]?\d{1,2}))?\s*(.{0,20})")
_AS = re.compile(r"(?:AS|ASN)?\s*(\d{1,10})(?:\.(\d{1,5}))?", re.IGNORECASE)


def number(field: Field, text: str, _: Context) -> Stored:
    """Read a number, with its unit or a prefix of it: `10G`, `1.5 ms`, `40 Gbit/s`.

    It is kept in the base unit (`bit/s`, `s`), so that another unit of the field changes no old value.

    :raises Invalid: it is no number, its unit is another, or the index could not hold it.
    """
    match = _NUMBER.fullmatch(text.replace("−", "-").replace("\u00a0", " ").strip())
    if match is None:
        raise bad(field, "not_a_number", text)
    digits = match[1]
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", digits):
        raise bad(field, "ambiguous_number", text)  # 1,500 is 1500 to some and 1.5 to others
    base = parted(field.unit)[1]
    written = digits.replace(",", ".") + (f"e{match[2]}" if match[2] else "")
    try:
        found = EXACT.multiply(Decimal(written), _factor(field, match[3]))
        is_held = abs(found) < MOST and found == found.quantize(LEAST, context=EXACT)
    except InvalidOperation:
        is_held = False
    if not is_held:
        raise bad(field, "number_out_of_range", text)
    return {"value": plain(found), **({"unit": base} if base else {})}


def parted(unit: str) -> tuple[Decimal, str]:
    """Part a unit into the factor of its prefix and the base: `Mbit/s` is a million `bit/s`."""
    if unit in TIMES:
        return Decimal(TIMES[unit]), "s"
    for base in (*BASES, *ALIASES):
        if unit.endswith(base):
            prefix = unit.removesuffix(base)
            prefix = SPELLINGS.get(prefix, prefix)
            whole = ALIASES.get(base, base)
            if prefix in BINARY and whole in ("B", "bit", "B/s", "bit/s"):
                return Decimal(BINARY[prefix]), whole
            if prefix in PREFIXES:
                return Decimal(PREFIXES[prefix]), whole
    return Decimal(1), unit


def _factor(field: Field, written: str) -> Decimal:
    """Say by what a number is multiplied for the unit that stands behind it, or for the field's own.

    :raises Invalid: it is not a unit of this field.
    """
    own, base = parted(field.unit)
    written = written.strip()
    if not written:
        return own
    if written in (field.unit, base):  # before prefixes: a metre is no thousandth
        return own if written == field.unit else Decimal(1)
    prefix = SPELLINGS.get(written, written)
    if prefix in PREFIXES and (base in BASES or (not base and prefix in "kMGT")):
        return Decimal(PREFIXES[prefix])
    if prefix in BINARY and base in ("B", "bit", "B/s", "bit/s"):
        return Decimal(BINARY[prefix])
    for spelling in (written, written.lower(), written[:1] + written[1:].lower()):
        factor, other = parted(spelling)
        if base and other == base:
            return factor
    raise bad(field, "other_unit", written, unit=field.unit or "1")


def plain(found: Decimal) -> str:
    """Spell a number in the one way it is kept: no exponent, no zeros at its ends, no plus."""
    text = f"{found:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def show_number(value: Stored, _: Field | None = None) -> str:
    """Write a number with the largest prefix that leaves it at least one: `10 Gbit/s`."""
    found, unit = Decimal(str(value["value"])), str(value.get("unit", ""))
    if unit not in BASES or not found:
        return f"{plain(found)} {unit}".rstrip()
    for prefix in SHOWN[SHOWN.index("") :] if unit == "s" else SHOWN:
        if abs(found) >= Decimal(PREFIXES[prefix]):
            return f"{plain(EXACT.divide(found, Decimal(PREFIXES[prefix])))} {prefix}{unit}"
    return f"{plain(found)} {unit}"


def duration(field: Field, text: str, _: Context) -> Stored:
    """Read how long something lasts: `2h`, `1 d 4 h`, `90 s`, `1:30`; kept in seconds.

    :raises Invalid: it is no span of time.
    """
    clock = re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", text)
    if clock is not None:
        return {"value": int(clock[1]) * HOUR + int(clock[2]) * MINUTE + int(clock[3] or 0)}
    words = text.lower().split()
    found = read_span(words)
    if found is None or found[1] != len(words):
        raise bad(field, "not_a_duration", text)
    return {"value": found[0].total}


def show_duration(value: Stored, _: Field | None = None) -> str:
    """Write a duration whole: `1 d 4 h`, `90 s` as `1 m 30 s`."""
    seconds = int(value["value"])
    parts = (
        (seconds // DAY, "d"), (seconds // HOUR % 24, "h"), (seconds // MINUTE % 60, "m"), (seconds % 60, "s")
    )  # fmt: skip
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def as_number(field: Field, text: str, _: Context) -> Stored:
    """Read the number of an autonomous system: `AS6939`, `6939`, or in dots, `1.10` (RFC 5396).

    :raises Invalid: it is none.
    """
    match = _AS.fullmatch(text)
    high, low = (int(match[1]), match[2]) if match else (2**32, None)
    found = high if low is None else (high << 16) + int(low)
    if found >= 2**32 or (low is not None and (high >= 2**16 or int(low) >= 2**16)):
        raise bad(field, "not_as_number", text)
    return {"value": found}


def _show_as_number(value: Stored, _: Field | None) -> str:
    return f"AS{value['value']}"


KINDS: Kinds = {
    "number": Kind(number, show_number, by_number, "10G"),
    "duration": Kind(duration, show_duration, by_number, "1h30"),
    "as number": Kind(as_number, _show_as_number, by_number, "AS6939"),
}
