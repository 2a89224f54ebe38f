"""What the tickets of the measurements say: a night of a regional network, over and over."""

from __future__ import annotations

from random import Random

PEOPLE = [
    "anna",
    "kofi",
    "mei",
    "ola",
    "ada",
    "ravi",
    "lena",
    "tomas",
    "yuki",
    "sara",
    "ivan",
    "noor",
    "pablo",
    "greta",
    "hans",
    "ines",
    "jonas",
    "karin",
    "luca",
    "mira",
    "nils",
    "olga",
    "petra",
    "quim",
]
QUEUES = [
    "backbone",
    "access",
    "general",
    "customers",
    "transmission",
    "planned",
    "security",
    "voice",
    "peering",
    "facilities",
    "servers",
    "wireless",
]
NETWORKS = ("Backbone", "Access", "Campus ring")
VENDORS = ("Norlink", "Lakefibre", "Tristate Power", "Photonic", "Metro Duct", "Switchworks")
PLACES = [
    "aa",
    "chi",
    "lan",
    "det",
    "gr",
    "kzo",
    "flt",
    "sag",
    "mid",
    "tvc",
    "mqt",
    "hou",
    "alp",
    "oak",
    "mus",
    "jxn",
]
ROLES = ("cr1", "cr2", "ar1", "ar2", "sw1", "sw2", "ola1", "dwdm1", "pe1", "pe2", "fw1", "rtr1")

FAULTS = (
    "{machine}: interface et-0/1/0 down",
    "{machine}: BGP session to AS64500 lost",
    "{machine} does not answer SNMP",
    "Loss of light towards {place}",
    "High error rate on the {place} – Chicago 100G",
    "Packet loss at {place} since this morning",
    "Power feed B lost in {place}, rack 12",
    "Fan tray alarm on {machine}",
    "Customer at {place} cannot reach the library",
    "Fibre cut between {place} and Lansing",
    "Planned software upgrade of {machine}",
    "Slow access from {place} in the evening",
    "Certificate of the portal at {place} runs out",
    "UPS on battery in {place}",
    "Flapping optics on {machine}, port xe-2/0/3",
)
OPENED = (
    (
        "Monitoring reports the interface down since 02:{minute:02d}. The neighbour sees loss of signal, too. No work"
        " was announced for tonight; the light level before the fault was -7.1 dBm and steady for weeks."
    ),
    (
        "Called in by the site contact: nothing loads since the morning. Other sites on the same ring are not affected."
        " Ping from our side shows 40 % loss, traceroute ends at the aggregation switch."
    ),
    (
        "Alarm from the optical layer, two amplifiers lost their input. Traffic has moved to the northern path,"
        " so that no customer is down, but there is no redundancy left until it is repaired."
    ),
    (
        "The power company announced a short cut for maintenance; the UPS took over and has 38 minutes. Generator is"
        " on site and was tested last month."
    ),
)
NOTES = (
    "Called the site: the contact confirms that the rack has power, link LED is dark. Asked them to reseat the optic.",
    "Vendor says the crew has left the depot and will be at the manhole in about 50 minutes.",
    "Optic reseated, no change. Light at the far end is -31 dBm, which is darkness. Fibre is suspected.",
    "OTDR shows a break at 14.{minute:02d} km. That is the road works near the bridge which the county announced.",
    (
        "show interfaces diagnostics optics:\n  Laser output power   0.8120 mW / -0.90 dBm\n  Receiver power  0.0008 mW"
        " / -30.97 dBm\n  Module temperature   31 degrees C"
    ),
    "Traffic is stable on the protection path. Utilisation 61 % at the peak, that will hold over the night.",
    "No answer at the number we have; left a message and wrote a mail. Will try the second contact next.",
    "Customer called again and asks for a time. Told them that the crew is on site and that we call back at four.",
    "Splicing has begun, 96 fibres; ours are in the second tube. Estimated end 06:{minute:02d}.",
    "Errors have stopped since the patch was replaced. Watching the counters for half an hour before we resolve.",
)
ACTIONS = (
    "call the site again",
    "ask Norlink for a time",
    "watch the counters",
    "check the light level",
    "call the customer back",
    "wait for the crew's report",
)
SOLVED = (
    "Fibre repaired by the vendor's crew; all 96 spliced and measured",
    "Optic replaced, errors gone for an hour",
    "Power restored, UPS charging",
    "Software restarted, session is up again",
    "Patch cable in the meet-me room replaced",
)
CAUSES = ("fibre cut", "optic", "power", "software", "configuration", "patch cable", "unknown")
ORGANISATIONS = (
    "Lansing College",
    "Lake Library",
    "Mid County Schools",
    "Harbour Hospital",
    "Northern Museum",
)

_BEGINNINGS = (
    "al",
    "ber",
    "cor",
    "dra",
    "el",
    "fen",
    "gor",
    "hal",
    "is",
    "jor",
    "kar",
    "lun",
    "mar",
    "nor",
    "os",
)
_MIDDLES = ("a", "an", "ar", "e", "en", "er", "i", "in", "o", "or", "u", "un")
_ENDS = (
    "bridge",
    "by",
    "dale",
    "feld",
    "gate",
    "ham",
    "holm",
    "ing",
    "ley",
    "mark",
    "ning",
    "rup",
    "stad",
    "ton",
    "wick",
)
LEXICON = [
    begin + middle + more + end
    for begin in _BEGINNINGS
    for more in _MIDDLES
    for middle in _MIDDLES
    for end in _ENDS
]
"""As many words as people use who write about their work: a few all the time, most of them hardly ever."""


def detail(rng: Random) -> str:
    """This will add what makes each text its own: words of the common and the rare kind, and the names of things."""
    count = len(LEXICON)
    said = [LEXICON[int(count * rng.random() ** 4)] for _ in range(rng.randrange(3, 12))]
    chance = rng.random()
    if chance < 0.15:
        said.append(f"CIR-{rng.randrange(10**6):06d}")
    elif chance < 0.3:
        said.append(f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}")
    elif chance < 0.4:
        said.append(f"AS{rng.randrange(64496, 65536)}")
    elif chance < 0.5:
        said.append(f"et-{rng.randrange(4)}/{rng.randrange(4)}/{rng.randrange(32)}")
    elif chance < 0.55:
        said.append(f"2001:db8:{rng.randrange(65536):x}::/48")
    return " ".join(said)
