"""10,000 idle keep-alive connections: the gateway's memory, and what a new connection notices."""

import contextlib
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
BATCH = 250
LIMIT_SECONDS = 120
PROBE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


def run(installation, report):
    _allow_files(CONNECTIONS + 1000)
    database = installation.database("idle")
    organization = database.organization("idle", "unlimited")
    gateway = database.gateway(CONNECTIONS=12_000)
    data = request(organization.path)
    _ask(gateway, data, 50)
    alone = _ask(gateway, data, NEW_CONNECTIONS)
    before = gateway.resident_kib()
    lines = []
    try:
        started = time.monotonic()
        _open(gateway, lines)
        opened = time.monotonic() - started
        time.sleep(2)
        during = gateway.resident_kib()
        beside = _ask(gateway, data, NEW_CONNECTIONS)
        closed = _closed(lines)
    finally:
        for line in lines:
            line.close()
    time.sleep(3)
    after = gateway.resident_kib()

    each = (during - before) * 1024 / CONNECTIONS
    report.add("idle", "connections", f"{len(lines)} opened in {opened:.1f} s, {closed} closed by the gateway", "0 closed", closed == 0)
    text = f"{before / 1024:.1f} → {during / 1024:.1f} → {after / 1024:.1f} MiB"
    report.add("idle", "gateway's memory before → with → after", text)
    report.add("idle", "memory of one idle connection", f"{each:.0f} bytes")
    for name, values in (("without them", alone), ("with them", beside)):
        text = " / ".join(milliseconds(value) for value in (percentile(values, 0.5), percentile(values, 0.99), max(values)))
        met = percentile(values, 0.99) < 0.01 if values is beside else None
        report.add("idle", f"new connection, connect to answer, {name}: p50/p99/max", text, "" if met is None else "p99 < 10 ms", met)
    report.keep("idle", "resident_kib", {"before": before, "with": during, "after": after})
    report.keep("idle", "bytes_each", round(each))
    report.keep("idle", "without", spread(alone))
    report.keep("idle", "with", spread(beside))


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
    """Sends signed deliveries, each on a connection of its own; seconds from connect to answer."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        with contextlib.closing(connect(gateway.port)) as line:
            line.sendall(data)
            status = _answer(line).status
            times.append(time.monotonic() - began)
        if status != 200:
            raise Failure(f"a delivery on a new connection was answered {status}")
        time.sleep(0.01)
    return times


def _closed(lines):
    """How many the gateway has closed: nothing else makes an idle connection readable."""
    poll = select.poll()
    for line in lines:
        poll.register(line, select.POLLIN)
    return len(poll.poll(0))
