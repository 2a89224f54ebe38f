"""What is open now: the night that whoever signs on finds. Each story begins a fixed time ago and ends in mid-air."""

from __future__ import annotations

from datetime import timedelta

from nocturne.desk.demo import looks
from nocturne.desk.demo.inventory import customer_named, line_named
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

MAIN = ("backbone/0", 1)
"""The ticket of the night."""


def backbone(scene: Scene) -> None:
    """The path from Ann Arbor to Chicago is down, and its complaints come in."""
    trouble = Problem(
        scene,
        "Ann Arbor – Chicago 100G down, Lakenet dual-homed sites on backup",
        "LinkDown cr1.aa et-0/1/0. Interface down, redundant path active.\n\n"
        + looks.traceroute(scene.dice, "cr2.chi", looks.hop("cr2.chi"), ["cr1.aa", "cr2.chi"], lost_after=1),
        line=line_named("NL-IC-3321"),
        queue="backbone",
        network="Backbone",
        site="Ann Arbor",
        severity=2,
        started=3,
        down=3,
        effect="redundancy lost",
        hits=[
            ("site", "Ann Arbor", "redundancy lost"),
            ("site", "Chicago", "redundancy lost"),
            ("customer", "Huron Valley College", "degraded"),
        ],
    )
    scene.later(4)
    trouble.take(worked=5)
    scene.later(7)
    trouble.change("Of three paths west two are left, and they run at 84 %.", priority=1)
    trouble.refer(
        "Norlink",
        "00912233",
        "No light from either end. Norlink NOC opened their case while I was on the phone; their optical desk measures.",
        next="Norlink to locate the break",
        timer=(40, "Norlink: where is it?"),
        worked=10,
    )
    scene.later(22)
    trouble.note(
        "Norlink sees loss of light at Jackson hut. Splice crew called out, ETA to site in about 70 minutes.",
        ago=6,
        next="Crew on site",
        timer=(75, "crew on site?"),
    )
    _complaints(scene, trouble)
    scene.later(4)
    trouble.reply(
        "We have lost one of two paths between Ann Arbor and Chicago. Traffic is on the backup path and may be slow; a crew"
        " of the fibre’s owner is on its way. Next word from us in two hours or when it changes.",
    )
    scene.later(40)
    trouble.note(
        "Crew is at Jackson. Excavator again, at the drainage works by the creek; 96 fibres, ours in the second tube.\n\n"
        + looks.optics(scene.dice, received=-40.0),
        next="Norlink to confirm splice ETA",
        timer=(scene.until_now(-4), "Norlink: ETA?"),
        worked=5,
    )
    scene.later(15)
    trouble.note(
        "Owner of the field wants a word with somebody before they dig on. Norlink’s right-of-way person is on it; her"
        " mobile is +1 555 0108, not to be passed on.",
        by=scene.boss(),
        secret=True,
    )
    scene.reach(scene.stage.now - timedelta(minutes=4))
    trouble.rings()


def _complaints(scene: Scene, trouble: Problem) -> None:
    for name, subject, text in (
        (
            "Huron Valley College",
            "Cannot reach the library catalogue",
            "Hi, the catalogue and half of the web take forever since about an hour. 14 people have asked me already.",
        ),
        (
            "St. Brendan University",
            "Slow to everything in Chicago",
            "Our telemedicine partner is in Chicago and sessions break off. Is this you or them?",
        ),
        (
            "Kent County Library",
            "Catalogue search times out in all branches",
            "All eleven branches. It comes back for a minute and goes again.",
        ),
    ):
        scene.later(5, 9)
        customer = customer_named(name)
        complaint = Problem(
            scene, subject, f"{text}\n\n{customer.person}\n{name}", by=customer, started=50,
            hits=[("customer", name, "degraded")],
        )  # fmt: skip
        scene.later(1, 3)
        complaint.points_to("parent", trouble)
        if name == "Huron Valley College":
            complaint.take(next="Tell all when the trouble is resolved")


def session(scene: Scene) -> None:
    """A transit session flaps right now."""
    problem = Problem(
        scene,
        "BGP session to AS64499 flapping, 40 resets in half an hour",
        looks.session(scene.dice, "203.0.113.249", "AS64499", "Active", 40),
        machines=["br2.det"],
        circuit="HX-7002",
        vendor="Hexatransit",
        queue="backbone",
        network="Backbone",
        site="Detroit",
        severity=1,
        started=31,
        down=31,
        effect="degraded",
        hits=[("service", "Transit through Hexatransit", "degraded")],
    )
    scene.later(3)
    problem.take(by=scene.second(), next="Stop the churn")
    scene.later(4)
    problem.note(
        "Shut it by hand. Everything leaves through Chicago, which has lost a path tonight: 91 %.", worked=10
    )
    scene.later(9)
    problem.note(
        "Errors in bursts on our side:\n\n"
        + looks.port(scene.dice, "et-0/0/12", up=True, errors=4411, flaps=40),
        next="Check optics on et-0/0/12",
        timer=(scene.until_now(12), "remote hands at br2.det?"),
    )
    problem.dispatch(
        "Guard, Riverfront exchange",
        "Remote hands are let in by the guard, +1 313 555 0102. Spare optic is on the shelf.",
    )


