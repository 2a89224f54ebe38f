"""Routers, cards, consoles, and alarms that were none."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

TAC = "Castellan Systems"


def card(scene: Scene) -> None:
    """A line card dies and is replaced under contract."""
    machine = scene.pick(
        ("cr1.aa", "cr2.chi", "cr1.det", "cr1.lan", "ar1.fli", "ar2.lan", "cr1.tol", "cr2.det")
    )
    place, slot = scene.place(machine), scene.number(0, 3)
    down = scene.number(2, 6)
    problem = Problem(
        scene,
        f"{machine}: card in slot {slot} restarts",
        f"FPC {slot} major error, restarted by itself, {down} ports were down for {scene.number(3, 7)} minutes.\n\n"
        f"chassisd[{scene.number(1100, 9000)}]: CHASSISD_FPC_ASIC_ERROR: FPC {slot}, {scene.number(1, 6)} errors",
        machines=[machine],
        queue="backbone",
        network="Backbone",
        site=place.name,
        severity=2,
        started=8,
        down=8,
        effect="degraded",
        hits=[("site", place.name, "degraded")],
    )
    scene.later(3, 10)
    problem.take(next=f"Case at {TAC}, with the dump")
    problem.was_down(14, 7)
    scene.later(10, 25)
    case = scene.case(TAC)
    problem.refer(
        TAC,
        case,
        scene.turn(
            (
                "Core dump and support file uploaded, priority 2. Ports moved to the other card where there was room.",
                "Support file attached here and there. Two customers moved to the spare card, the rest stay.",
                "Case opened by telephone; they want the dump first, upload runs.",
            )
        ),
        next="First analysis",
        timer=(120, f"{TAC}: analysis?"),
        worked=30,
        file=(
            f"{machine}-support.txt",
            looks.port(scene.dice, f"et-{slot}/0/0", up=True, errors=scene.number(2, 90), flaps=3)
            + f"\n\nFPC {slot}: state Online, start time {scene.at:%Y-%m-%d %H:%M:%S UTC}, temperature 47 C\n",
        ),
    )
    scene.later(100, 220)
    problem.note(
        scene.pick(
            (
                f"{TAC} reads a parity error out of it: hardware. Replacement ordered, arrives tomorrow before noon.",
                f"{TAC}: known to them, memory of this series. They send a card of a later revision.",
            )
        ),
        next="Card on site",
        timer=(16 * 60, "card arrived?"),
    )
    scene.morning(10.4, workday=False)
    problem.dispatch(
        f"Remote hands {place.name}",
        f"Card is at {place.where}. Swap after the evening peak, slot {slot}, serial number ending"
        f" {scene.number(100, 999)}. {place.keeper} lets them in.",
        next="Swap at 23:30",
    )
    scene.later(6 * 60, 9 * 60)
    problem.restore(
        scene.turn(
            (
                "Card replaced, all ports up, optics moved one to one. Old card packed for the return.",
                "New card in, booted at the second try, everything up. Old one in its box.",
                "Swapped in eleven minutes. One optic did not like the move, replaced from the drawer.",
            )
        ),
        worked=40,
    )
    scene.later(60, 120)
    problem.resume(
        scene.turn(
            ("An hour clean.", "No error in an hour.", "Clean, and 4 degrees cooler than the old one.")
        )
    )
    problem.resolve(
        f"Card in slot {slot} of {machine} replaced", component=f"{machine} slot {slot}", cause="hardware"
    )
    problem.sign_off("Return shipment is tracked in the store room’s list." if scene.number(0, 1) else "")


def memory(scene: Scene) -> None:
    """A process eats memory and is restarted in the night."""
    machine = scene.pick(("ar1.gr", "ar1.kzo", "ar1.tol", "cr2.aa", "ar2.lan", "ar1.sbn"))
    share, process = scene.number(86, 95), scene.pick(("rpd", "snmpd", "bfdd", "mgd", "jflowd"))
    problem = Problem(
        scene,
        f"{machine} memory {share} %",
        f"Memory on the routing engine {share} %, {process} holds {scene.number(2, 6)}.{scene.number(1, 9)} GB.",
        machines=[machine],
        queue="backbone",
        network="Access",
        site=scene.place(machine).name,
        severity=3,
    )
    scene.later(20, 90)
    problem.take(worked=5)
    scene.later(15, 60)
    problem.note(
        f"{process} grows by {scene.number(20, 140)} MB an hour since the last commit. Release notes name a leak"
        f" with {scene.pick(('many SNMP walks', 'flapping BFD sessions', 'long community lists'))}, mended in the next release.",
        next=f"Restart {process} in tonight’s quiet hour",
        timer=(8 * 60, f"restart {process}"),
    )
    scene.later(7 * 60, 10 * 60)
    problem.note(
        f"{process} restarted at {scene.at:%H:%M}. Memory {scene.number(38, 51)} %. No session lost.",
        worked=15,
    )
    scene.later(30, 90)
    problem.resolve(
        f"{process} on {machine} leaked memory; restarted, upgrade planned",
        component=f"{machine} {process}",
        cause="software",
    )
    problem.sign_off()


def console(scene: Scene) -> None:
    """The way in from behind is gone."""
    machine = scene.pick(("oob1.aa", "oob1.mqt"))
    place = scene.place(machine)
    problem = Problem(
        scene,
        f"{machine} does not answer",
        "No answer for 30 minutes. Nothing in service depends on it, but we would be blind in a bad night.\n\n"
        + looks.ping(scene.dice, looks.hop(machine), loss=100),
        machines=[machine],
        queue="backbone",
        network="Access",
        site=place.name,
        severity=4,
        started=30,
    )
    scene.later(60, 200)
    problem.take()
    problem.dispatch(
        place.keeper,
        f"Asked {place.keeper} to look for a green lamp when somebody walks by. No hurry.",
        next="Lamp?",
        timer=(20 * 60, "lamp at the console server?"),
    )
    scene.morning(9.1)
    problem.note(
        scene.pick(
            (
                "SIM card expired with the contract’s renewal. New one activated by telephone.",
                "Power brick dead, replaced from the drawer.",
                "It was unplugged for a vacuum cleaner. Sticker put on.",
            )
        ),
        worked=10,
    )
    scene.later(10, 40)
    problem.resolve(f"{machine} answers again", component=machine, cause="local power or line")
    problem.sign_off()


def nothing(scene: Scene) -> None:
    """An alarm that was none."""
    machine = scene.pick(
        ("ntp1.aa", "mon1.aa", "ar1.sag", "dwdm1.chi", "sw1.gr", "gen1.det", "ar1.tvc", "rad1.det")
    )
    what, why = scene.turn(
        (
            (
                "Fan speed out of range",
                "The threshold was written for the old fan tray. Raised from 9000 to 11000.",
            ),
            (
                "SNMP does not answer",
                "Poller’s address had changed with yesterday’s move. Access list corrected.",
            ),
            (
                "Clock offset over 50 ms",
                "For one sample, while its upstream changed. Rule now wants three in a row.",
            ),
            ("Disk 91 % full", "Old log archives. Removed, rotation set to 14 days."),
            ("Door open", "Fitter of the landlord, signed in, did not call us first. Reminded them."),
            ("Generator running", "Monthly test, first Tuesday. Added to the calendar of expected alerts."),
            ("Configuration changed outside a window", "Ours: description of a port, by hand. No harm."),
        )
    )
    problem = Problem(
        scene,
        f"{what} on {machine}",
        f"{what}. Firing for {scene.number(5, 20)} minutes.",
        machines=[machine],
        queue=scene.pick(("backbone", "services")),
        severity=4,
    )
    scene.later(4, 50)
    problem.take()
    scene.later(5, 60)
    problem.resolve(
        f"{what}: false alarm", component="Monitoring rule", cause="monitoring", text=why, worked=10
    )
    problem.sign_off()


STORIES = (
    Story("card", card, 7, 1, 60),
    Story("memory", memory, 5, 1, 14),
    Story("console", console, 3, 1, 110),
    Story("nothing", nothing, 11, 1, 3),
)
