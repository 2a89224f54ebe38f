"""Planned work: the vendors' and our own, and once in a while it runs over."""

from __future__ import annotations

from datetime import timedelta

from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

WORKS = (
    "replacement of an amplifier",
    "re-routing of the cable because of road works",
    "software of the optical shelf",
    "move to a new panel",
    "splicing of a new branch",
    "battery exchange in the hut",
)


def vendor(scene: Scene) -> None:
    """A vendor announces a window, we move traffic away, they work, we move it back."""
    line = scene.line()
    days, hours, work = scene.number(4, 9), scene.number(3, 6), scene.pick(WORKS)
    start = (scene.at + timedelta(days=days)).replace(
        hour=scene.pick((4, 5, 6)), minute=0, second=0, microsecond=0
    )
    end = start + timedelta(hours=hours)
    case = scene.case(line.vendor)
    problem = Problem(
        scene,
        f"{line.vendor} maintenance {case}: {line.name}",
        f"{line.vendor} announce {work} between {scene.place(line.near).name} and {scene.place(line.far).name}.\n"
        f"Window {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC, interruption up to {scene.number(20, 120)} minutes.",
        by=scene.lead(),
        line=line,
        type="planned",
        queue="planned",
        network="Backbone",
        severity=4,
        planned_start=start,
        planned_end=end,
        hits=[("site", scene.place(line.far).name, "redundancy lost")],
        next="Move traffic away before the window",
        timer=((start - scene.at).total_seconds() / 60 - 30, "cost out"),
    )
    scene.later(10, 40)
    problem.take()
    problem.change(vendor_reference=case)
    if scene.number(0, 2) == 0:
        problem.note(
            "It would meet the observatory’s transfer. Asked for another night; they cannot, so the observatory waits."
        )
    scene.reach(start - timedelta(minutes=30))
    problem.rings()
    problem.answer()
    scene.later(1, 8)
    problem.note(
        f"{line.near} {line.port} costed out, empty after a minute.", next="Their call that they begin"
    )
    scene.later(28, 50)
    problem.note(
        scene.pick((f"{line.vendor} called: they begin.", "Light gone, so they have begun. No call."))
    )
    scene.later(30, hours * 40)
    problem.note(scene.pick(("Light back, they say they are done. Level 0.4 dB better than before.",
                             "They called: done, we may use it. Ten minutes of counters first.")))  # fmt: skip
    scene.later(10, 25)
    problem.resolve(
        f"{line.vendor}: {work}, inside the window",
        component=line.name,
        cause="planned work",
        text=scene.turn(
            (
                "Costed in.",
                "Costed in, load as before.",
                "Back at normal cost; counters clean.",
                "Costed in at half, then whole.",
            )
        ),
        worked=30,
    )
    problem.sign_off()


def ours(scene: Scene) -> None:
    """Our own upgrade of a router at night."""
    machine = scene.pick(
        ("ar1.gr", "ar1.tol", "ar1.sbn", "cr1.det", "cr1.lan", "ar2.lan", "cr2.aa", "ar1.kzo", "br1.chi")
    )
    place, version = scene.place(machine), f"{scene.number(22, 24)}.{scene.number(1, 4)}R{scene.number(1, 3)}"
    start = (scene.at + timedelta(days=scene.number(5, 12))).replace(
        hour=5, minute=0, second=0, microsecond=0
    )
    problem = Problem(
        scene,
        f"Upgrade {machine} to {version}",
        f"Mends the memory leak and the BFD fault. Reload takes about 12 minutes, {place.name} without this router meanwhile.\n\n"
        "1. Drain\n2. Snapshot, disk space\n3. Install, reload\n4. Sessions and counters as in the list before\n5. Undrain\n\n"
        "Way back: old image on the second partition, 15 minutes.",
        by=scene.lead(),
        type="planned",
        queue="planned",
        network="Backbone",
        site=place.name,
        machines=[machine],
        severity=4,
        planned_start=start,
        planned_end=start + timedelta(hours=2),
        hits=[("site", place.name, "redundancy lost")],
        next="Announce to the site",
    )
    problem.take()
    scene.later(60, 300)
    problem.note(f"Read and agreed. {scene.pick(('Please add the licence to step 2.', 'Good list.', 'Second person on the call, please.'))}",
                 by=scene.boss(), next="Drain at 05:00 UTC", timer=((start - scene.at).total_seconds() / 60 - 10, f"drain {machine}"))  # fmt: skip
    scene.reach(start - timedelta(minutes=10))
    problem.rings()
    problem.answer()
    scene.later(9, 14)
    problem.note(
        scene.turn(
            (
                "Drained. Snapshot taken.",
                "Drained in six minutes, snapshot on both partitions.",
                "Overload bit set, traffic gone, snapshot done.",
            )
        )
    )
    scene.later(12, 25)
    problem.note(scene.turn(("Reloading.", "Reloading now.", "Installed, reloading. Console is open.")))
    scene.later(11, 19)
    problem.note(
        scene.pick(
            (
                "Up on the new image. 41 of 41 sessions, counters clean.",
                "Up. One session missing: neighbour’s key had a trailing blank that the old version forgave. Corrected.",
                "Up after two tries, first one stopped in a file system check.",
            )
        ),
        worked=45,
    )
    scene.later(5, 30)
    problem.resolve(
        f"{machine} runs {version}",
        component=machine,
        cause="planned work",
        text=scene.turn(
            ("Undrained.", "Undrained in two steps.", "Traffic is back, load as yesterday at this hour.")
        ),
    )
    problem.sign_off()