def supply(scene: Scene) -> None:
    """A UPS has just switched to battery, and nobody has it yet."""
    Problem(
        scene,
        "UPS on battery, Kalamazoo PoP",
        "ups1.kzo: input lost on phase 2, on battery. 97 %, runtime 184 minutes at 3.1 kW.",
        machines=["ups1.kzo", "cr1.kzo"],
        queue="backbone",
        network="Services",
        site="Kalamazoo",
        severity=2,
        started=1,
        hits=[("site", "Kalamazoo", "redundancy lost")],
        next="Dispatch field engineer",
    )


def resolver(scene: Scene) -> None:
    """A name server is slow, and it is not yet clear why."""
    problem = Problem(
        scene,
        "DNS resolver ns2 answers slowly",
        "Median 4 ms, 99th percentile 2.8 s.\n\n"
        + looks.dig("www.statearchive.example", "198.51.100.53", 2811),
        machines=["ns2.chi"],
        queue="services",
        network="Services",
        site="Chicago",
        severity=3,
        started=20,
        hits=[("service", "Name resolution", "degraded")],
    )
    scene.later(15)
    problem.take()
    scene.later(30)
    problem.note(
        "Same questions to ns1 are quick. Nothing in the log but timeouts towards two TLD servers.", worked=15
    )
    scene.later(70)
    said = problem.note("Restarted the resolver at 40 % cache. No change after 15 minutes.", worked=10)
    scene.later(5)
    problem.correct(said, "Flushed the cache at 40 %, did not restart it. No change after 15 minutes.")
    scene.later(40)
    problem.note(
        "IPv6 only! With v4 alone it is as quick as ns1. The path of ns2 to the TLDs leaves through Hexatransit.",
        next="Compare with ns1 after cache flush",
        timer=(scene.until_now(80), "ns2 again"),
    )


def peninsula(scene: Scene) -> None:
    """A vendor has had it for a day, and no timer is set: the kind that gets forgotten."""
    problem = Problem(
        scene,
        "Marquette – Traverse City at half rate in heavy snow",
        "Radio hop of PF-2207 at Seney has fallen to its lowest modulation.\n\n"
        + looks.ping(scene.dice, looks.hop("ar1.mqt"), loss=1, least=9.4),
        line=line_named("PF-2207"),
        queue="backbone",
        network="Backbone",
        site="Marquette",
        severity=3,
        started=30,
        hits=[
            ("customer", "Superior State College", "degraded"),
            ("customer", "Calumet Technical Institute", "degraded"),
        ],
    )
    scene.later(10)
    problem.take()
    scene.later(20)
    problem.refer(
        "Peninsula Fibre",
        "PF-4410/F",
        "Ice on the dish at Seney, they say. A climber goes up when the wind is below 40 km/h.",
        next="Climber at Seney",
        worked=10,
    )


def amplifier(scene: Scene) -> None:
    """Restored and watched, not yet resolved."""
    problem = Problem(
        scene,
        "Optical power low on Lansing – Grand Rapids",
        "dwdm1.lan: receive power 6 dB under baseline on the west side.\n\n"
        + looks.optics(scene.dice, received=-16.1, usual=-10.2),
        line=line_named("NL-IC-3407"),
        machines=["dwdm1.lan", "cr1.lan", "cr3.gr"],
        queue="backbone",
        network="Backbone",
        site="Lansing",
        severity=3,
        started=25,
        down=25,
        effect="degraded",
        hits=[("site", "Grand Rapids", "degraded")],
    )
    scene.later(9)
    problem.take()
    scene.later(20)
    problem.refer("Norlink", "00912101", "They see their amplifier at Owosso with one pump laser at its limit.", next="Norlink", timer=(120, "Norlink: pump?"))  # fmt: skip
    scene.later(110)
    problem.restore(
        "Pump card swapped, level back.\n\n" + looks.optics(scene.dice, received=-10.4, usual=-10.2)
    )
    problem.resume("Watching it through the cold of the night.", next="Level in the morning, then resolve",
                   timer=(scene.until_now(5 * 60 + 40), "level at dwdm1.lan?"))  # fmt: skip


def tac(scene: Scene) -> None:
    """A software fault lies with the maker."""
    problem = Problem(
        scene,
        "ar1.tvc: BFD sessions drop at every commit",
        "Three commits, three times 14 sessions down for 2 seconds.",
        machines=["ar1.tvc"],
        queue="backbone",
        network="Access",
        site="Traverse City",
        severity=3,
        vendor="Castellan Systems",
        hits=[("customer", "Lakeshore Health", "degraded")],
    )
    scene.later(40)
    problem.take(by="priya")
    problem.note("No commits on this router until further notice; there is a note on its console.")
    problem.change("For the study of commits that do harm.", by="mei", check_marks="commit study")
    scene.later(80)
    problem.refer("Castellan Systems", "2026-1120-774", "Traces of the third one uploaded.", next="Castellan: is it the known one?", timer=(20 * 60, "Castellan?"), worked=40)  # fmt: skip
    scene.later(19 * 60)
    problem.note(
        "They reproduce it. Mended in the next release, workaround: delay of 5 s before distribution. Trying on a lab router.",
        next="Castellan to send the release date",
        timer=(scene.until_now(9 * 60), "Castellan: release date?"),
    )


STORIES = (
    Story("backbone", backbone, 1, 4, 192 / 60),
    Story("session", session, 1, 1, 47 / 60),
    Story("supply", supply, 1, 1, 9 / 60),
    Story("resolver", resolver, 1, 1, 6),
    Story("peninsula", peninsula, 1, 1, 31),
    Story("amplifier", amplifier, 1, 1, 10),
    Story("tac", tac, 1, 1, 72),
)
