"""What has been open for days: a machine that fails again and again, work to come, and a thing for the whole house."""

from __future__ import annotations

from datetime import timedelta

from nocturne.desk.demo.inventory import line_named
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

TAC = "Castellan Systems"


def fans(scene: Scene) -> None:
    """The fan tray of cr3.gr fails for the fourth time; engineering looks at the chassis."""
    for again, (days, done) in enumerate(
        (
            (57, "Fan 3 stood still; tray replaced from the store in Lansing."),
            (37, "Same fan, new tray. Old one goes back to Castellan with both serial numbers."),
            (16, "Third tray. Cables behind it look singed, photographed."),
        )
    ):
        scene.reach(scene.stage.now - timedelta(days=days))
        _tray(scene, again, done)
    scene.reach(scene.stage.now - timedelta(days=4.2))
    problem = Problem(
        scene,
        "Replace failing fan tray, recurrent (4th in 60 days)",
        "cr3.gr: fan tray 1 failure, fan 3 at 0 rpm. Temperature 61 °C and stable on the other tray.",
        machines=["cr3.gr"],
        queue="backbone",
        network="Backbone",
        site="Grand Rapids",
        severity=3,
        vendor=TAC,
        started=4,
        hits=[("site", "Grand Rapids", "redundancy lost")],
    )
    scene.later(10)
    problem.take(by="kofi")
    problem.note(
        "Fourth time. I will not put in a fifth tray before somebody looks at the chassis.", worked=10
    )
    scene.later(50)
    engineering = Problem(
        scene,
        "Chassis of cr3.gr: fan trays burn at the same slot",
        "Four trays in 60 days, always fan 3, always slot 1. Power plane of the slot? Options: chassis swap (4 h at night,"
        " Grand Rapids on one router), or Castellan’s field engineer with a meter first.",
        by="kofi",
        type="engineering",
        queue="engineering",
        network="Backbone",
        site="Grand Rapids",
        machines=["cr3.gr"],
        severity=3,
    )
    engineering.take(by="kofi")
    problem.points_to("parent", engineering)
    scene.later(30)
    problem.refer(
        TAC,
        scene.case(TAC),
        "Told them the whole story with all serial numbers. They want to look for themselves.",
        next="Castellan: date of the field engineer",
        timer=(3 * 24 * 60, "Castellan: date?"),
        worked=25,
    )
    scene.later(3 * 24 * 60 - 10)
    problem.note(
        "They offer a week from now. Took it.",
        next="Engineering: chassis replacement, field engineer comes",
        timer=(scene.until_now(2 * 24 * 60), "who goes to Grand Rapids?"),
    )
    engineering.note(
        "Meeting: field engineer first, spare chassis from Toledo in the van.",
        by="mei",
        next="Write the plan for the swap",
        timer=(scene.until_now(26 * 60), "plan for cr3.gr written?"),
        worked=60,
    )


def _tray(scene: Scene, again: int, done: str) -> None:
    problem = Problem(
        scene,
        f"cr3.gr: fan tray failure{('', ' again', ', third time')[again]}",
        "Fan tray 1, fan 3 at 0 rpm. All other fans at full speed.",
        machines=["cr3.gr"],
        queue="backbone",
        network="Backbone",
        site="Grand Rapids",
        severity=3,
        vendor=TAC,
        started=3,
        hits=[("site", "Grand Rapids", "redundancy lost")],
    )
    scene.later(5, 30)
    problem.take()
    scene.later(5, 15)
    problem.dispatch(
        "Field engineer Hal Dorsey",
        "Hal takes a tray along from Lansing.",
        next="Tray in",
        timer=(20 * 60, "tray in?"),
    )
    scene.later(15 * 60, 19 * 60)
    problem.note(done, worked=120)
    scene.later(10, 30)
    problem.resolve("Fan tray of cr3.gr replaced", component="cr3.gr fan tray 1", cause="hardware")
    problem.sign_off()


def window(scene: Scene) -> None:
    """A vendor's window that is still to come."""
    line = line_named("BL-88231")
    start = (scene.stage.now + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)
    problem = Problem(
        scene,
        "Planned: Brightlane maintenance window, circuit BL-88231",
        f"Brightlane replace an amplifier near Niles. {start:%A} 02:00–06:00 UTC, up to two hours without light.",
        by="mei",
        line=line,
        type="planned",
        queue="planned",
        network="Backbone",
        site="Kalamazoo",
        severity=4,
        planned_start=start,
        planned_end=start + timedelta(hours=4),
        hits=[("site", "Kalamazoo", "redundancy lost"), ("site", "South Bend", "redundancy lost")],
        next="Move Kalamazoo to the Grand Rapids path",
        timer=((start - scene.at).total_seconds() / 60 - 15, "cost out BL-88231"),
    )
    scene.later(60)
    problem.take(by="mei")
    problem.change("Confirmed with them by telephone.", vendor_reference="BLT441207")


def upgrade(scene: Scene) -> None:
    """Our own window that is still to come."""
    start = (scene.stage.now + timedelta(days=3)).replace(hour=5, minute=0, second=0, microsecond=0)
    problem = Problem(
        scene,
        "Planned: upgrade cr1.kzo to 23.4R2",
        "Mends the BFD fault of Traverse City before it comes to Kalamazoo. Twelve minutes without this router.",
        by="tomas",
        machines=["cr1.kzo"],
        type="planned",
        queue="planned",
        network="Backbone",
        site="Kalamazoo",
        severity=4,
        planned_start=start,
        planned_end=start + timedelta(hours=2),
        hits=[("site", "Kalamazoo", "redundancy lost")],
        next="Second reader for the list of steps",
        timer=((start - scene.at).total_seconds() / 60 - 24 * 60, "cr1.kzo: go or no go"),
    )
    problem.take(by="tomas")
    scene.later(300)
    problem.note(
        "Must not meet Brightlane’s window the night before: if that one is late, this one moves.", by="ruth"
    )


def house(scene: Scene) -> None:
    """Something about how the NOC itself works."""
    problem = Problem(
        scene,
        "Out-of-band access to all sites, not to two",
        "Three times this autumn somebody had to drive because we could not reach a console. Which sites, which way in,"
        " what does it cost?",
        by="mei",
        type="meta",
        queue="engineering",
        severity=4,
        next="List of sites with and without a second way in",
    )
    scene.later(26 * 60)
    problem.give("yuki", "Yours, as discussed.")
    scene.later(4 * 24 * 60)
    problem.note(
        "Marquette and Ann Arbor have one. Saginaw, Flint and South Bend could share a cellular unit each, 31 a month.",
        worked=90,
        next="Offers for three units",
        timer=(scene.until_now(4 * 24 * 60), "offers there?"),
    )


STORIES = (
    Story("fans", fans, 1, 5, 57.5 * 24),
    Story("window", window, 1, 1, 48),
    Story("upgrade", upgrade, 1, 1, 75),
    Story("house", house, 1, 1, 12 * 24),
)