def over(scene: Scene) -> None:
    """A window runs over, and what was planned becomes a trouble."""
    line = scene.line(vendor="Brightlane")
    start = (scene.at + timedelta(days=5)).replace(hour=5, minute=0, second=0, microsecond=0)
    end = start + timedelta(hours=3)
    planned = Problem(
        scene,
        f"Brightlane maintenance: {line.name}",
        f"Move to a new panel, {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC.",
        by=scene.lead(),
        line=line,
        type="planned",
        queue="planned",
        network="Backbone",
        severity=4,
        planned_start=start,
        planned_end=end,
        timer=((end - scene.at).total_seconds() / 60, "window over: light?"),
    )
    scene.reach(end)
    planned.rings()
    planned.answer()
    scene.later(2, 6)
    trouble = Problem(
        scene,
        f"{line.name} still dark after Brightlane’s window",
        "Window ended, no light, nobody called.",
        by=scene.lead(),
        line=line,
        queue="backbone",
        network="Backbone",
        severity=2,
        down=170,
        effect="redundancy lost",
        next="Call Brightlane",
    )
    scene.later(1, 3)
    trouble.points_to("refers_to", planned)
    trouble.refer(
        "Brightlane",
        scene.case("Brightlane"),
        "Their technician has two pairs swapped and is driving back.",
        next="Pairs right",
        timer=(60, "Brightlane: back at the panel?"),
    )
    scene.later(61, 62)
    trouble.rings()
    scene.later(1, 9)
    trouble.answer()
    trouble.note("Called again: ten more minutes.", timer=(20, "light?"))
    scene.later(10, 18)
    trouble.restore("Light.")
    scene.later(10, 20)
    trouble.resolve(
        "Pairs swapped during the vendor’s work, two hours over", component=line.name, cause="planned work"
    )
    planned.resolve("Done two hours late, see the trouble", component=line.name, cause="planned work")
    trouble.sign_off()
    planned.sign_off()


def study(scene: Scene) -> None:
    """Engineering: something is changed for good, and told to those who asked."""
    subject, text, outcome = (
        (
            "BFD timers on all exchange sessions",
            "300 ms × 3 was copied from the backbone. Through an exchange it only makes flaps. Proposal: 1 s × 3 there.",
            "Rolled out in three mornings, template changed.",
        ),
        (
            "Second uplink for ar1.sag",
            "Saginaw hangs on one circuit; PF-2260 ends there but carries only management. Use it as a backup at 1G.",
            "In service with a lower preference; hospital tested the swing on a Sunday.",
        ),
        (
            "Filters from route objects, nightly",
            "Customers’ filters are typed by hand. Three leaks this year. Generate them from their route objects.",
            "All sessions converted. Two customers had to register first.",
        ),
    )[scene.run % 3]
    problem = Problem(
        scene,
        subject,
        text,
        by=scene.lead(),
        type="engineering",
        queue="engineering",
        network="Backbone",
        severity=3,
        next="Draft for the Wednesday meeting",
    )
    problem.take()
    scene.morning(10)
    problem.note("Meeting agrees. Lab first.", by="ruth", next="Lab", timer=(6 * 24 * 60, "lab done?"))
    scene.later(4 * 24 * 60, 6 * 24 * 60)
    problem.note(
        scene.pick(("Lab shows what we hoped.", "Lab: works, with one surprise in the logging.")), worked=180
    )
    scene.later(2 * 24 * 60, 5 * 24 * 60)
    problem.resolve(
        subject, component="Configuration templates", cause="engineering", text=outcome, worked=240
    )
    problem.sign_off("Nice to see one of these end.")


STORIES = (
    Story("vendor", vendor, 15, 1, 260),
    Story("ours", ours, 8, 1, 340),
    Story("over", over, 2, 2, 140),
    Story("study", study, 3, 1, 400),
)
