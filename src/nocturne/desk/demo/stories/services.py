"""Name servers, mail, sign-on, certificates."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story


def slow_names(scene: Scene) -> None:
    """A resolver answers slowly or not."""
    server, address = scene.pick((("ns1.aa", "192.0.2.53"), ("ns2.chi", "198.51.100.53")))
    name = scene.pick(("www.statearchive.example", "mail.stbrendan.example", "portal.capital-cc.example"))
    problem = Problem(
        scene,
        f"{server} answers in {scene.number(400, 2600)} ms",
        "95th percentile over one second for ten minutes.\n\n"
        + looks.dig(name, address, scene.number(900, 4200)),
        machines=[server],
        queue="services",
        network="Services",
        severity=2,
        started=11,
        hits=[("service", "Name resolution", "degraded")],
    )
    scene.later(4, 20)
    problem.take()
    why = scene.turn(
        (
            (
                "one customer host asked for random names under a dead domain, 40,000 a second; rate-limited, owner told",
                "abuse",
            ),
            (
                "validation of a zone whose signatures had lapsed; a negative trust anchor for a day",
                "third party's zone",
            ),
            ("cache had been flushed by the upgrade at noon and refilled; nothing to do", "our change"),
            ("IPv6 path to two root letters was black; upstream corrected it", "routing of a third party"),
        )
    )
    problem.note(
        scene.pick(("The other resolver is fine, same questions.", "Both are slow for names that are not in the cache.", "CPU idle, socket buffers full."))
        + "\n\n"
        + looks.dig("example.net", address, scene.number(2, 9)),
        next="Look at the top talkers",
        worked=10,
    )  # fmt: skip
    scene.later(15, 80)
    problem.restore(f"Found: {why[0]}.\n\n" + looks.dig(name, address, scene.number(11, 48)))
    scene.later(30, 90)
    problem.resolve(f"{server} slow: {why[0]}", component=server, cause=why[1], worked=25)
    problem.sign_off()


def sign_on(scene: Scene) -> None:
    """Visitors of other institutions cannot sign on to the wireless network."""
    customer = scene.customer()
    scene.office_hours()
    problem = Problem(
        scene,
        f"Roaming wireless: visitors at {customer.name} are turned away",
        "We have a conference in the house and half of the guests cannot sign on since this morning. Ours can.\n\n"
        f"{customer.person}\n{customer.name}",
        by=customer,
        queue="services",
        started=40,
        severity=2,
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(5, 20)
    problem.take()
    scene.later(4, 10)
    problem.reply(
        "We see the requests arrive and look into it. Which home institutions are they from? Three examples with the"
        " time would help.",
        next="Examples from the customer",
    )
    scene.later(10, 30)
    problem.hears(
        customer,
        f"Two from the observatory at {scene.on_the_wall(20)} and {scene.on_the_wall(17)}, one from Buckeye at"
        f" {scene.on_the_wall(9)}. Thanks for being quick.",
    )
    scene.later(10, 40)
    why = scene.turn(
        (
            "the national proxy had dropped our second address; both are in again",
            "certificate of the proxy was renewed with a new chain; intermediate added on rad1.det",
            "a firewall rule of last night let UDP fragments no longer through; corrected",
        )
    )
    problem.note(
        f"Requests leave rad1.det and nothing comes back for two realms. {why[0].upper()}{why[1:]}.",
        worked=30,
    )
    problem.restore("Test account of a foreign realm signs on.")
    scene.later(3, 8)
    problem.reply(f"Guests should get in again: {why}. Please tell us if anybody is still turned away.")
    scene.later(20, 120)
    problem.hears(customer, "Works, the room is quiet again. Thank you!")
    scene.later(4, 15)
    problem.resolve(f"Roaming sign-on failed: {why}", component="rad1.det", cause="configuration")
    problem.fall_silent()


def mail(scene: Scene) -> None:
    """Mail to or from a customer stands in the queue."""
    customer = scene.customer()
    problem = Problem(
        scene,
        f"Mail queue on mx1.aa over {scene.number(8, 40)}00",
        f"Most of it to {customer.email.partition('@')[2]}, deferred: connection timed out.",
        machines=["mx1.aa"],
        queue="services",
        network="Services",
        severity=3,
        started=20,
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(10, 60)
    problem.take()
    problem.note(
        f"Their server answers ping and not port 25. Called {customer.person} ({customer.phone}): "
        + scene.pick(
            (
                "disk full.",
                "moved to a new host last night, old one forgotten in DNS.",
                "update hangs at a prompt.",
            )
        ),
        next="Queue runs empty",
        timer=(120, "mail queue?"),
        worked=10,
    )
    scene.later(60, 118)
    problem.restore("They take mail again, queue is running down. Nothing was lost or bounced.")
    scene.later(10, 40)
    problem.resolve(
        f"Mail for {customer.name} was deferred for two hours, their server",
        component=customer.email.partition("@")[2],
        cause="customer's server",
    )
    problem.sign_off()


def certificate(scene: Scene) -> None:
    """A certificate nears its end and is renewed in time."""
    host = scene.pick(("vpn1.lan", "mx1.aa", "rad1.det", "mon1.aa"))
    days = scene.number(5, 14)
    problem = Problem(
        scene,
        f"Certificate of {host} ends in {days} days",
        "Automatic renewal has failed twice.",
        machines=[host],
        queue="services",
        network="Services",
        severity=4,
        next="Renew by hand",
        timer=(60 * 24, "renewed?"),
    )
    scene.office_hours()
    problem.take(by=scene.lead())
    scene.later(60, 300)
    problem.note(
        scene.pick(
            (
                "The challenge went to the old address. CAA record names the former issuer. Both mended.",
                "Renewal hook ran as the wrong account since the upgrade.",
            )
        ),
        worked=25,
    )
    scene.later(5, 20)
    problem.resolve(f"Certificate of {host} renewed, automatic again", component=host, cause="configuration")
    problem.sign_off()


def tunnel(scene: Scene) -> None:
    """People cannot get in by VPN."""
    count = scene.number(12, 90)
    problem = Problem(
        scene,
        "VPN: no addresses left",
        f"Address pool of vpn1.lan used up, {count} people turned away in ten minutes.",
        machines=["vpn1.lan"],
        queue="services",
        network="Services",
        severity=2,
        started=10,
        down=10,
        effect="degraded",
        hits=[("service", "VPN", "degraded")],
    )
    scene.later(2, 10)
    problem.take()
    scene.later(5, 20)
    problem.restore("Pool enlarged by a /24. Dead leases of a crashed client build removed.", worked=20)
    scene.later(20, 60)
    problem.resolve("VPN address pool was used up; enlarged", component="vpn1.lan", cause="capacity")
    problem.sign_off()


STORIES = (
    Story("slow_names", slow_names, 7, 1, 5),
    Story("sign_on", sign_on, 4, 1, 76),
    Story("mail", mail, 4, 1, 6),
    Story("certificate", certificate, 4, 1, 100),
    Story("tunnel", tunnel, 3, 1, 4),
)
