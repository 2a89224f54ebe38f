"""What Lakenet has: three networks, twelve sites, forty machines, its circuits and vendors, and the people to call.

All of it is invented: telephone numbers are of the range kept for fiction, addresses and domains for documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from nocturne.store import models

NETWORKS = ("Backbone", "Access", "Services")


@dataclass(frozen=True, slots=True)
class Place:
    """A site: its short name in machine names, its name, where it is, and who opens the door."""

    code: str
    name: str
    where: str
    keeper: str
    phone: str


@dataclass(frozen=True, slots=True)
class Line:
    """A circuit: whose it is, between which machines, and on which port of the near one."""

    name: str
    vendor: str
    near: str
    far: str
    port: str
    capacity: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A connected institution: who calls, from which domain and prefix, and through which router."""

    name: str
    person: str
    phone: str
    email: str
    router: str
    prefix: str


PLACES = (
    Place(
        "aa", "Ann Arbor", "Carrier hotel, 2nd floor, rows 4 and 5", "Night desk Ann Arbor", "+1 734 555 0119"
    ),
    Place("det", "Detroit", "Riverfront exchange, cage 12", "Guard, Riverfront exchange", "+1 313 555 0102"),
    Place("chi", "Chicago", "Lakeside exchange, suite 1640", "Remote hands, Lakeside", "+1 312 555 0140"),
    Place(
        "lan", "Lansing", "State computing centre, room B21", "Operations, state computing", "+1 517 555 0111"
    ),
    Place("gr", "Grand Rapids", "Monroe telehouse, 3rd floor", "Monroe telehouse desk", "+1 616 555 0155"),
    Place("kzo", "Kalamazoo", "College hall, basement", "Facilities, College hall", "+1 269 555 0126"),
    Place("fli", "Flint", "Water Street exchange", "Water Street janitor", "+1 810 555 0103"),
    Place("sag", "Saginaw", "County annex, telecom closet", "County annex reception", "+1 989 555 0171"),
    Place("tvc", "Traverse City", "Bayfront hub", "Bayfront hub, M. Aalto", "+1 231 555 0138"),
    Place("mqt", "Marquette", "Ore Dock building, ground floor", "Ore Dock, P. Heikkinen", "+1 906 555 0164"),
    Place("tol", "Toledo", "Maumee exchange, rack 7", "Maumee exchange desk", "+1 419 555 0180"),
    Place("sbn", "South Bend", "Studebaker annex, rack 3", "Studebaker annex desk", "+1 574 555 0147"),
)

VENDORS = (
    ("Norlink", "+1 555 0100", "noc@norlink.example"),
    ("Brightlane", "+1 555 0106", "care@brightlane.example"),
    ("Peninsula Fibre", "+1 906 555 0150", "faults@peninsulafibre.example"),
    ("Hexatransit", "+1 555 0114", "noc@hexatransit.example"),
    ("Castellan Systems", "+1 555 0122", "tac@castellan.example"),
    ("Optivane", "+1 555 0131", "support@optivane.example"),
    ("Consolidated Lakes Power", "+1 555 0177", "outages@lakespower.example"),
    ("Keystone Generator", "+1 555 0183", "service@keystonegen.example"),
)

MACHINES = {
    "Backbone": (
        "cr1.aa", "cr2.aa", "cr1.det", "cr2.det", "cr1.chi", "cr2.chi", "cr1.lan", "cr3.gr", "cr1.kzo", "cr1.tol",
        "br1.chi", "br2.det", "dwdm1.aa", "dwdm1.chi", "dwdm1.kzo", "dwdm1.lan",
    ),
    "Access": (
        "ar1.lan", "ar2.lan", "ar1.kzo", "ar1.fli", "ar1.sag", "ar1.tvc", "ar1.mqt", "ar1.sbn", "ar1.tol", "ar1.gr",
        "sw1.det", "sw1.gr", "oob1.aa", "oob1.mqt",
    ),
    "Services": (
        "ns1.aa", "ns2.chi", "mx1.aa", "rad1.det", "ntp1.aa", "mon1.aa", "vpn1.lan", "ups1.kzo", "ups1.tvc", "gen1.det",
    ),
}  # fmt: skip

LINES = (
    Line("NL-IC-3321", "Norlink", "cr1.aa", "cr2.chi", "et-0/1/0", "100G"),
    Line("NL-IC-3340", "Norlink", "cr2.det", "cr1.tol", "et-0/0/3", "100G"),
    Line("NL-IC-3407", "Norlink", "cr1.lan", "cr3.gr", "et-0/1/2", "100G"),
    Line("NL-IC-3415", "Norlink", "cr1.aa", "cr1.lan", "et-0/1/1", "100G"),
    Line("NL-IC-3502", "Norlink", "cr1.det", "cr1.aa", "et-0/0/0", "100G"),
    Line("BL-88231", "Brightlane", "cr1.kzo", "cr2.chi", "et-0/0/4", "100G"),
    Line("BL-88417", "Brightlane", "cr3.gr", "cr1.kzo", "xe-0/2/1", "10G"),
    Line("BL-90112", "Brightlane", "ar1.fli", "cr2.det", "xe-0/0/2", "10G"),
    Line("BL-90135", "Brightlane", "ar1.sag", "ar1.fli", "xe-0/0/3", "10G"),
    Line("BL-90677", "Brightlane", "ar1.sbn", "cr1.kzo", "xe-0/0/1", "10G"),
    Line("PF-2207", "Peninsula Fibre", "ar1.mqt", "ar1.tvc", "xe-0/0/0", "10G"),
    Line("PF-2231", "Peninsula Fibre", "ar1.tvc", "cr3.gr", "xe-0/0/2", "10G"),
    Line("PF-2260", "Peninsula Fibre", "ar1.mqt", "ar1.sag", "ge-0/0/5", "1G"),
    Line("HX-7001", "Hexatransit", "br1.chi", "cr1.chi", "et-0/0/12", "100G"),
    Line("HX-7002", "Hexatransit", "br2.det", "cr1.det", "et-0/0/12", "100G"),
)

