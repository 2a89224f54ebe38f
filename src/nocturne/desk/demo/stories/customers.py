"""What customers report and ask for."""

from __future__ import annotations

from nocturne.desk.demo import looks
from nocturne.desk.demo.inventory import Customer
from nocturne.desk.demo.problem import Problem
from nocturne.desk.demo.stage import Scene
from nocturne.desk.demo.stories import Story


def _signed(customer: Customer, text: str, scene: Scene) -> str:
    end = scene.pick(
        (
            f"\n\n{customer.person}\n{customer.name}\n{customer.phone}",
            f"\n\nRegards,\n{customer.person}",
            f"\n\n-- \n{customer.person}, {customer.name}",
            f"\n\nThanks\n{customer.person.split()[0]}",
        )
    )
    return text + end


def slow(scene: Scene) -> None:
    """It is slow at a customer's; after a weekend of their time it turns out to be a switch in their cellar."""
    customer = scene.customer()
    scene.office_hours()
    problem = Problem(
        scene,
        scene.turn(
            (
                "Internet very slow since yesterday",
                "Slow downloads in the afternoon",
                "video lectures keep buffering",
                f"{customer.name}: bad throughput",
                "Half speed after the holidays?",
            )
        ),
        _signed(
            customer,
            scene.pick(
                (
                    "Hello, our users say that everything is slow since yesterday noon. A speed test shows 60 Mbps and we"
                    " should have 1 Gbps. Is something wrong on your side?",
                    "Downloads from the state repository crawl in the afternoons, mornings are fine. Can you have a look?",
                    "Staff here complain that video stops every few seconds. I restarted our firewall, no change.",
                )
            ),
            scene,
        ),
        by=customer,
        started=600,
        user_address=customer.prefix.rpartition(".")[0] + f".{scene.number(10, 60)}",
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(8, 60)
    problem.take(worked=5)
    scene.later(5, 15)
    problem.note(
        f"{customer.router} port to them clean, no drops, peak at 31 %. From our side to their gateway:\n\n"
        + looks.ping(scene.dice, customer.prefix.partition("/")[0], loss=0)
        + "\n\n"
        + looks.traceroute(scene.dice, "test.lakenet.example", "192.0.2.10", ["cr1.lan", "cr1.aa"]),
    )
    problem.reply(
        f"Hello {customer.person.split()[0]},\n\nour line to you is clean and about a third full at its busiest. Could you put a"
        " laptop straight onto the hand-over port and run the test against test.lakenet.example? Then we know on"
        " which side to look.",
    )
    problem.wait(
        "customer", "", next="Test at the hand-over port", timer=(24 * 60, f"{customer.person}: tested?")
    )
    scene.morning(scene.dice.uniform(8.5, 13))
    problem.hears(
        customer,
        scene.pick(
            (
                "Sorry, had to wait until the rooms were empty. 940 Mbps at the hand-over. So it is us…",
                "Straight on the port it is fast. Behind our core switch it is slow.",
                "940 down, 930 up on the port. Embarrassing.",
            )
        ),
    )
    scene.later(10, 90)
    problem.reply(
        scene.pick(
            (
                "Thank you for testing. Very often it is a port that has fallen to 100 Mbps: look at the uplink of the core"
                " switch first. We keep this open until you have found it.",
                "Good to know. If your firewall inspects everything, try one machine past it before you buy anything.",
            )
        ),
        worked=10,
    )
    problem.wait("customer", "", next="Word from the customer", timer=(48 * 60, f"{customer.person}: found?"))
    scene.morning(scene.dice.uniform(9, 15))
    problem.hears(customer, scene.pick(("Found it: uplink had negotiated 100 Mbps, new cable. Closed from our side!",
                                        "It was the firewall’s new inspection licence. Switched off for video. Thank you!",
                                        "A loop in building C. You can close.")))  # fmt: skip
    scene.later(5, 40)
    problem.resolve(
        "Slow inside the customer’s own network", component=customer.name, cause="customer's equipment"
    )
    problem.fall_silent()


def unreachable(scene: Scene) -> None:
    """Something cannot be reached from a customer's; sometimes ours, often a far end's."""
    customer = scene.customer()
    scene.office_hours()
    site, address = scene.turn(
        (
            ("the library catalogue", "203.0.113.177"),
            ("the tax office’s portal", "198.51.100.211"),
            ("our bookkeeper’s server", "203.0.113.215"),
            ("the exam registration", "192.0.2.180"),
            ("video.statearchive.example", "203.0.113.170"),
        )
    )
    problem = Problem(
        scene,
        scene.pick((f"Cannot reach {site}", f"{site} unreachable from here", f"No access to {site}")),
        _signed(
            customer,
            scene.pick(
                (
                    f"Since this morning we cannot open {site}. From my telephone it works.",
                    f"{site[0].upper()}{site[1:]} times out for everybody in the house. Other pages are fine.",
                    "see attached, it stops after your second router. Please help, there is a deadline today",
                )
            ),
            scene,
        ),
        by=customer,
        started=90,
        destination_address=address,
        user_address=customer.prefix.rpartition(".")[0] + ".12",
        hits=[("customer", customer.name, "degraded")],
    )
    scene.later(4, 30)
    problem.take()
    trace = looks.traceroute(
        scene.dice, address, address, [customer.router, "cr1.aa", "br1.chi"], lost_after=3
    )
    problem.note(trace, worked=5, next="Ask the far end")
    scene.later(5, 15)
    why = scene.turn(
        (
            ("their prefix is on a list that the far end’s firewall uses; taken off", "third party's filter"),
            (
                "return path of the far end preferred a dead provider; they have withdrawn it",
                "routing of a third party",
            ),
            (
                "an access list of ours from the flood last week still held one /27; removed",
                "our configuration",
            ),
            ("far end’s server had died, it is back", "third party's server"),
            ("DNS still gave the old address; their record had a week’s life", "third party's name server"),
        )
    )
    problem.reply(
        scene.turn(
            (
                "It leaves our network towards Chicago and is not answered. We have written to the other side and stay on it.",
                "Your packets leave us for Chicago and nothing comes back. The far end has our trace and a telephone call; we will write again.",
                "We can see it from here, too: it stops one hop behind our border. Their NOC has it now, under our eyes.",
                "It is not your network and, as far as we can see, not ours. We have asked the operators of the far end and will tell you what they say.",
            )
        )
    )
    scene.later(40, 240)
    problem.restore(f"Works from {customer.router}: {why[0]}.")
    problem.reply(f"It should work again: {why[0]}. Please tell us if not.", worked=10)
    scene.later(10, 50)
    problem.resolve(f"{site[0].upper()}{site[1:]} unreachable: {why[0]}", component=address, cause=why[1])
    problem.fall_silent()


def ask(scene: Scene) -> None:
    """A request: prefixes, reverse names, ports."""
    customer = scene.customer()
    scene.office_hours()
    subject, wish, done = scene.turn(
        (
            (
                "Reverse DNS for our new mail server",
                "please set the reverse name of 198.51.100.{n} to mail2.{domain}, the forward record is there.",
                "The reverse name is set and answers from both of our servers.",
            ),
            (
                "Announce one more prefix",
                "we have been given 203.0.113.{n}/28 by our other site. Please accept it from us. ROA and route object"
                " are in place.",
                "Your filter is updated; we accept the prefix and see it at both transits.",
            ),
            (
                "Second VLAN on our port",
                "could we have a second VLAN on the hand-over port for the guest network? VLAN 2{n}, the same speed.",
                "VLAN is on the port since noon. Gateway address went to you in a separate mail.",
            ),
            (
                "Speed upgrade to 2 Gbps",
                "the board has agreed to 2 Gbps. When could you do it, and is there an interruption?",
                "Shaper is at 2 Gbps since 06:10. It took no interruption.",
            ),
            (
                "Traffic graphs for last month",
                "for our report we need last month’s traffic of our line as numbers, not as a picture.",
                "The table is attached, five-minute averages in CSV.",
            ),
            (
                "New contact person",
                "as of Monday please call my colleague in the mornings, I am there from noon. Both numbers are below.",
                "Both of you are in our list now, with your hours.",
            ),
            (
                "Looking glass account",
                "our students would like to use the looking glass for a course, about 25 of them. Is that allowed?",
                "It is public up to ten questions a minute for each address; we have raised it for your prefix until May.",
            ),
        )
    )
    words = wish.format(n=scene.number(10, 60), domain=customer.email.partition("@")[2])
    problem = Problem(
        scene,
        subject,
        _signed(customer, f"Hello,\n\n{words}", scene),
        by=customer,
        type="request",
        severity=4,
    )
    scene.later(15, 200)
    problem.take()
    if scene.number(0, 2) == 0:
        scene.later(10, 60)
        problem.reply(
            f"Hello {customer.person.split()[0]},\n\ngladly. We need a word from whoever may order for {customer.name}; a"
            " one-line mail will do."
        )
        problem.wait("customer", "", next="Order from the customer", timer=(3 * 24 * 60, "order there?"))
        scene.morning(scene.dice.uniform(8.5, 15))
        problem.hears(
            customer,
            scene.pick(
                ("Herewith ordered.", "I may order myself now, see our letter of March. So: yes please.")
            ),
        )
    scene.later(30, 240)
    problem.note(
        scene.pick(
            (
                "Done, and tested from outside.",
                "Second pair of eyes: checked by me.",
                "Done, documented in the inventory.",
            )
        ),
        worked=scene.pick((10, 15, 20, 45)),
    )
    file = ("traffic.csv", _table(scene)) if "numbers" in wish else None
    problem.reply(f"Hello {customer.person.split()[0]},\n\n{done}", file=file)
    scene.later(5, 60)
    problem.resolve(f"{subject}: done", component=customer.name, cause="request")
    problem.fall_silent()


def _table(scene: Scene) -> str:
    rows = [
        f"{day:02}T{hour:02}:00Z,{scene.number(90, 900)},{scene.number(40, 400)}"
        for day in range(1, 8)
        for hour in range(0, 24, 6)
    ]
    return "\n".join(["time,in Mbps,out Mbps", *rows, ""])


def abuse(scene: Scene) -> None:
    """Somebody outside complains about a customer's host."""
    customer = scene.customer()
    host = customer.prefix.rpartition(".")[0] + f".{scene.number(10, 60)}"
    what, end = scene.turn(
        (
            ("SSH scans", "They have taken it off the net; a student’s machine."),
            ("open resolver", "Resolver is closed now, checked from outside."),
            ("phishing page", "Page is gone, the password of one account was changed."),
            ("mail to spam traps", "A web form without a captcha. It has one now."),
            ("NTP reflection", "Old printer with the world’s oldest firmware. Behind a firewall now."),
        )
    )
    problem = Problem(
        scene,
        f"Abuse: {what}, {host}",
        f"Report from abuse@blocklist.example: {what}, {scene.number(30, 40000)} events since yesterday. Log is in the report.",
        by=scene.lead(),
        type="request",
        queue="customers",
        network="Access",
        user_address=host,
        severity=3,
        next=f"Tell {customer.name}",
    )
    scene.later(10, 50)
    problem.note(
        f"{host} belongs to {customer.name}. Called {customer.person} ({customer.phone}), sent the log by mail.",
        worked=15,
    )
    problem.wait("customer", "", next="Host cleaned or off", timer=(24 * 60, f"{host} still at it?"))
    scene.morning(scene.dice.uniform(9, 14))
    problem.resume(end)
    scene.later(15, 60)
    problem.resolve(
        f"{what[0].upper()}{what[1:]}, {host}: stopped by {customer.name}", component=host, cause="abuse"
    )
    problem.sign_off()


def junk(scene: Scene) -> None:
    """Mail that is no ticket."""
    customer = scene.customer()
    subject, text, reason = scene.turn(
        (
            ("Your mailbox is full", "Click to keep your messages: http://mailbox.example/keep", "Phishing, sender’s account is broken into; told them by telephone"),
            ("Out of office: Re: maintenance", "I am away until Monday and will read your message then.", "Automatic answer"),
            ("Quotation for office chairs", "Dear Sir or Madam, may we send you our new catalogue?", "Advertising"),
            ("lunch on thursday?", "oops wrong list, sorry", "Meant for somebody else"),
        )
    )  # fmt: skip
    problem = Problem(scene, subject, text, by=customer, severity=4)
    scene.later(3, 60)
    problem.reject(reason)


STORIES = (
    Story("slow", slow, 12, 1, 240),
    Story("unreachable", unreachable, 14, 1, 84),
    Story("ask", ask, 20, 1, 200),
    Story("abuse", abuse, 7, 1, 120),
    Story("junk", junk, 6, 1, 2),
)
