"""PostgreSQL stands still behind a small queue: what is refused, how fast, who still finds room, what comes of it."""

import collections
import contextlib
import functools
import select
import time

from .installation import Failure, eventually
from .report import milliseconds, percentile, spread
from .traffic import CLOSED, TIMED_OUT, Plan, Worker, connect, open_loop, request, request_head, take_answer

QUEUE_ROWS = 256
# More than a batch on its way and A's part of the queue, so that some of them are refused.
FLOODING_CONNECTIONS = 800
CALM_REQUESTS = 20
PROBES = 500
COMMIT_TIMEOUT_SECONDS = 2
FLOOD_PER_SECOND = 1000
LIMIT_SECONDS = 120


class Client:
    """A connection with at most one request on its way."""

    def __init__(self, gateway, source):
        self.line = connect(gateway.port, source)
        self.buffer = bytearray()
        self.answer = None
        self.is_closed = False

    def fileno(self):
        return self.line.fileno()

    def read(self):
        data = self.line.recv(65_536)
        self.buffer += data
        self.answer = take_answer(self.buffer)
        self.is_closed = not data

    @property
    def is_done(self):
        return self.answer is not None or self.is_closed

    @property
    def result(self):
        """Status and code of the answer, or why there is none."""
        if self.answer is None:
            return CLOSED if self.is_closed else TIMED_OUT
        return f"{self.answer.status} {self.answer.code}".strip()

    @property
    def delivery(self):
        return self.answer.fields["postern-delivery-id"]


def run(installation, report):
    _full_queue(installation, report)
    _long_standstill(installation, report)


def _full_queue(installation, report):
    """Shorter than a commit may take: what waits is stored in the end, and A's flood leaves room for B."""
    database = installation.database("overload")
    loud = database.organization("loud", "unlimited")
    calm = database.organization("calm", "unlimited")
    gateway = database.gateway(QUEUE_ROWS=QUEUE_ROWS, COMMIT_TIMEOUT_SECONDS=28)
    acknowledged = [_deliver(gateway, organization) for organization in (loud, calm)]
    with contextlib.ExitStack() as lines:
        with installation.frozen() as thaw:
            frozen = time.monotonic()
            flooding = _send(gateway, lines, [request(loud.path)] * FLOODING_CONNECTIONS, "127.0.0.1")
            _wait(flooding, 2)
            refused = [client for client in flooding if client.is_done]
            waiting = [client for client in flooding if not client.is_done]
            if not refused:
                raise Failure(f"none of {len(flooding)} requests was refused although PostgreSQL stands still")
            alone = _probe(gateway, loud.path)
            plan = [Plan("loud", request(loud.path), FLOOD_PER_SECOND)]
            start = time.monotonic() + 0.3
            flood = Worker(open_loop, gateway.port, plan, start, 4, source="127.0.0.2", connections=8, depth=16)
            time.sleep(0.8)
            beside = _probe(gateway, loud.path, within=3)
            flooded = collections.Counter(f"{found[2]} {found[3]}".strip() for found in flood.result(40)["loud"])
            neighbors = _send(gateway, lines, [request(calm.path)] * CALM_REQUESTS, "127.0.0.4")
            _wait(neighbors, 1)
            turned_away = [client for client in neighbors if client.is_done]
            thaw()
            thawed = time.monotonic()
            held = waiting + neighbors
            _wait(held, 30)
            settled = time.monotonic() - thawed
        answers = collections.Counter(client.result for client in held)
        acknowledged += [client.delivery for client in held if client.result == "200"]
    acknowledged.append(_deliver(gateway, loud))
    missing = _missing(database, acknowledged)

    add = functools.partial(report.add, "overload")
    add("A floods until refused", f"{len(waiting)} wait, {len(refused)} of {len(flooding)} refused")
    results = collections.Counter(client.result for client in refused) + flooded
    add("refused with", dict(results), "503 overloaded", set(results) == {"503 overloaded"})
    _add_probe(report, "alone", alone, goal_seconds=0.005)
    # Without a goal for the time: what one more process takes on a small machine is not the gateway's.
    _add_probe(report, f"beside {FLOOD_PER_SECOND}/s", beside)
    text = f"{len(neighbors) - len(turned_away)} of {CALM_REQUESTS} wait, {len(turned_away)} refused"
    add("B beside it", text, "all wait", not turned_away)
    text = f"{dict(answers)}, {settled:.2f} s after {thawed - frozen:.0f} s of standstill"
    add("thawed: what waited was answered", text, "all 200", set(answers) == {"200"})
    add("acknowledged and not stored", f"{missing} of {len(acknowledged)}", "0", missing == 0)
    report.keep("overload", "alone", spread(alone.times))
    report.keep("overload", "beside", spread(beside.times))
    report.keep("overload", "waiting", len(waiting))
    report.keep("overload", "settled_seconds", round(settled, 3))
    report.keep("overload", "held_answers", answers)
    report.keep("overload", "flood_answers", flooded)
    installation.end()


