"""Power and cooling."""

from __future__ import annotations

from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

SITES = ("ar1.tvc", "ar1.mqt", "ar1.sag", "cr1.kzo", "ar1.fli", "ar1.sbn", "cr1.tol", "cr3.gr")
UTILITY = "Consolidated Lakes Power"


def mains(scene: Scene) -> None:
    """The mains fail at a site; batteries, then a generator or the utility, in time."""
    machine = SITES[scene.run % len(SITES)]
    place = scene.place(machine)
    minutes = scene.number(140, 260)
    problem = Problem(
        scene,
        f"{place.name} on battery, mains failed",
        f"Rectifier alarm: no input on all phases. Battery {scene.number(92, 99)} %, runtime about {minutes} minutes.",
        machines=[machine],
        queue="backbone",
        network="Backbone",
        site=place.name,
        severity=2,
        started=1,
        hits=[("site", place.name, "redundancy lost")],
        next="Area outage or only us?",
    )
    scene.later(2, 6)
    problem.take()
    scene.later(3, 9)
    houses = scene.number(120, 4100)
    problem.refer(
        UTILITY,
        scene.case(UTILITY),
        scene.pick(
            (
                f"{UTILITY} map shows {houses} customers out around us, cause: storm. Restoration estimated in"
                f" {scene.number(2, 4)} hours.",
                f"Called the {UTILITY} outage line: feeder tripped, {houses} customers. Crew assigned.",
                f"{place.keeper} says the whole street is dark. Reported at {UTILITY}, {houses} customers out.",
            )
        ),
        next="Mains back, or a generator in time",
        timer=(60, f"{place.name}: battery level?"),
        worked=10,
    )
    scene.later(55, 65)
    left = minutes - scene.number(64, 90)
    if left < 110:
        problem.dispatch(
            "Keystone Generator",
            f"Battery for {left} minutes, and no crew on site yet. Trailer ordered to {place.where}, {place.name};"
            f" {place.keeper} ({place.phone}) opens the gate.",
            next="Trailer on site",
            timer=(50, "trailer there?"),
        )
        scene.later(35, 60)
        problem.note("Trailer runs and carries the rectifiers, batteries charge.", next="Mains back")
    else:
        problem.note(
            f"Battery holds, {left} minutes left. Utility crew is on the pole.", timer=(50, "battery level?")
        )
    scene.later(30, 80)
    problem.restore(
        scene.turn(
            (
                "Mains are back, rectifiers carry the load, batteries charge at 40 A.",
                "Utility is back on all three phases, rectifiers took over without a blink.",
                "Input good since four minutes, charging.",
            )
        )
    )
    scene.later(20, 45)
    problem.resume(
        scene.turn(
            (
                "Charged to 80 %, no alarm left. Nothing went down.",
                "Batteries at 82 %. No customer noticed.",
                "All alarms clear but the charging one, which ends tonight.",
            )
        ),
        worked=10,
    )
    scene.later(2, 10)
    problem.resolve(
        f"Utility outage at {place.name}, {scene.number(2, 5)} hours on battery, no loss of service",
        component=f"Mains {place.name}",
        cause="utility power",
    )
    problem.sign_off()


def battery(scene: Scene) -> None:
    """A battery test fails and strings are replaced."""
    unit, machine = scene.pick((("ups1.kzo", "cr1.kzo"), ("ups1.tvc", "ar1.tvc")))
    place = scene.place(unit)
    problem = Problem(
        scene,
        f"{unit} failed its self-test",
        f"Battery test failed after {scene.number(20, 170)} s, string {scene.number(1, 2)} at"
        f" {scene.dice.uniform(41, 46):.1f} V under load. On mains all is well.",
        machines=[unit, machine],
        queue="backbone",
        site=place.name,
        network="Services",
        severity=3,
        hits=[("site", place.name, "redundancy lost")],
    )
    scene.office_hours()
    problem.take(by=scene.lead())
    scene.later(10, 60)
    problem.refer(
        "Keystone Generator",
        scene.case("Keystone Generator"),
        f"Ordered a new string, {scene.pick(('eight blocks', 'one of them is swollen in the photograph', 'they are five years old'))}."
        " Fitter comes with them.",
        next="Fitter at the site",
        timer=(20 * 60, f"fitter at {place.name} today?"),
    )
    scene.morning(9.5)
    problem.note(f"Fitter signed in with {place.keeper}. We stay on mains bypass for the hour.", worked=5)
    scene.later(60, 110)
    problem.resume("String replaced, self-test passed, runtime 190 minutes. Old blocks taken away.")
    scene.later(5, 25)
    problem.resolve(f"Battery string of {unit} replaced", component=unit, cause="aged batteries")
    problem.sign_off()


def heat(scene: Scene) -> None:
    """It becomes warm somewhere."""
    machine = scene.pick(("ar1.mqt", "ar1.sag", "ar1.sbn", "cr1.tol", "dwdm1.kzo", "dwdm1.lan"))
    place, degrees = scene.place(machine), scene.number(38, 47)
    problem = Problem(
        scene,
        f"{place.name}: {degrees} °C at the air inlet",
        f"{machine} inlet temperature {degrees} °C, rising 1 °C in six minutes. Fans at full speed.",
        machines=[machine],
        queue="backbone",
        site=place.name,
        network="Backbone",
        severity=2,
        started=10,
        next=f"Somebody to {place.name}",
    )
    scene.later(2, 8)
    problem.take()
    scene.later(2, 6)
    problem.dispatch(
        place.keeper,
        f"Called {place.keeper} ({place.phone}). "
        + scene.pick(
            (
                "Compressor is off after the power dip on the weekend, nobody had reset it.",
                "The air conditioning shows a filter alarm. They open the door and set up a fan.",
                "Roofers have covered the condenser with a tarpaulin. It comes off now.",
                "One of two units drips and has switched itself off.",
            )
        ),
        timer=(30, "temperature?"),
        worked=10,
    )
    scene.later(28, 50)
    problem.note(f"{degrees - scene.number(4, 7)} °C and falling.", next="Below 27 °C")
    scene.later(40, 120)
    problem.resolve(
        f"Cooling at {place.name} failed, back within {scene.number(1, 3)} hours",
        component=f"Air conditioning {place.name}",
        cause="cooling",
        text=scene.turn(
            (
                "25 °C. The site has a technician coming for the unit.",
                "26 °C and stable. Technician comes tomorrow.",
                "Back to 24 °C, fans at normal speed.",
            )
        ),
    )
    problem.sign_off()


STORIES = (
    Story("mains", mains, 8, 1, 8),
    Story("battery", battery, 4, 1, 170),
    Story("heat", heat, 6, 1, 5),
)
