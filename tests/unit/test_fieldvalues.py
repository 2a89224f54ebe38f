"""What people type into local fields is read in every spelling they use, and kept in one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nocturne.core.configuration.fields import Choice, Field
from nocturne.core.fieldvalues import Context, Found, plain, searchable, shown, spell, spell_all
from nocturne.core.fieldvalues.texts import outline, under
from nocturne.core.refusals import Invalid

NOW = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # a Thursday; Friday already in Amsterdam
KNOWN = {
    ("machine", "cr1.aa"): Found(42, "cr1.aa"),
    ("machine", "old1"): Found(7, "old1", retired=True),
    ("ticket", "4711"): Found(4711, "4711"),
    ("person", "anna"): Found(1, "anna"),
}
CONTEXT = Context(
    NOW, "Europe/Amsterdam", "NL", lambda kind, given: KNOWN.get((kind, given.lower().removeprefix("@")))
)
LAYERS = (
    Choice("link", "Link"),
    Choice("fibre", "Fibre", parent="link"),
    Choice("dwdm", "DWDM", parent="fibre", formerly=("wdm",)),
    Choice("copper", "Copper", parent="link", retired=True),
    Choice("routing", "Routing"),
)


def of(kind: str, **more: Any) -> Field:
    return Field("f", title="F", kind=kind, **more)


def kept(field: Field, given: Any) -> Any:
    found = spell(field, given, CONTEXT, warnings=[])
    return None if found is None else found["value"]


@pytest.mark.req("R9.1", "R9.2")
@pytest.mark.parametrize(
    ("kind", "more", "given", "value", "as_shown"),
    [
        ("text", {}, "  two \n words\0 ", "two words", "two words"),
        ("long text", {}, "a\r\nb\n", "a\nb", "a\nb"),
        ("choice", {"choices": LAYERS}, "Fibre", "fibre", "Fibre"),
        ("choice", {"choices": LAYERS}, "WDM", "dwdm", "DWDM"),
        ("yes or no", {}, "Y", True, "yes"),
        ("yes or no", {}, False, False, "no"),
        ("number", {"unit": "bit/s"}, "10G", "10000000000", "10 Gbit/s"),
        ("number", {"unit": "Mbit/s"}, "2.5", "2500000", "2.5 Mbit/s"),
        ("number", {"unit": "Mbit/s"}, "40 gbps", "40000000000", "40 Gbit/s"),
        ("number", {"unit": "ms"}, "1.5 ms", "0.0015", "1.5 ms"),
        ("number", {"unit": "ms"}, "1,5", "0.0015", "1.5 ms"),
        ("number", {"unit": "s"}, "5 min", "300", "300 s"),
        ("number", {"unit": "dBm"}, "−21.4 dBm", "-21.4", "-21.4 dBm"),
        ("number", {"unit": "MiB"}, "2", "2097152", "2.097152 MB"),
        ("number", {"unit": "V"}, "48 V", "48", "48 V"),
        ("number", {}, 1e6, "1000000", "1000000"),
        ("number", {}, "10k", "10000", "10000"),
        ("number", {}, "-0", "0", "0"),
        ("duration", {}, "1h30", 5400, "1 h 30 m"),
        ("duration", {}, "26:00", 93600, "1 d 2 h"),
        ("as number", {}, "AS6939", 6939, "AS6939"),
        ("as number", {}, "as 1.10", 65546, "AS65546"),
        ("date", {}, "26.11.2026", "2026-11-26", "2026-11-26"),
        ("date", {}, "today", "2026-11-27", "2026-11-27"),
        ("date", {}, "mon", "2026-11-30", "2026-11-30"),
        ("date", {}, "3 Dec 2026", "2026-12-03", "2026-12-03"),
        ("time", {}, "2:05 pm", "14:05", "14:05"),
        ("time", {}, "0730", "07:30", "07:30"),
        ("machine", {}, "CR1.AA", 42, "cr1.aa"),
        ("person", {}, "@anna", 1, "anna"),
        ("ticket", {}, "#4711", 4711, "4711"),
        ("ip address", {}, "[2001:DB8::0:1]", "2001:db8::1", "2001:db8::1"),
        ("ip prefix", {}, "192.0.2.0/255.255.255.0", "192.0.2.0/24", "192.0.2.0/24"),
        ("mac address", {}, "001b.4411.3AB7", "00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7"),
        ("mac address", {}, "0-1b-44-11-3a-b7", "00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7"),
        ("mac address", {}, "001B44113AB7", "00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7"),
        ("phone", {}, "020 592 5000", "+31205925000", "+31 20 592 5000"),
        ("phone", {}, "+1 734 555 0199 x12", "+17345550199 ext. 12", "+1 734-555-0199 ext. 12"),
        ("mail address", {}, "<NOC@Example.NET>", "noc@example.net", "noc@example.net"),
        ("url", {}, "Example.net/A?b=C", "https://example.net/A?b=C", "https://example.net/A?b=C"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_it_and_shown_as_people_read_it(
    kind: str, more: dict[str, Any], given: Any, value: Any, as_shown: str
) -> None:
    field = of(kind, **more)
    found = spell(field, given, CONTEXT, warnings=[])
    assert found is not None
    assert (found["kind"], found["value"], shown(found, field)) == (kind, value, as_shown)


@pytest.mark.req("R9.2")
@pytest.mark.parametrize(
    ("kind", "more", "given", "code"),
    [
        ("text", {}, "x" * 301, "field_too_long"),
        ("text", {"pattern": "CVE-[0-9]{4}-[0-9]{4,7}"}, "CVE-26-1", "field_pattern"),
        ("choice", {"choices": LAYERS}, "weather", "field_not_among"),
        ("choice", {"choices": LAYERS}, "copper", "field_retired"),
        ("number", {}, "ten", "field_not_a_number"),
        ("number", {}, "1,500", "field_ambiguous_number"),
        ("number", {"unit": "bit/s"}, "10 ms", "field_other_unit"),
        ("number", {}, "1e40", "field_number_out_of_range"),
        ("number", {}, "nan", "field_not_a_number"),
        ("yes or no", {}, "maybe", "field_not_yes_or_no"),
        ("date", {}, "11/12/2026", "field_not_a_date"),
        ("date", {}, "2026-02-30", "field_not_a_date"),
        ("time", {}, "25:00", "field_not_a_time"),
        ("time", {}, "13 pm", "field_not_a_time"),
        ("duration", {}, "soon", "field_not_a_duration"),
        ("machine", {}, "cr9.zz", "field_unknown_machine"),
        ("machine", {}, "old1", "field_retired"),
        ("ticket", {}, "99", "field_unknown_ticket"),
        ("ip address", {}, "10.0.0", "field_not_ip_address"),
        ("ip address", {}, "fe80::1%eth0", "field_not_ip_address"),
        ("ip prefix", {}, "10.0.0.1/24", "field_host_bits"),
        ("ip prefix", {}, "10.0.0.1", "field_prefix_without_length"),
        ("mac address", {}, "00:1b:44:11:3a", "field_not_mac_address"),
        ("mac address", {}, "00:1b:44:11:3a:g7", "field_not_mac_address"),
        ("as number", {}, "AS4294967296", "field_not_as_number"),
        ("as number", {}, "1.70000", "field_not_as_number"),
        ("phone", {}, "12", "field_not_a_phone"),
        ("mail address", {}, "anna at example", "field_not_mail_address"),
        ("url", {}, "javascript:alert(1)", "field_not_a_url"),
        ("url", {}, "https://anna:secret@example.net/", "field_url_with_password"),
        ("url", {}, "https://[::1", "field_not_a_url"),
        ("text", {}, {"a": 1}, "field_not_a_value"),
    ],
)
def test_what_cannot_stand_in_a_strict_field_is_refused_with_the_reason(
    kind: str, more: dict[str, Any], given: Any, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        spell(of(kind, **more), given, CONTEXT, warnings=[])
    assert (refused.value.code, refused.value.field) == (code, "field/f")


@pytest.mark.req("R9.2", "R14.1")
@pytest.mark.parametrize(
    ("kind", "given"),
    [("ip address", "10.1.2.x"), ("machine", "cr9.zz"), ("phone", "ext 12"), ("date", "soon")],
)
def test_a_lenient_field_takes_what_the_operator_knows_better_and_warns(kind: str, given: str) -> None:
    warnings: list[Invalid] = []
    found = spell(of(kind, strict=False), given, CONTEXT, warnings=warnings)
    assert found == {"kind": kind, "unchecked": given}
    assert [each.field for each in warnings] == ["field/f"]
    assert (shown(found), plain(found), searchable(found).text) == (given, given, given)


@pytest.mark.req("R9.2")
def test_a_lenient_pattern_warns_and_keeps_the_value_as_it_would_have_been() -> None:
    warnings: list[Invalid] = []
    field = of("text", pattern="CVE-[0-9-]+", pattern_help="CVE-2026-1234", strict=False)
    assert spell(field, " cve-1 ", CONTEXT, warnings=warnings) == {"kind": "text", "value": "cve-1"}
    assert [(each.code, each.params["help"]) for each in warnings] == [("field_pattern", "CVE-2026-1234")]


@pytest.mark.req("R9.1")
def test_many_values_stand_apart_by_commas_each_once() -> None:
    field = of("ip address", many=True)
    found = spell_all(field, "10.0.0.1, 10.0.0.2,10.0.0.1", CONTEXT, warnings=[])
    assert [each["value"] for each in found] == ["10.0.0.1", "10.0.0.2"]
    with pytest.raises(Invalid) as refused:
        spell_all(of("text"), ["a", "b"], CONTEXT, warnings=[])
    assert refused.value.code == "field_only_one"


@pytest.mark.req("R14.1")
def test_choices_hang_together_in_a_hierarchy() -> None:
    field = of("choice", choices=LAYERS)
    assert [(depth, each.value) for depth, each in outline(field)] == [
        (0, "link"), (1, "fibre"), (2, "dwdm"), (1, "copper"), (0, "routing")
    ]  # fmt: skip
    assert under(field, "fibre") == ["fibre", "dwdm", "wdm"]


@pytest.mark.req("R9.5")
def test_a_value_goes_on_saying_what_it_said_when_its_field_changes() -> None:
    latency = spell(of("number", unit="ms"), "1.5", CONTEXT, warnings=[])
    assert shown(latency, of("number", unit="s")) == "1.5 ms"
    layer = spell(of("choice", choices=LAYERS), "fibre", CONTEXT, warnings=[])
    assert shown(layer, of("choice", choices=(Choice("other", "Other"),))) == "fibre"
    assert shown(layer, of("text")) == "fibre"
    assert shown(layer, None) == "fibre"


def test_programs_get_numbers_as_numbers_and_names_as_names() -> None:
    assert plain(spell(of("number", unit="bit/s"), "10G", CONTEXT, warnings=[])) == 10_000_000_000
    assert plain(spell(of("number"), "1.5", CONTEXT, warnings=[])) == 1.5
    assert plain(spell(of("machine"), "cr1.aa", CONTEXT, warnings=[])) == "cr1.aa"
    assert plain(spell(of("yes or no"), "yes", CONTEXT, warnings=[])) is True
    assert kept(of("text"), "   ") is None
