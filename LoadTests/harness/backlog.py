"""A backlog of deliveries in the log, a consumer that works it off, and a destination that takes what comes."""

import asyncio
import multiprocessing
import signal
import time

from .installation import Process, eventually

# How many events were made.
EVENTS = "SELECT coalesce(sum(event_number), 0) FROM postern.lanes"
# How many events went out at their first attempt.
DELIVERED = "SELECT coalesce(sum(delivered), 0) FROM postern.destination_cursors"
ADDRESS = r" listening address=127\.0\.0\.1:(\d+)"


def fill(database, organization, count, rows_at_once=20_000):
    """Puts GitHub deliveries into the log as a gateway's writer would, each with one event of its own."""
    writer = database.value("INSERT INTO postern.writers (gateway) VALUES ('load') RETURNING id")
    lane = database.value(f"SELECT lane FROM postern.endpoints WHERE org_id = '{organization.identifier}'")
    database.value(f"INSERT INTO postern.cursors (lane, writer, stored_at) VALUES ({lane}, {writer}, now())")
    for first in range(1, count + 1, rows_at_once):
        last = min(first + rows_at_once - 1, count)
        database.value(
            f"""
            INSERT INTO postern.deliveries
                (lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body)
            SELECT {lane}, {writer}, n, now(),
                (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
                    || substr(md5('{writer}/' || n), 1, 3) || '8' || substr(md5('{writer}/' || n), 4, 15))::uuid,
                e.org_id, e.id, 'github',
                convert_to(E':target: /webhooks/github/load\\ncontent-type: application/json\\nx-github-event: push\\n'
                    || 'x-github-delivery: {writer}-' || n || E'\\n', 'UTF8'),
                convert_to('{{"ref":"refs/heads/main","repository":{{"id":' || n || ',"full_name":"acme/shop"}},"text":"'
                    || repeat('x', 700) || '"}}', 'UTF8')
            FROM generate_series({first}, {last}) AS n, postern.endpoints e
            WHERE e.org_id = '{organization.identifier}'
            """
        )
    database.value(f"UPDATE postern.writers SET closed_at = now() WHERE id = {writer}")


class Consumer(Process):
    """A running consumer."""

    def __init__(self, database, **settings):
        environment = dict(database.environment, POSTERN_CONSUMER_STATUS_PORT="0")
        for name, value in settings.items():
            environment[f"POSTERN_{name}"] = str(value)
        installation = database.installation
        super().__init__([installation.executable, "consumer"], installation.file("consumer.log"), environment)
        installation.started(self)
        eventually("consumer listens", 30, lambda: self.logged("status server" + ADDRESS))


def rate_until(database, query, goal, limit):
    """Asks for a count until it reaches the goal; how many a second came between the first tenth and the end."""
    began, first = None, 0
    end = time.monotonic() + limit
    while time.monotonic() < end:
        count, now = int(database.value(query) or 0), time.monotonic()
        if began is None and count >= goal / 10:
            began, first = now, count
        if count >= goal:
            return (count - first) / max(now - began, 0.001)
        time.sleep(0.1)
    raise TimeoutError(f"{query}: not {goal} within {limit} s")


class _Receiver(asyncio.Protocol):
    """Answers 200 to each POST with a Content-Length; nothing else is sent here."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.transport.write(self.ANSWER)


def _serve(ports):
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    async def work():
        server = await asyncio.get_running_loop().create_server(_Receiver, "127.0.0.1", 0, backlog=1024)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(work())


class Destination:
    """A destination on loopback in a process of its own; a context manager."""

    def __enter__(self):
        ports = multiprocessing.Queue()
        self.process = multiprocessing.Process(target=_serve, args=(ports,), daemon=True)
        self.process.start()
        self.url = f"http://127.0.0.1:{ports.get(timeout=10)}/hook"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()
