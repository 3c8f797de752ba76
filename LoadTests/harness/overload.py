"""PostgreSQL stands still behind a small queue: what is refused, how fast, for whom there is room, and what comes of it."""

import collections
import contextlib
import select
import time

from .installation import Failure, eventually
from .report import milliseconds, percentile, spread
from .traffic import Plan, Worker, connect, open_loop, request, request_head, take_answer

QUEUE_ROWS = 256
# More than a batch on its way and A's part of the queue, so that some of them are refused.
FLOODING_CONNECTIONS = 800
CALM_REQUESTS = 20
PROBES = 500
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


def run(installation, report):
    database = installation.database("overload")
    loud = database.organization("loud", "unlimited")
    calm = database.organization("calm", "unlimited")
    # The commit that is on its way must outlive the standstill; what this one shows is the queue behind it.
    gateway = database.gateway(QUEUE_ROWS=QUEUE_ROWS, COMMIT_TIMEOUT_SECONDS=28)
    acknowledged = []
    with contextlib.ExitStack() as lines:
        for organization in (loud, calm):
            client = _send(gateway, lines, [request(organization.path)], "127.0.0.9")[0]
            _wait([client], 5)
            acknowledged.append(_delivery(client))
        with installation.frozen() as thaw:
            frozen = time.monotonic()
            flooding = _send(gateway, lines, [request(loud.path)] * FLOODING_CONNECTIONS, "127.0.0.1")
            _wait(flooding, 2)
            refused = [client for client in flooding if client.is_done]
            waiting = [client for client in flooding if not client.is_done]
            if not refused:
                raise Failure(f"none of {len(flooding)} requests was refused although PostgreSQL stands still")
            alone = _probe(gateway, loud.path, PROBES)
            flood = Worker(
                open_loop, gateway.port, [Plan("loud", request(loud.path), FLOOD_PER_SECOND)],
                time.monotonic() + 0.3, 4, source="127.0.0.2", connections=8, depth=16,
            )
            time.sleep(0.8)
            beside = _probe(gateway, loud.path, PROBES, within=3)
            flooded = collections.Counter(f"{found[2]} {found[3]}".strip() for found in flood.result(40)["loud"])
            neighbors = _send(gateway, lines, [request(calm.path)] * CALM_REQUESTS, "127.0.0.4")
            _wait(neighbors, 1)
            turned_away = [client for client in neighbors if client.is_done]
            thaw()
            thawed = time.monotonic()
            held = waiting + neighbors
            _wait(held, 30)
            settled = time.monotonic() - thawed
        answers = collections.Counter(client.answer.status if client.answer else "none" for client in held)
        acknowledged += [_delivery(client) for client in held if client.answer and client.answer.status == 200]
    renewed = time.monotonic()
    eventually("the gateway accepts again", 30, lambda: _accepts(gateway, loud, acknowledged))
    recovered = time.monotonic() - renewed
    listed = ",".join(f"'{identifier}'" for identifier in acknowledged)
    found = int(database.value(f"SELECT count(*) FROM postern.deliveries WHERE id IN ({listed})"))

    report.add("overload", "A floods until refused", f"{len(waiting)} wait, {len(refused)} of {len(flooding)} refused")
    codes = collections.Counter(f"{client.answer.status} {client.answer.code}" for client in refused if client.answer)
    only = set(codes) == {"503 overloaded"} and set(flooded) == {"503 overloaded"}
    report.add("overload", "refused with", ", ".join({**codes, **flooded}), "503 overloaded", only)
    for name, (times, fields) in (("alone", alone), (f"beside {FLOOD_PER_SECOND}/s", beside)):
        text = " / ".join(milliseconds(value) for value in (percentile(times, 0.5), percentile(times, 0.99), max(times)))
        met = percentile(times, 0.99) < 0.005
        # What one more process on two cores takes is not the gateway's.
        is_goal = name == "alone"
        report.add("overload", f"503 after the head, {name}: p50/p99/max", text, "p99 < 5 ms" if is_goal else "", met if is_goal else None)
        report.add("overload", f"answered before the body was sent, {name}", f"{len(times)} of {fields['asked']}", "all", len(times) == fields["asked"])
        report.add("overload", f"with Retry-After, {name}", f"{fields['retry_after']} of {len(times)}", "all", fields["retry_after"] == len(times))
    report.add("overload", "B beside it", f"{len(neighbors) - len(turned_away)} of {CALM_REQUESTS} wait, {len(turned_away)} refused", "all wait", not turned_away)
    report.add("overload", "PostgreSQL stood still", f"{thawed - frozen:.1f} s")
    report.add("overload", "thawed: all that waited answered", f"after {settled:.2f} s: {dict(answers)}", "all 200", set(answers) == {200})
    report.add("overload", "thawed: a new request accepted", f"after {settled + recovered:.2f} s")
    missing = len(acknowledged) - found
    report.add("overload", "acknowledged and not stored", f"{missing} of {len(acknowledged)}", "0", missing == 0)
    report.keep("overload", "alone", spread(alone[0]))
    report.keep("overload", "beside", spread(beside[0]))
    report.keep("overload", "waiting", len(waiting))
    report.keep("overload", "settled_seconds", round(settled, 3))
    report.keep("overload", "held_answers", answers)
    report.keep("overload", "flood_answers", flooded)


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


def _probe(gateway, path, count, within=20):
    """Sends heads and holds their bodies back; seconds from the head to the answer of those that were answered."""
    head = request_head(path)
    times = []
    asked = with_retry_after = 0
    end = time.monotonic() + within
    while asked < count and time.monotonic() < end:
        asked += 1
        with contextlib.closing(connect(gateway.port, "127.0.0.3")) as line:
            # A connection that the gateway has accepted already: connecting is not what is measured.
            time.sleep(0.001)
            buffer = bytearray()
            line.settimeout(2)
            began = time.monotonic()
            line.sendall(head)
            with contextlib.suppress(TimeoutError):
                while (answer := take_answer(buffer)) is None:
                    data = line.recv(65_536)
                    if not data:
                        break
                    buffer += data
                if answer is not None and answer.status == 503:
                    times.append(time.monotonic() - began)
                    with_retry_after += "retry-after" in answer.fields
    if not times:
        raise Failure(f"none of {asked} requests without a body was answered 503")
    return times, {"asked": asked, "retry_after": with_retry_after}


def _delivery(client):
    if client.answer is None or client.answer.status != 200:
        raise Failure(f"not accepted: {client.answer.status if client.answer else 'no answer'}")
    return client.answer.fields["postern-delivery-id"]


def _accepts(gateway, organization, acknowledged):
    with contextlib.ExitStack() as lines:
        client = _send(gateway, lines, [request(organization.path)], "127.0.0.9")[0]
        _wait([client], 5)
        if client.answer is None or client.answer.status != 200:
            return False
        acknowledged.append(_delivery(client))
        return True