CUSTOMERS = (
    Customer("Capital Community College", "Renee Dufour", "+1 517 555 0134", "rdufour@capital-cc.example", "ar1.lan", "192.0.2.0/26"),
    Customer("Huron Valley College", "Cleo Reyes", "+1 734 555 0121", "creyes@huronvalley.example", "cr2.aa", "192.0.2.64/26"),
    Customer("Kent County Library", "Walt Brandsma", "+1 616 555 0190", "wbrandsma@kentlibrary.example", "ar1.gr", "192.0.2.128/27"),
    Customer("Lakeshore Health", "Imani Brooks", "+1 231 555 0105", "ibrooks@lakeshorehealth.example", "ar1.tvc", "198.51.100.0/26"),
    Customer("Superior State College", "Toivo Maki", "+1 906 555 0118", "tmaki@superiorstate.example", "ar1.mqt", "198.51.100.64/26"),
    Customer("Genesee Math Academy", "Lucia Ferrante", "+1 810 555 0127", "lferrante@genesee-math.example", "ar1.fli", "198.51.100.128/27"),
    Customer("Saginaw Bay Hospital", "Derrick Poole", "+1 989 555 0112", "dpoole@saginawbay.example", "ar1.sag", "198.51.100.160/27"),
    Customer("St. Brendan University", "Noor Haddad", "+1 313 555 0166", "nhaddad@stbrendan.example", "sw1.det", "203.0.113.0/26"),
    Customer("Blue Water Schools", "Gail Petrie", "+1 810 555 0144", "gpetrie@bluewater-schools.example", "ar1.fli", "203.0.113.64/27"),
    Customer("Museum of Inland Seas", "Henrik Voss", "+1 231 555 0172", "hvoss@inlandseas.example", "ar1.tvc", "203.0.113.96/28"),
    Customer("Irish Hills Seminary", "Brother Anselm", "+1 517 555 0109", "it@irishhills.example", "ar2.lan", "203.0.113.112/28"),
    Customer("Calumet Technical Institute", "Vera Stankovic", "+1 906 555 0181", "vstankovic@calumet-tech.example", "ar1.mqt", "203.0.113.128/27"),
    Customer("State Archive", "Orla Fitch", "+1 517 555 0188", "ofitch@statearchive.example", "ar1.lan", "203.0.113.160/27"),
    Customer("Portage Schools", "Ben Oyelaran", "+1 269 555 0136", "boyelaran@portage-schools.example", "ar1.kzo", "203.0.113.192/27"),
    Customer("Maumee Valley Museum", "Joan Tietz", "+1 419 555 0149", "jtietz@maumeevalley.example", "ar1.tol", "203.0.113.224/28"),
    Customer("St. Joseph River Observatory", "Ravi Menon", "+1 574 555 0101", "rmenon@sjr-observatory.example", "ar1.sbn", "198.51.100.192/27"),
)  # fmt: skip

PEERS = (
    ("AS64496", "Wolverine Cable", "noc@wolverinecable.example"),
    ("AS64499", "Hexatransit", "noc@hexatransit.example"),
    ("AS64501", "Prairie Exchange route servers", "tech@prairie-ix.example"),
    ("AS64505", "Ontario Research Ring", "noc@orr.example"),
    ("AS64508", "Straits Content", "peering@straits.example"),
    ("AS64510", "Buckeye Research Net", "noc@buckeyenet.example"),
)
_PLACES_BY_CODE = {place.code: place for place in PLACES}


def place_of(machine: str) -> Place:
    """Say where a machine stands: its name ends in its site's short name."""
    return _PLACES_BY_CODE[machine.rpartition(".")[2]]


def line_named(name: str) -> Line:
    return next(line for line in LINES if line.name == name)


def customer_named(name: str) -> Customer:
    return next(customer for customer in CUSTOMERS if customer.name == name)


def make() -> None:
    """Put Lakenet's inventory into the store; what is there already under the same name stays as it is."""
    networks = {name: models.Network.objects.get_or_create(name=name)[0] for name in NETWORKS}
    for name, phone, email in VENDORS:
        models.Vendor.objects.get_or_create(name=name, defaults={"phone": phone, "email": email})
    sites = {}
    for place in PLACES:
        keeper, _ = models.Contact.objects.get_or_create(
            name=place.keeper, email=None, defaults={"phone": place.phone}
        )
        sites[place.code], _ = models.Site.objects.get_or_create(
            name=place.name,
            defaults={"network": networks["Backbone"], "place": place.where, "contact": keeper},
        )
    for network, names in MACHINES.items():
        for name in names:
            site = sites[place_of(name).code]
            models.Machine.objects.get_or_create(
                name=name, defaults={"network": networks[network], "site": site, "contact": site.contact}
            )
    vendors = {vendor.name: vendor for vendor in models.Vendor.objects.all()}
    for line in LINES:
        models.Circuit.objects.get_or_create(
            name=line.name,
            defaults={
                "network": networks["Backbone"],
                "vendor": vendors[line.vendor],
                "from_site": sites[place_of(line.near).code],
                "to_site": sites[place_of(line.far).code],
                "capacity": line.capacity,
            },
        )
    for customer in CUSTOMERS:
        models.Contact.objects.get_or_create(
            email=customer.email,
            defaults={"name": customer.person, "organisation": customer.name, "phone": customer.phone},
        )