def _long_standstill(installation, report):
    """Longer than a commit may take: what waits is refused then, and the gateway comes back by itself."""
    database = installation.database("standstill")
    organization = database.organization("standstill", "unlimited")
    gateway = database.gateway(QUEUE_ROWS=QUEUE_ROWS, COMMIT_TIMEOUT_SECONDS=COMMIT_TIMEOUT_SECONDS)
    acknowledged = [_deliver(gateway, organization)]
    with contextlib.ExitStack() as lines:
        with installation.frozen() as thaw:
            frozen = time.monotonic()
            waiting = _send(gateway, lines, [request(organization.path)] * 50, "127.0.0.1")
            _wait(waiting, COMMIT_TIMEOUT_SECONDS + 5)
            refused = time.monotonic() - frozen
            answers = collections.Counter(client.result for client in waiting)
            away = _probe(gateway, organization.path, within=3)
            time.sleep(max(0.0, 3 * COMMIT_TIMEOUT_SECONDS - (time.monotonic() - frozen)))
            thaw()
            thawed = time.monotonic()
        acknowledged += eventually("the gateway accepts again", 30, lambda: _accepted(gateway, organization))
        recovered = time.monotonic() - thawed
    missing = _missing(database, acknowledged)

    add = functools.partial(report.add, "overload")
    only = set(answers) == {"503 database_unavailable"}
    text = f"{dict(answers)} after {refused:.1f} s"
    add(f"standstill over {COMMIT_TIMEOUT_SECONDS} s: what waited", text, "503 database_unavailable", only)
    _add_probe(report, "PostgreSQL away", away, goal_seconds=0.005)
    add("thawed: accepts again, nobody's help", f"after {recovered:.2f} s", "≤ 10 s", recovered <= 10)
    add("acknowledged and not stored, standstill", f"{missing} of {len(acknowledged)}", "0", missing == 0)
    report.keep("overload", "away", spread(away.times))
    report.keep("overload", "recovered_seconds", round(recovered, 3))


def _add_probe(report, name, probe, goal_seconds=None):
    times = [percentile(probe.times, 0.5), percentile(probe.times, 0.99), max(probe.times)]
    met = None if goal_seconds is None else times[1] < goal_seconds
    goal = "" if goal_seconds is None else f"p99 < {goal_seconds * 1000:.0f} ms"
    report.add("overload", f"503 to a head, {name}: p50/p99/max", " / ".join(map(milliseconds, times)), goal, met)
    before, retry = len(probe.times), probe.with_retry_after
    text = f"{before} before the body, {retry} with Retry-After, of {probe.asked}"
    report.add("overload", f"503 to a head, {name}", text, "all", before == retry == probe.asked)


def _send(gateway, lines, requests, source):
    clients = []
    for data in requests:
        client = Client(gateway, source)
        lines.callback(client.line.close)
        client.line.sendall(data)
        clients.append(client)
    return clients


def _wait(clients, seconds):
    """Reads answers until all are there or the time is up."""
    end = time.monotonic() + seconds
    poll = select.poll()
    open_clients = {client.fileno(): client for client in clients if not client.is_done}
    for client in open_clients.values():
        poll.register(client, select.POLLIN)
    while open_clients and (left := end - time.monotonic()) > 0:
        for number, _ in poll.poll(left * 1000):
            open_clients[number].read()
            if open_clients[number].is_done:
                poll.unregister(number)
                del open_clients[number]


class Probe:
    """Answers to heads whose bodies were held back."""

    def __init__(self):
        self.asked = 0
        self.times = []
        self.with_retry_after = 0


def _probe(gateway, path, within=20):
    """Sends heads and holds their bodies back; measures from the head to the 503."""
    head = request_head(path)
    probe = Probe()
    end = time.monotonic() + within
    while probe.asked < PROBES and time.monotonic() < end:
        probe.asked += 1
        client = Client(gateway, "127.0.0.3")
        with contextlib.closing(client.line):
            # A connection that the gateway has accepted already: connecting is not what is measured.
            time.sleep(0.001)
            began = time.monotonic()
            client.line.sendall(head)
            _wait([client], 2)
            if client.answer is not None and client.answer.status == 503:
                probe.times.append(time.monotonic() - began)
                probe.with_retry_after += "retry-after" in client.answer.fields
    if not probe.times:
        raise Failure(f"none of {probe.asked} requests without a body was answered 503")
    return probe


def _accepted(gateway, organization):
    """Sends one request; the delivery's id in a list, which is empty if it was not accepted."""
    with contextlib.ExitStack() as lines:
        client = _send(gateway, lines, [request(organization.path)], "127.0.0.9")[0]
        _wait([client], 5)
        return [client.delivery] if client.result == "200" else []


def _deliver(gateway, organization):
    accepted = _accepted(gateway, organization)
    if not accepted:
        raise Failure(f"a request to {organization.name} was not accepted")
    return accepted[0]


def _missing(database, acknowledged):
    """How many of these deliveries are not in the log."""
    listed = ",".join(f"'{identifier}'" for identifier in acknowledged)
    return len(acknowledged) - int(database.value(f"SELECT count(*) FROM postern.deliveries WHERE id IN ({listed})"))
