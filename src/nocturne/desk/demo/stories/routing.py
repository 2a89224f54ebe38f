"""Sessions, prefixes and floods."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story


def _border(scene: Scene) -> tuple[str, str]:
    machine = scene.pick(("br1.chi", "br2.det"))
    return machine, f"203.0.113.{scene.number(241, 254)}"


def down(scene: Scene) -> None:
    """A session to a peer goes down, because of them more often than of us."""
    (asn, name, address), (machine, peer) = scene.peer(), _border(scene)
    problem = Problem(
        scene,
        scene.pick((f"BGP to {asn} {name} down on {machine}", f"{machine}: session to {name} ({asn}) lost")),
        "Session down, hold time expired. Prefixes moved to the other border router.\n\n"
        + looks.session(scene.dice, peer, asn, "Active", scene.number(1, 3)),
        machines=[machine],
        queue="backbone",
        network="Backbone",
        severity=3,
        started=2,
        next=f"Port up? Ask {name}",
    )
    scene.later(4, 30)
    problem.take()
    reason = scene.turn(
        (
            ("their router rebooted after a software fault", "peer's equipment", 40, 160),
            ("they moved the session to a new router without telling us; new address configured", "peer's change", 90, 400),
            ("maintenance on their side, announced to an old address of ours; corrected in their portal", "planned work of the peer", 120, 300),
            ("their maximum-prefix limit tripped at our 400th route; raised", "prefix limit at the peer", 60, 240),
            ("MD5 key rolled on their side a day early; theirs set back", "mismatched key", 30, 120),
            ("exchange port of theirs saturated, keepalives lost", "congestion", 60, 200),
        )
    )  # fmt: skip
    problem.refer(
        name,
        scene.case(name) if scene.number(0, 1) else "",
        f"Port is up, light is good, ARP answers, so not the cross connect. Mailed {address} with our log.\n\n"
        + looks.ping(scene.dice, peer, loss=scene.pick((0, 0, 100)), least=0.6),
        next=f"{name} to answer",
        timer=(90, f"{name}: anything?"),
        worked=10,
    )
    scene.later(reason[2], reason[3])
    problem.restore(f"Session established, {scene.number(120, 60000)} prefixes received.")
    scene.later(5, 30)
    problem.resume(f"{name} answered: {reason[0]}.")
    scene.later(15, 50)
    problem.resolve(f"Session to {asn} down: {reason[0]}", component=f"{machine} – {asn}", cause=reason[1])
    problem.sign_off()


def flapping(scene: Scene) -> None:
    """A session flaps; damping it by hand, then an optic or a mismatch is found."""
    (asn, name, _), (machine, peer) = scene.peer(), _border(scene)
    count = scene.number(9, 60)
    problem = Problem(
        scene,
        f"BGP to {asn} flapping on {machine}, {count} times in an hour",
        looks.session(scene.dice, peer, asn, f"{scene.number(10, 300)}/400/390/0", count),
        machines=[machine],
        queue="backbone",
        network="Backbone",
        severity=2,
        started=61,
        down=61,
        effect="degraded",
        hits=[("service", f"Transit through {name}", "degraded")],
        next="Stop the churn, then look",
    )
    scene.later(2, 9)
    problem.take()
    scene.later(2, 6)
    problem.note(
        f"Session shut by hand so that routes stop churning. Everything goes through the other border, {scene.number(31, 68)} %"
        " full at peak, that holds until tonight.",
        worked=10,
        next="Find out why",
    )
    scene.later(10, 30)
    what = scene.turn(
        (
            ("Input errors on our port: optic replaced by remote hands", "failing optic"),
            (
                "MTU on their side changed to 1500 during an upgrade; large updates were lost. They set it back",
                "MTU mismatch",
            ),
            ("BFD timers too tight for the new path through the exchange; 3 × 300 ms now", "BFD timers"),
            ("CPU of their route server at 100 % after a filter change; rolled back", "peer's equipment"),
        )
    )
    problem.note(
        scene.pick(
            (
                "Pings of 1472 bytes are lost, small ones are not. Suspect MTU or errors.\n\n",
                "Not a timer thing alone: loss on the link in bursts.\n\n",
            )
        )
        + looks.ping(scene.dice, peer, loss=scene.number(2, 14), least=0.7),
        next=f"Call {name} with the times",
        timer=(60, "call again"),
    )
    scene.later(30, 120)
    problem.restore(f"{what[0]}. Session enabled again.")
    scene.later(60, 130)
    problem.resolve(
        f"{asn} flapped {count} times. {what[0]}", component=f"{machine} – {asn}", cause=what[1],
        text=scene.turn(("One hour without a flap.", "Quiet for an hour, prefixes as before.", "Up for 70 minutes; load back in balance.")), worked=15,
    )  # fmt: skip
    problem.sign_off("Good call to shut it first." if scene.number(0, 1) else "")


def leak(scene: Scene) -> None:
    """A customer announces what is not theirs, and the prefix limit does its work."""
    customer = scene.customer()
    limit = scene.pick((20, 50, 100))
    problem = Problem(
        scene,
        f"Prefix limit on the session to {customer.name}",
        f"{customer.router}: maximum-prefix {limit} exceeded, session torn down. Static default still carries their"
        " traffic, without their backup provider.",
        machines=[customer.router],
        queue="backbone",
        network="Access",
        severity=3,
        started=1,
        hits=[("customer", customer.name, "redundancy lost")],
    )
    scene.later(5, 20)
    problem.take(next=f"Call {customer.person}")
    scene.later(3, 15)
    problem.note(
        f"They sent us {limit * scene.number(40, 900)} prefixes before the limit struck: their other provider's table."
        f" Called {customer.person} ({customer.phone}), {scene.pick(('new router since this morning', 'filter lost in an upgrade'))}.",
        worked=15,
    )
    problem.wait(
        "customer",
        scene.turn(
            (
                "They put their export filter back and call when it is done. Sent them the three lines that are needed.",
                "Mailed the filter they had last year. They put it in after lunch and call.",
                "Their consultant has to do it; he is on the train. They call.",
            )
        ),
        next=f"{customer.person} calls back",
        timer=(180, "filter in place?"),
    )
    scene.later(50, 170)
    problem.resume("Filter in place, session cleared: 2 prefixes, both theirs.")
    scene.later(5, 20)
    problem.resolve(
        f"{customer.name} leaked a table; prefix limit held, their filter is back",
        component=f"{customer.router} – {customer.name}",
        cause="customer's configuration",
    )
    problem.sign_off()


def flood(scene: Scene) -> None:
    """Somebody floods a customer; it is filtered upstream. The source list is for few eyes."""
    customer = scene.customer()
    volume = scene.number(6, 58)
    target = customer.prefix.rpartition(".")[0] + f".{scene.number(10, 60)}"
    problem = Problem(
        scene,
        f"Flood towards {customer.name}, {volume} Gbps",
        f"UDP, source ports 53, 123 and 11211, all to {target}. {customer.router} drops on its customer port.",
        machines=[customer.router],
        queue="backbone",
        network="Access",
        severity=2,
        started=4,
        down=4,
        effect="degraded",
        destination_address=target,
        hits=[("customer", customer.name, "down")],
        next="Blackhole the target",
    )
    scene.later(2, 5)
    problem.take()
    scene.later(3, 8)
    problem.note(
        f"{target}/32 announced with the blackhole community to both transits. The rest of {customer.name} is reachable"
        " again.",
        worked=10,
    )
    scene.later(5, 15)
    problem.note(
        f"Spoke to {customer.person} ({customer.phone}): {scene.pick(('the booking server', 'their portal', 'a game server that somebody runs in a closet', 'their mail gateway'))}"
        " is behind that address, they can live without it for the night.",
        next="Lift the blackhole when it is over",
        timer=(120, "still flooding?"),
    )
    problem.note(
        f"Top sources for the abuse desk, not to be passed on: 203.0.113.{scene.number(1, 99)},"
        f" 203.0.113.{scene.number(100, 200)}, 198.51.100.{scene.number(1, 200)}. A threat was mailed to their director,"
        " the police have it.",
        by=scene.boss(),
        secret=True,
    )
    scene.later(110, 300)
    problem.restore(
        scene.turn(
            (
                "Flood has ended. Blackhole lifted, traffic as on any other day.",
                "Fallen to nothing twenty minutes ago, blackhole withdrawn.",
                "Transit says it is over; lifted, watched for ten minutes, quiet.",
            )
        )
    )
    scene.later(40, 70)
    problem.resolve(
        f"{volume} Gbps flood to {target}, blackholed for {scene.number(2, 5)} hours",
        component=target,
        cause="attack",
    )
    problem.sign_off()


def busy(scene: Scene) -> None:
    """A link runs full: real use, a backup gone astray, or a lost member of a bundle."""
    line = scene.line()
    load = scene.number(88, 99)
    near, far = scene.place(line.near).name, scene.place(line.far).name
    problem = Problem(
        scene,
        f"{near} – {far} at {load} %",
        f"Output of {line.near} {line.port} over 85 % for 30 minutes. Tail drops in the best-effort class.",
        line=line,
        queue="backbone",
        network="Backbone",
        severity=3,
        started=31,
        hits=[("service", f"{near} – {far}", "degraded")],
    )
    scene.later(10, 50)
    problem.take()
    why = scene.turn(
        (
            ("State Archive’s nightly replication ran at noon; moved back to 02:00", "customer’s schedule"),
            ("telescope data of the observatory, one-off, ends tonight", "real use"),
            (
                "one member of the bundle was out since the last maintenance and nobody saw it; back in",
                "bundle member down",
            ),
            ("metric left at maintenance value on the parallel path; set back", "configuration"),
        )
    )
    problem.note(
        "Flow data: "
        + scene.pick(
            ("two hosts make half of it.", "one /27 makes two thirds of it.", "spread over everybody.")
        ),
        next="Move some of it",
        worked=20,
    )
    scene.later(20, 90)
    problem.note(f"Found: {why[0]}.", timer=(180, "load at the evening peak?"))
    scene.later(130, 178)
    problem.resolve(f"{near} – {far} was full: {why[0]}", component=line.name, cause=why[1],
                    text=f"Evening peak was {load - scene.number(20, 40)} %.")  # fmt: skip
    problem.sign_off()


STORIES = (
    Story("down", down, 18, 1, 10),
    Story("flapping", flapping, 8, 1, 7),
    Story("leak", leak, 5, 1, 6),
    Story("flood", flood, 7, 1, 8),
    Story("busy", busy, 7, 1, 6),
)
