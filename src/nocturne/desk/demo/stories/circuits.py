"""Circuits: cut, flapping, dirty."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

HUTS = (
    "Jackson",
    "Battle Creek",
    "Marshall",
    "Owosso",
    "Gaylord",
    "Grayling",
    "Monroe",
    "Coldwater",
    "Alma",
    "Seney",
)
CUTTERS = (
    "a drainage contractor with an excavator",
    "a road crew boring for a guard rail",
    "the county replacing a culvert",
    "a gas company's trencher",
    "a farmer pulling stumps",
    "a pole that a truck brought down",
    "rodents in a handhole (three tubes chewed)",
    "a burnt aerial span after a transformer fire",
)


def cut(scene: Scene) -> None:
    """A fibre is cut, a crew digs and splices, light comes back."""
    line, hut = scene.line(), scene.pick(HUTS)
    near, far = scene.place(line.near), scene.place(line.far)
    other = scene.pick(("the ring", "the backup path via Lansing", "the southern path", "Toledo"))
    problem = Problem(
        scene,
        f"{near.name} – {far.name} {line.capacity} down, traffic on {other}",
        f"{line.near} {line.port} down since {scene.at:%H:%M:%S}. Loss of signal at both ends.\n\n"
        + looks.port(scene.dice, line.port, up=False, flaps=1),
        line=line,
        queue="backbone",
        network="Backbone",
        site=near.name,
        severity=2,
        started=3,
        down=3,
        effect="redundancy lost",
        hits=[("site", far.name, "redundancy lost")],
    )
    scene.later(2, 8)
    problem.take(next=f"Call {line.vendor}", worked=5)
    scene.later(4, 11)
    rx = -40.0 if scene.number(0, 1) else -33.6
    problem.refer(
        line.vendor,
        scene.case(line.vendor),
        scene.pick(
            (
                f"No light from either end, {line.vendor} opened a case while I was on the phone. They see loss of"
                f" signal at {hut}, too.",
                f"Reported loss of light on {line.name}. Their optical desk measures from {hut} now, will call back.",
                f"{line.vendor} had the alarm already, four of their customers are down. Case opened for us.",
            )
        )
        + "\n\n"
        + looks.optics(scene.dice, received=rx),
        next=f"{line.vendor} to name the distance to the break",
        timer=(45, f"{line.vendor}: where is the break?"),
        worked=10,
    )
    scene.later(30, 44)
    km = scene.number(3, 38)
    problem.note(
        scene.pick(
            (
                f"OTDR from {hut}: clean break at {km}.{scene.number(1, 9)} km. Crew called out.",
                f"{line.vendor} called: break {km} km out of {hut}, crew of two on the way with a trailer.",
                f"Call from {line.vendor}. Break located {km} km east of {hut} hut, locates requested before digging.",
            )
        ),
        ago=scene.number(2, 9),
        next="Crew on site",
        timer=(90, "crew on site?"),
    )
    scene.later(70, 130)
    culprit = scene.pick(CUTTERS)
    problem.note(
        f"Crew on site. Cause: {culprit}. {scene.number(24, 144)} fibres to splice, ours is in tube"
        f" {scene.number(1, 6)}. They ask for {scene.number(3, 6)} hours.",
        next="First splices expected",
        timer=(180, "splicing: how far?"),
        worked=5,
    )
    if scene.number(0, 1):
        scene.later(60, 100)
        problem.note(
            scene.pick(
                (
                    "Rain. The splice trailer stands in water, they pump first. New estimate two hours later.",
                    "Second break found 40 m on, they pull in 60 m of new cable instead of splicing twice.",
                    f"{line.vendor} prioritises a hospital's fibres, ours come in the second tube.",
                )
            ),
            next="New estimate from the crew",
            timer=(120, "estimate?"),
        )
    scene.later(80, 190)
    problem.restore(
        f"Light is back, {line.near} {line.port} up. Left costed out until it has run clean for half an hour.\n\n"
        + looks.optics(scene.dice, received=scene.dice.uniform(-5.6, -3.9)),
    )
    scene.later(30, 55)
    problem.resume(
        scene.turn(
            (
                "Clean for 30 minutes, FEC at baseline. Traffic is back on the direct path.",
                "Half an hour without an uncorrected block. Costed in.",
                "Levels 0.3 dB better than before the cut. Traffic moved back in two steps.",
            )
        ),
        worked=10,
    )
    scene.later(5, 20)
    problem.resolve(
        f"Fibre cut {km} km from {hut} by {culprit}; spliced by {line.vendor}",
        component=line.name,
        cause="fibre cut",
    )
    problem.sign_off(
        scene.pick(("", "Redundancy was there, nobody noticed.", "Ask for the vendor's report next week."))
    )


def flap(scene: Scene) -> None:
    """A circuit flaps a few times, is watched, and never does it again."""
    line = scene.line()
    near = scene.place(line.near)
    seconds = scene.number(2, 9)
    problem = Problem(
        scene,
        f"{line.name} flapped ({line.near} – {line.far})",
        f"{line.near} {line.port} went down and came back after {seconds} seconds. IGP reconverged, no session lost.",
        line=line,
        queue="backbone",
        network="Backbone",
        site=near.name,
        severity=3,
        started=scene.number(1, 4),
        next="Watch for 24 hours",
    )
    scene.later(5, 25)
    problem.take(
        text=scene.turn(
            (
                "Created to track. Will see whether it comes again.",
                "Opened to track it. IGP is quiet again, counters noted.",
                "Taking it. If it stays at one flap I close it tomorrow.",
                "Second look at 06:00 local; the optic was fine last month.",
            )
        )
    )
    scene.later(35, 200)
    times = scene.number(2, 6)
    problem.note(
        f"{times} more since then, the longest {seconds + scene.number(3, 20)} seconds. This time long enough for BFD."
        f" Costed {line.near} {line.port} out of the IGP.\n\n"
        + looks.port(scene.dice, line.port, up=True, flaps=times * 2),
        next=f"Ask {line.vendor} for planned work",
    )
    scene.later(6, 20)
    case = scene.case(line.vendor)
    problem.refer(
        line.vendor,
        case,
        scene.pick(
            (
                f"Called {line.vendor}. No planned work that would explain it. They take the times of the flaps and look.",
                f"{line.vendor} see nothing on their side but one protection switch. They open {case} for it.",
                f"Mailed all times (UTC) to {line.vendor}, confirmed by phone: case {case}.",
            )
        ),
        next=f"{line.vendor} to report",
        timer=(240, f"{line.vendor}: anything found?"),
        worked=10,
    )
    scene.later(200, 420)
    verdict = scene.turn(
        (
            ("A loose card in their regenerator; reseated", "vendor equipment"),
            ("Protection switching in their ring, threshold corrected", "vendor configuration"),
            ("No reason found, errors stopped by themselves", "unknown"),
            ("Their technician touched the wrong patch; labelled now", "human error at the vendor"),
            ("A patch in their meet-me room sat loose; replaced", "patch cable"),
        )
    )
    problem.resume(f"{line.vendor} called: {verdict[0][0].lower() + verdict[0][1:]}. They propose to close.")
    scene.later(10, 20)
    problem.note(
        scene.turn(
            (
                "Keeping ours open for a day, to see whether it recurs. Back in the IGP at normal cost.",
                "Back at normal cost. Ours stays open until tomorrow.",
                "Costed in again at half past, watching with a tighter threshold for a day.",
                "They close theirs, we do not yet. Traffic is back on it.",
            )
        ),
        next="Look at the counters tomorrow",
        timer=(22 * 60, "flaps since yesterday?"),
    )
    scene.later(22 * 60, 24 * 60)
    problem.resolve(
        f"{line.name} flapped {times + 1} times: {verdict[0][0].lower() + verdict[0][1:]}",
        component=line.name,
        cause=verdict[1],
        text=scene.turn(
            (
                "Nothing since. Carrier transitions unchanged overnight.",
                "A day without a flap. Counter still where it was.",
                "Quiet for 23 hours, which is enough for me.",
                "No transition since the call. BFD clean.",
            )
        ),
        worked=5,
    )
    problem.sign_off()


def dirty(scene: Scene) -> None:
    """Errors on a circuit: cleaned, or the optic replaced by remote hands."""
    line = scene.line()
    near = scene.place(line.near)
    errors = scene.number(40, 9000)
    problem = Problem(
        scene,
        scene.pick(
            (
                f"Errors on {line.near} {line.port}, {line.name}",
                f"FEC uncorrected rising on {line.name} at {near.name}",
                f"Input errors {line.near} {line.port} ({line.capacity} to {scene.place(line.far).name})",
            )
        ),
        "Error rate over threshold for 15 minutes.\n\n"
        + looks.port(scene.dice, line.port, up=True, errors=errors),
        line=line,
        queue="backbone",
        network="Backbone",
        site=near.name,
        severity=3,
        started=16,
        hits=[("service", f"{near.name} – {scene.place(line.far).name}", "degraded")],
    )
    scene.later(6, 40)
    problem.take(worked=5)
    received = scene.dice.uniform(-14.5, -9.1)
    problem.note(
        "Receive level has fallen:\n\n"
        + looks.optics(scene.dice, received=received)
        + "\n\nTransmit side at the far end unchanged. Dirt or a tired optic; costing it out first.",
        next=f"Remote hands at {near.name}",
    )
    scene.later(15, 40)
    problem.dispatch(
        f"Remote hands {near.name}",
        scene.pick(
            (
                f"Asked {near.keeper} ({near.phone}) to clean both connectors and the panel port.",
                f"{near.keeper} sends somebody within two hours. Port and panel position read back to them.",
                f"Spoke to {near.keeper}. They have a cleaner and one spare optic of ours in the drawer.",
            )
        ),
        next="Cleaning done?",
        timer=(120, "remote hands: cleaned?"),
    )
    scene.later(80, 150)
    if scene.number(0, 2):
        problem.note(
            "Cleaned at our side: level back to baseline.\n\n" + looks.optics(scene.dice, received=-4.5)
        )
        outcome = (f"Dirty connector at {near.name} cleaned", "dirty connector")
    else:
        problem.note("Cleaning did not help. Optic swapped for the spare, errors stopped at once.")
        outcome = (f"Optic in {line.near} {line.port} replaced", "failing optic")
    scene.later(20, 60)
    said = problem.note(
        scene.turn(
            (
                "Back in service at normal cost, 0 errors in 30 minutes. Spare to be ordered.",
                "In service again, clean for half an hour. One spare to order.",
                "Normal cost, no error since. Drawer needs a new spare.",
            )
        ),
        worked=10,
    )
    if outcome[1] == "dirty connector":
        scene.later(3, 9)
        problem.correct(
            said, "Back in service at normal cost, 0 errors in 30 minutes. No spare was used, none to order."
        )
    scene.later(10, 60)
    problem.resolve(outcome[0], component=f"{line.near} {line.port}", cause=outcome[1])
    problem.sign_off()


STORIES = (
    Story("cut", cut, 9, 1, 16),
    Story("flap", flap, 16, 1, 42),
    Story("dirty", dirty, 12, 1, 10),
)
