"""10,000 idle keep-alive connections: the gateway's memory, and what a new connection notices."""

import contextlib
import functools
import resource
import select
import time

from .installation import Failure
from .report import milliseconds, percentile, spread
from .traffic import connect, request, take_answer

CONNECTIONS = 10_000
# The cap for each address is 1024.
SOURCES = [f"127.0.0.{number}" for number in range(1, 13)]
NEW_CONNECTIONS = 200
CHECKED_CONNECTIONS = 500
BATCH = 250
LIMIT_SECONDS = 120
# The gateway gives back what only its start needed two seconds after it.
SETTLED_SECONDS = 4
IDLE_GOAL_MIB = 25
CONNECTED_GOAL_MIB = 80
PROBE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


def run(installation, report):
    _allow_files(CONNECTIONS + 1000)
    database = installation.database("idle")
    organization = database.organization("idle", "unlimited")
    gateway = database.gateway()
    time.sleep(SETTLED_SECONDS)
    unused = gateway.resident_kib()
    data = request(organization.path)
    _ask(gateway, data, 50)
    alone = [_ask(gateway, asked, NEW_CONNECTIONS) for asked in (PROBE, data)]
    before = gateway.resident_kib()
    lines = []
    try:
        started = time.monotonic()
        _open(gateway, lines)
        opened = time.monotonic() - started
        time.sleep(2)
        during = gateway.resident_kib()
        beside = [_ask(gateway, asked, NEW_CONNECTIONS) for asked in (PROBE, data)]
        closed = _closed(lines)
        served = _served(lines[:: len(lines) // CHECKED_CONNECTIONS])
    finally:
        for line in lines:
            line.close()
    time.sleep(3)
    after = gateway.resident_kib()

    each = (during - before) * 1024 / CONNECTIONS
    add = functools.partial(report.add, "idle")
    text = f"{len(lines)} opened in {opened:.1f} s, {closed} closed by the gateway"
    add("connections", text, "none closed", closed == 0)
    text = f"{served} of {CHECKED_CONNECTIONS} asked"
    add("idle connections that still answer", text, "all", served == CHECKED_CONNECTIONS)
    goal = f"≤ {IDLE_GOAL_MIB} MiB"
    add("gateway's memory before its first request", f"{unused / 1024:.1f} MiB", goal, unused <= IDLE_GOAL_MIB * 1024)
    text = f"{before / 1024:.1f} → {during / 1024:.1f} → {after / 1024:.1f} MiB"
    goal = f"with ≤ {CONNECTED_GOAL_MIB} MiB"
    add("gateway's memory before → with → after", text, goal, during <= CONNECTED_GOAL_MIB * 1024)
    add("memory of one idle connection", f"{each:.0f} bytes")
    for number, kind in enumerate(("answered", "stored and answered")):
        for name, values in (("without them", alone[number]), ("with them", beside[number])):
            times = [percentile(values, 0.5), percentile(values, 0.99), max(values)]
            goal, met = ("p99 < 10 ms", times[1] < 0.01) if name == "with them" else ("", None)
            add(f"connect to {kind}, {name}: p50/p99/max", " / ".join(map(milliseconds, times)), goal, met)
            report.keep("idle", f"{kind}, {name}", spread(values))
    report.keep("idle", "resident_kib", {"unused": unused, "before": before, "with": during, "after": after})
    report.keep("idle", "bytes_each", round(each))


def _allow_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            raise Failure(f"{count} open files are needed and {hard} allowed: raise the limit (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _open(gateway, lines):
    """Opens the connections; each sends one request, reads its answer and stays."""
    for first in range(0, CONNECTIONS, BATCH):
        batch = [connect(gateway.port, SOURCES[number % len(SOURCES)]) for number in range(first, first + BATCH)]
        lines += batch
        for line in batch:
            line.sendall(PROBE)
        for line in batch:
            status = _answer(line).status
            if status != 200:
                raise Failure(f"connection {len(lines)} of {CONNECTIONS} was answered {status}")


def _answer(line):
    buffer = bytearray()
    while (answer := take_answer(buffer)) is None:
        data = line.recv(65_536)
        if not data:
            raise Failure("the gateway closed a connection instead of answering")
        buffer += data
    return answer


def _ask(gateway, data, count):
    """Sends requests, each on a connection of its own; seconds from connect to answer."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        with contextlib.closing(connect(gateway.port)) as line:
            line.sendall(data)
            status = _answer(line).status
            times.append(time.monotonic() - began)
        if status != 200:
            raise Failure(f"a request on a new connection was answered {status}")
        time.sleep(0.01)
    return times


def _served(lines):
    """How many of these connections still get an answer."""
    for line in lines:
        line.sendall(PROBE)
    return sum(_answer(line).status == 200 for line in lines)


def _closed(lines):
    """How many the gateway has closed: nothing else makes an idle connection readable."""
    poll = select.poll()
    for line in lines:
        poll.register(line, select.POLLIN)
    return len(poll.poll(0))
