"""What an operator pastes into a ticket: traceroutes, pings, counters, optical levels, sessions."""

from __future__ import annotations

import random

_HOPS = {
    "cr1.aa": "192.0.2.241",
    "cr2.chi": "192.0.2.242",
    "br1.chi": "192.0.2.243",
    "br2.det": "192.0.2.244",
    "cr1.det": "192.0.2.245",
    "cr1.lan": "192.0.2.246",
    "cr3.gr": "192.0.2.247",
    "cr1.kzo": "192.0.2.248",
}


def hop(machine: str) -> str:
    """Give the documentation address that a machine answers with."""
    return _HOPS.get(machine, f"198.51.100.{224 + sum(map(ord, machine)) % 30}")


def traceroute(
    dice: random.Random, to: str, address: str, path: list[str], *, lost_after: int | None = None
) -> str:
    """Draw a traceroute along a path; after hop number `lost_after` nothing answers."""
    lines = [f"traceroute to {to} ({address}), 30 hops max, 60 byte packets"]
    delay = 0.3
    for count, machine in enumerate(path, 1):
        if lost_after is not None and count > lost_after:
            lines += [f"{each:2}  * * *" for each in range(count, count + 3)]
            break
        delay += dice.uniform(0.2, 3.4)
        times = "  ".join(f"{delay + dice.uniform(0, 0.3):.3f} ms" for _ in range(3))
        lines.append(f"{count:2}  {machine}.lakenet.example ({hop(machine)})  {times}")
    else:
        if lost_after is not None:
            lines += [f"{each:2}  * * *" for each in range(len(path) + 1, len(path) + 4)]
    return "\n".join(lines)


def ping(dice: random.Random, address: str, *, loss: int, least: float = 2.1) -> str:
    """Draw the end of a ping of a hundred packets."""
    average = least + dice.uniform(0.4, 2.5)
    most = average + dice.uniform(3, 60 if loss else 4)
    lines = [
        f"--- {address} ping statistics ---",
        f"100 packets transmitted, {100 - loss} received, {loss}% packet loss, time 99{dice.randrange(100, 999)}ms",
    ]
    if loss < 100:
        spread = dice.uniform(0.2, 6)
        lines.append(f"rtt min/avg/max/mdev = {least:.3f}/{average:.3f}/{most:.3f}/{spread:.3f} ms")
    return "\n".join(lines)


def port(dice: random.Random, name: str, *, up: bool, errors: int = 0, flaps: int = 0) -> str:
    """Draw the state of a port with its counters."""
    most = {"et": 60.0, "xe": 9.0}.get(name[:2], 0.9) if up else 0.0
    word = "Up" if up else "Down"
    return (
        f"Physical interface: {name}, Enabled, Physical link is {word}\n"
        f"  Input errors: {errors}, Framing errors: {errors // 3}, Carrier transitions: {flaps}\n"
        f"  FEC corrected: {errors * dice.randint(900, 1500) + dice.randint(4000, 9000)}, FEC uncorrected: {errors}\n"
        f"  Input rate: {most * dice.uniform(0.1, 0.9):.1f} Gbps  Output rate: {most * dice.uniform(0.1, 0.9):.1f} Gbps"
    )


def optics(dice: random.Random, *, received: float, usual: float = -4.2) -> str:
    """Draw optical levels; `received` and `usual` are dBm."""
    return (
        f"Laser output power : {dice.uniform(-0.4, 1.9):+.2f} dBm\n"
        f"Receiver power     : {received:+.2f} dBm   (baseline {usual:+.2f} dBm)\n"
        f"Module temperature : {dice.randint(31, 44)} C"
    )


def session(dice: random.Random, address: str, asn: str, state: str, flaps: int) -> str:
    """Draw one line of a router's list of sessions."""
    number = asn.removeprefix("AS")
    packets = dice.randint(20000, 900000)
    return (
        "Peer              AS        InPkt     OutPkt   OutQ   Flaps Last Up/Dwn State\n"
        f"{address:17} {number:9} {packets:<9} {packets - dice.randint(0, 900):<8} 0      {flaps:<5} "
        f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}    {state}"
    )


def dig(name: str, server: str, milliseconds: int, *, answer: str = "NOERROR") -> str:
    """Draw the telling lines of a query to a name server."""
    return (
        f"$ dig @{server} {name} +tries=1\n"
        f";; ->>HEADER<<- opcode: QUERY, status: {answer}\n"
        f";; Query time: {milliseconds} msec\n"
        f";; SERVER: {server}#53 (UDP)"
    )
