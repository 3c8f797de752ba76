"""The load: signed and forged requests, open-loop senders, floods; each in a process of its own.

Times are `time.monotonic()`, which all processes of a machine share.
"""

import collections
import hashlib
import hmac
import multiprocessing
import re
import select
import socket
import time
import traceback

from .installation import SECRET, Failure

BODY = b'{"zen":"Keep it logically awesome.","repository":{"id":1296269},"pad":"%s"}' % (b"x" * 400)

# What an exchange ended with besides a status.
CLOSED, TIMED_OUT, UNSENT = "closed", "no answer", "not sent"


def request_head(path, secret=SECRET, body=BODY):
    """A GitHub push up to its body."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-GitHub-Event: push\r\nX-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()


def request(path, secret=SECRET):
    """A signed GitHub push; with another secret than the endpoint's, a forged one."""
    return request_head(path, secret) + BODY


def connect(port, source="127.0.0.1", timeout=5):
    """A connection to the gateway from one of loopback's addresses."""
    line = socket.create_connection(("127.0.0.1", port), timeout=timeout, source_address=(source, 0))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


class Answer:
    """One parsed answer."""

    __slots__ = ("body", "fields", "status")

    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    @property
    def code(self):
        found = re.search(rb'"code":"(\w+)"', self.body)
        return found[1].decode() if found else ""


def take_answer(buffer):
    """Takes the first whole answer out of a bytearray; nothing if it is not all there."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = bytes(buffer[:end]).split(b"\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower().decode()] = value.strip().decode()
    length = int(fields.get("content-length", 0))
    if len(buffer) < end + 4 + length:
        return None
    body = bytes(buffer[end + 4 : end + 4 + length])
    del buffer[: end + 4 + length]
    return Answer(int(lines[0][9:12]), fields, body)


class Line:
    """A connection that counts what it waits for."""

    def __init__(self, port, source):
        self.socket = connect(port, source)
        self.socket.setblocking(False)
        self.waiting = collections.deque()
        self.outgoing = bytearray()
        self.incoming = bytearray()

    def fileno(self):
        return self.socket.fileno()

    def send(self, data, mark):
        self.waiting.append(mark)
        self.outgoing += data
        return self.flush()

    def flush(self):
        """Writes what the kernel takes; whether the connection still stands."""
        try:
            while self.outgoing:
                del self.outgoing[: self.socket.send(self.outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True

    def receive(self):
        """Reads what there is; whether the connection still stands."""
        try:
            data = self.socket.recv(262_144)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.incoming += data
        return bool(data)


class Plan:
    """One stream of requests: so many a second, whatever the answers."""

    def __init__(self, name, data, per_second):
        self.name = name
        self.data = data
        self.per_second = per_second


def open_loop(port, plans, start, seconds, source="127.0.0.1", connections=4, depth=1, grace=15):
    """Sends each plan's requests at their times, and measures each from the time it was due.

    Gives, for each plan, a list of (due, latency, result, code): seconds after `start`, seconds, a status or one of
    `CLOSED`, `TIMED_OUT`, `UNSENT` (all connections were full), and the answer's code if it was not a 200.
    """
    results = {plan.name: [] for plan in plans}
    sent = [0] * len(plans)
    lines = [Line(port, source) for _ in range(connections)]
    # More only while the first ones are busy, so that a slow answer does not delay who comes after it.
    most = connections if depth > 1 else 128

    def settle(line, result, code=""):
        due, name = line.waiting.popleft()
        results[name].append((due, time.monotonic() - start - due, result, code))

    def drop(line):
        while line.waiting:
            settle(line, CLOSED)
        line.socket.close()
        lines.remove(line)

    def free_line():
        line = min(lines, key=lambda line: len(line.waiting), default=None)
        if line is not None and len(line.waiting) < depth:
            return line
        if len(lines) >= most:
            return None
        lines.append(Line(port, source))
        return lines[-1]

    while True:
        now = time.monotonic() - start
        next_due = seconds + grace
        for index, plan in enumerate(plans):
            while (due := sent[index] / plan.per_second) <= now and due < seconds:
                sent[index] += 1
                try:
                    line = free_line()
                except OSError:
                    line = None
                if line is None:
                    results[plan.name].append((due, 0.0, UNSENT, ""))
                elif not line.send(plan.data, (due, plan.name)):
                    drop(line)
            if due < seconds:
                next_due = min(next_due, due)
        if next_due == seconds + grace and not any(line.waiting for line in lines):
            break
        if now >= seconds + grace:
            break
        pause = max(0.0, next_due - (time.monotonic() - start))
        # select, because the others of the family round the time up to milliseconds.
        readable, writable, _ = select.select(lines, [line for line in lines if line.outgoing], [], pause)
        for line in readable:
            stands = line.receive()
            while line.waiting and (answer := take_answer(line.incoming)):
                settle(line, answer.status, "" if answer.status == 200 else answer.code)
            if not stands:
                drop(line)
        for line in writable:
            if line in lines and not line.flush():
                drop(line)
    for line in lines:
        while line.waiting:
            settle(line, TIMED_OUT)
        line.socket.close()
    return results


STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


def flood(port, data, start, seconds, source="127.0.0.1", connections=4, depth=16):
    """Sends as fast as answers come, `depth` requests ahead on each connection; answers by status."""
    tally = collections.Counter()
    end = start + seconds
    time.sleep(max(0.0, start - time.monotonic()))
    lines = []
    while (now := time.monotonic()) < end:
        while len(lines) < connections:
            line = Line(port, source)
            lines.append(line)
            if not line.send(data * depth, depth):
                break
        readable, writable, _ = select.select(
            lines, [line for line in lines if line.outgoing], [], min(0.5, max(0.0, end - now))
        )
        for line in readable:
            stands = line.receive()
            # Counting status lines is enough here, and ten times cheaper than parsing: our bodies hold none.
            position = count = 0
            for found in STATUS.finditer(line.incoming):
                tally[int(found[1])] += 1
                position = found.end()
                count += 1
            position = max(position, len(line.incoming) - 11)
            del line.incoming[:position]
            if stands and count:
                line.outgoing += data * count
                stands = line.flush()
            if not stands:
                tally[CLOSED] += 1
                line.socket.close()
                lines.remove(line)
        for line in writable:
            if line in lines:
                line.flush()
    for line in lines:
        line.socket.close()
    return tally


class Worker:
    """A function in a process of its own, so that one load's work is not another one's latency."""

    _context = multiprocessing.get_context("fork")

    def __init__(self, function, *arguments, **options):
        self._pipe, far = self._context.Pipe(duplex=False)
        self._process = self._context.Process(target=self._run, args=(far, function, arguments, options), daemon=True)
        self._process.start()
        far.close()

    @staticmethod
    def _run(pipe, function, arguments, options):
        try:
            pipe.send((function(*arguments, **options), None))
        except BaseException:
            pipe.send((None, traceback.format_exc()))

    def result(self, limit):
        """What the function gave; kills it after `limit` seconds."""
        try:
            if not self._pipe.poll(limit):
                raise Failure(f"a load process did not end within {limit} s")
            value, failure = self._pipe.recv()
        except EOFError:
            raise Failure("a load process died") from None
        finally:
            self._process.join(0.5)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        if failure:
            raise Failure(f"a load process failed:\n{failure}")
        return value
