"""Tickets that belong together: one trouble and its complaints, an objection, two that are one."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.inventory import CUSTOMERS
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story

SAYINGS = (
    ("No Internet", "Nothing works since a few minutes, phones neither."),
    ("Line down?", "Is there a problem in our area? Our line seems dead."),
    ("Everything is offline at our site", "We cannot reach anything, lamp on your box is red."),
    ("URGENT no connection", "we are completely offline and have exams at ten!!"),
    ("Outage", "Your status page says all is well but we are off."),
    ("connection lost", "lost connection at about the full hour. any estimate?"),
)


def many(scene: Scene) -> None:
    """An access router restarts and four customers write at once; all are told when it is over."""
    scene.office_hours()
    router = scene.pick(("ar1.fli", "ar1.lan", "ar1.tvc", "ar1.mqt"))
    place = scene.place(router)
    trouble = Problem(
        scene,
        f"{router} unreachable, {place.name} customers down",
        f"{router} does not answer since {scene.at:%H:%M}. Uplinks are up at the far ends, no routes.\n\n"
        + looks.ping(scene.dice, looks.hop(router), loss=100),
        machines=[router],
        queue="backbone",
        network="Access",
        site=place.name,
        severity=1,
        started=2,
        down=2,
        hits=[("site", place.name, "down")],
        next="Console",
    )
    scene.later(1, 3)
    trouble.take()
    began = scene.at
    chosen = sorted(CUSTOMERS, key=lambda each: (each.router != router, each.name))[:4]
    complaints = []
    for customer, (subject, text) in zip(chosen, scene.dice.sample(SAYINGS, 4), strict=True):
        scene.later(1, 6)
        complaint = Problem(
            scene,
            subject,
            f"{text}\n\n{customer.person}, {customer.name}",
            by=customer,
            started=5,
            severity=1,
            hits=[("customer", customer.name, "down")],
        )
        scene.later(1, 3)
        complaint.points_to("parent", trouble)
        complaints.append(complaint)
    trouble.note(
        scene.pick(
            (
                "On the console: it hangs in the boot loader after a watchdog reset. Booting from the second image.",
                "Console shows a kernel panic in a loop. Power-cycling by the rack’s strip.",
                "Routing engine 0 is dead and the second did not take over. Forcing it.",
            )
        ),
        next="Does it boot?",
        worked=15,
    )
    scene.later(6, 18)
    back, minutes = f"{scene.at:%H:%M}", round((scene.at - began).total_seconds() / 60)
    trouble.restore(
        f"{router} is back, all sessions up.\n\n" + looks.ping(scene.dice, looks.hop(router), loss=0)
    )
    scene.later(25, 50)
    trouble.resolve(
        f"{router} hung after a watchdog reset, {minutes} minutes without service",
        component=router,
        cause="software",
        text="Dump is with Castellan; upgrade is in the engineering queue.",
        worked=20,
    )
    scene.later(2, 6)
    trouble.tell(
        complaints,
        f"The router in {place.name} that your traffic passes had restarted and did not come up by itself. It runs again since"
        f" {back} UTC, the interruption was about {minutes} minutes. We are sorry; the cause is with the"
        " manufacturer. Please write if anything is still not as it should be.",
    )
    trouble.sign_off()
    complaints[0].fall_silent(*complaints[1:])


def objection(scene: Scene) -> None:
    """A complaint is answered with its trouble; the customer says that it is not over, and is right."""
    customer = scene.customer()
    scene.office_hours()
    trouble = Problem(
        scene,
        f"Loss on {customer.router} towards {customer.name}",
        looks.ping(scene.dice, customer.prefix.partition("/")[0], loss=scene.number(3, 9)),
        machines=[customer.router],
        queue="backbone",
        network="Access",
        severity=2,
        started=30,
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(3, 15)
    trouble.take()
    complaint = Problem(
        scene,
        "Telephone calls break up",
        f"Since this morning calls break up and remote desktops freeze for seconds.\n\n{customer.person}",
        by=customer,
        started=50,
        severity=2,
    )
    scene.later(2, 5)
    complaint.points_to("parent", trouble)
    scene.later(10, 40)
    trouble.note(
        "Duplex mismatch after their switch was changed. Both ends on auto now, loss gone.", worked=20
    )
    scene.later(15, 30)
    trouble.resolve("Duplex mismatch at the hand-over", component=customer.router, cause="configuration")
    scene.later(1, 4)
    trouble.tell(
        [complaint],
        scene.turn(
            (
                "The port between you and us was set differently on both sides; it is set right now and loss is gone.",
                "Your port and ours did not agree on duplex since your switch was changed. They do now, and loss is gone.",
            )
        ),
    )
    scene.later(90, 200)
    complaint.hears(customer, "Sorry, calls are still breaking up, only less. Just had two.")
    scene.later(5, 20)
    complaint.take()
    complaint.reply("Thank you for telling us. There is a second cause, then; we measure again at your port.")
    scene.later(20, 80)
    complaint.note(
        "Voice class had no room: the shaper from the upgrade in spring had lost its priority queue. Put back.",
        worked=35,
    )
    complaint.reply(
        "We found it: voice had no precedence on your port any more. It has again since ten minutes."
    )
    scene.later(30, 90)
    complaint.hears(
        customer, scene.turn(("Clear as a bell now. Thank you!", "Perfect now, thanks for not giving up."))
    )
    scene.later(3, 10)
    complaint.resolve(
        "Voice had lost its precedence at the customer’s port",
        component=customer.router,
        cause="configuration",
    )
    trouble.sign_off("Second cause found by the customer, see the complaint.")
    complaint.fall_silent()


def twice(scene: Scene) -> None:
    """One problem, two tickets; they are merged."""
    line = scene.line()
    near, far = scene.place(line.near).name, scene.place(line.far).name
    first = Problem(
        scene,
        f"{line.name} down",
        f"{line.near} {line.port} down.",
        line=line,
        queue="backbone",
        network="Backbone",
        site=near,
        severity=2,
        started=2,
        down=2,
        effect="redundancy lost",
    )
    scene.later(3, 9)
    second = Problem(
        scene,
        f"{near} – {far}: no light",
        f"{scene.pick((line.vendor, near + ' remote hands'))} on the phone: alarm at their side for our pair, do we see"
        " anything? Opened this while looking.",
        by=scene.second(),
        queue="backbone",
        network="Backbone",
        site=far,
        severity=2,
    )
    scene.later(2, 8)
    first.take()
    second.merge_into(
        first,
        scene.turn(
            (
                "Same thing, the alert was two minutes earlier.",
                "The alert beat me to it, same circuit.",
                "One ticket is enough.",
            )
        ),
    )
    scene.later(3, 10)
    first.refer(
        line.vendor,
        scene.case(line.vendor),
        f"They called us first. {scene.pick(('Their card in the hut lost power.', 'A jumper was pulled by mistake, technician goes back.'))}",
        next="Light",
        timer=(60, f"{line.vendor}: light?"),
    )
    scene.later(25, 110)
    first.restore("Up again.\n\n" + looks.optics(scene.dice, received=-4.4))
    scene.later(20, 50)
    first.resolve(
        f"{line.name} down by the vendor’s own hand", component=line.name, cause="human error at the vendor"
    )
    first.sign_off()


STORIES = (
    Story("many", many, 4, 5, 76),
    Story("objection", objection, 3, 2, 84),
    Story("twice", twice, 7, 2, 6),
)
