"""What customers wait for tonight, or let us wait for."""

from __future__ import annotations

from datetime import timedelta

from nocturne.desk.demo import looks
from nocturne.desk.demo.inventory import customer_named
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story


def loss(scene: Scene) -> None:
    """Loss at a college whose staff has to move a patch, after the weekend."""
    customer = customer_named("Capital Community College")
    problem = Problem(
        scene,
        "Packet loss 2–5 % towards Capital Community College",
        f"Lectures by video are choppy in the new building, in the old one they are fine.\n\n{customer.person}",
        by=customer,
        started=240,
        user_address="192.0.2.31",
        severity=2,
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(12)
    problem.take(by="mei")
    scene.later(25)
    problem.note(
        looks.ping(scene.dice, "192.0.2.1", loss=4)
        + "\n\nOnly behind their port 12; the other hand-over is clean.",
        worked=20,
    )
    problem.reply(
        "Hello Renee,\n\nthe loss is on the copper between your panel and port 12 of our switch. Could somebody move the patch"
        " to port 14? It is configured the same. If loss is gone, port 12 is ours to replace.",
    )
    scene.later(50)
    problem.hears(
        customer,
        "The key to that room is with a colleague who is back on the next working day at eight. Sorry.",
    )
    scene.later(6)
    eight = (scene.next_morning(8.0) - scene.at).total_seconds() / 60
    if scene.at + timedelta(minutes=eight) <= scene.stage.now:
        eight = scene.until_now(14 * 60)
    problem.wait(
        "customer",
        "Fine with them to wait.",
        next="Site to move patch to port 14",
        timer=(eight, "patch moved?"),
    )


def request(scene: Scene) -> None:
    """A request that waits for an order."""
    customer = customer_named("Blue Water Schools")
    problem = Problem(
        scene,
        "Connect our new school building",
        "Dear colleagues, the building at Quay Street will be ready in spring. What do you need from us, and what would"
        f" 1 Gbps cost a year?\n\n{customer.person}",
        by=customer,
        type="request",
        severity=4,
    )
    scene.later(40)
    problem.take(by="kofi")
    scene.later(60)
    problem.reply(
        "Hello Gail,\n\nthe price list is attached. We need the street address of the panel room, a floor plan and an order by"
        " your board. Fibre ends 200 m from you, so spring is possible if the order is here this year.",
        file=(
            "prices.txt",
            "Connection, a year\n  200 Mbps   2,400\n  1 Gbps     6,900\n  10 Gbps   21,000\nDigging at cost.\n",
        ),
        worked=30,
    )
    problem.wait(
        "customer",
        "",
        next="Order and floor plan from the schools",
        timer=(7 * 24 * 60, "Blue Water: board met?"),
    )


def name(scene: Scene) -> None:
    """A request that nobody has taken yet."""
    customer = customer_named("State Archive")
    Problem(
        scene,
        "Reverse names for 203.0.113.160/27",
        "Please take over the attached list for our new reading room.\n\nOrla Fitch",
        by=customer,
        type="request",
        severity=4,
        file=(
            "names.txt",
            "".join(
                f"203.0.113.{each} reader{each - 165}.statearchive.example\n" for each in range(166, 180)
            ),
        ),
    )


def scanner(scene: Scene) -> None:
    """A host still scans; the timer has gone off."""
    customer = customer_named("Portage Schools")
    problem = Problem(
        scene,
        "Abuse: SSH scans from 203.0.113.201",
        "Report from abuse@blocklist.example, 18,400 tries since yesterday.",
        by=scene.lead(),
        type="request",
        queue="customers",
        network="Access",
        user_address="203.0.113.201",
        severity=3,
    )
    scene.later(30)
    problem.note(
        f"Called {customer.person} ({customer.phone}), host is in the robotics room. Log mailed.", worked=10
    )
    problem.wait(
        "customer",
        "They take it off the net when the teacher is there.",
        next="Still scanning? Then block port 22 outbound",
        timer=(scene.until_now(-22), "203.0.113.201 still scanning?"),
    )
    scene.reach(scene.stage.now - timedelta(minutes=22))
    problem.rings()


def unread(scene: Scene) -> None:
    """A complaint has come in by mail a few minutes ago."""
    customer = customer_named("Lakeshore Health")
    Problem(
        scene,
        "Voice calls drop after ten minutes",
        f"Since the evening calls to the mainland drop after exactly ten minutes. Night shift is not amused.\n\n{customer.person}\n{customer.phone}",
        by=customer,
        started=180,
        severity=2,
        hits=[("customer", customer.name, "degraded")],
    )


STORIES = (
    Story("loss", loss, 1, 1, 28),
    Story("request", request, 1, 1, 26),
    Story("name", name, 1, 1, 50 / 60),
    Story("scanner", scanner, 1, 1, 25),
    Story("unread", unread, 1, 1, 8 / 60),
)
