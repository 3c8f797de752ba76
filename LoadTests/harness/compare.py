"""Postern beside what a team would build instead, and beside what PostgreSQL and the gateway can do alone.

Every contender has its turn in every round, with a server just started and an empty table; a ratio is taken within a
round, so that a machine that gets slower does so for both.
"""

import contextlib
import operator
import os
import statistics
import time

from . import cpu, generator, peers
from .installation import SECRET, Failure
from .report import milliseconds
from .traffic import connect, request, take_answer

ROUNDS = int(os.environ.get("POSTERN_COMPARE_ROUNDS", "3"))
SECONDS = int(os.environ.get("POSTERN_COMPARE_SECONDS", "8"))
WARMUP_SECONDS = 2
CONNECTIONS, MANY_CONNECTIONS = 64, 256
OPEN_LOOP_PER_SECOND = 10_000
# A limit that is counted and never reached.
LIMIT_PER_MINUTE = 100_000_000
PART = "compare"
# Eleven turns in a round, each with a server that starts and stops.
LIMIT_SECONDS = ROUNDS * 11 * (SECONDS + WARMUP_SECONDS + 15) + 60

POSTERN, MANY, OPEN = "postern", f"postern, {MANY_CONNECTIONS} connections", f"postern at {OPEN_LOOP_PER_SECOND:,}/s"
FRONT = "postern, front end alone"
GROUP, POOL, PHP, STARLETTE = peers.PEERS
GROUP_OPEN = f"{GROUP} at {OPEN_LOOP_PER_SECOND:,}/s"
COPY, COPY_LIMIT = "COPY of 256 rows, 1 connection", "COPY of 4096 rows, 2 connections"


class Turn:
    """What one turn measured, for each request: times in µs, memory in MiB."""

    def __init__(self, **figures):
        self.per_second = figures["per_second"]
        self.figures = figures

    def __getitem__(self, name):
        return self.figures[name]


class Window:
    """The cost of what happens inside a `with`: of a server, of PostgreSQL, of the whole machine."""

    def __init__(self, installation, processes):
        self.servers = [cpu.Family(process.pid) for process in processes]
        self.postgres = cpu.postgres(installation)

    def __enter__(self):
        self._began = self._readings()
        return self

    def __exit__(self, *_):
        readings = zip(self._began, self._readings(), strict=True)
        self.seconds, self.server, self.database, self.machine = (end - began for began, end in readings)

    def _readings(self):
        server = sum(family.seconds() for family in self.servers)
        return time.monotonic(), server, self.postgres.seconds(), cpu.machine_seconds()

    def costs(self, requests, generator_seconds):
        """For each request; and how many cores others kept busy meanwhile."""
        return {
            "server_us": self.server * 1e6 / requests,
            "postgres_us": self.database * 1e6 / requests,
            "others_cores": (self.machine - self.server - self.database - generator_seconds) / self.seconds,
        }

    def memory(self):
        """The most resident memory of each process added up, and what they take now, shared pages counted once."""
        return {
            "peak_mib": sum(family.peak_kib() for family in self.servers) / 1024,
            "proportional_mib": sum(family.proportional_kib() for family in self.servers) / 1024,
        }


class Comparison:
    """The turns of all rounds."""

    def __init__(self, installation):
        self.installation = installation
        self.turns = {}
        self.missing = {}
        self.header_bytes = 300
        self.databases = 0
        # A little before the runner's alarm, which must not count as a fault of whoever had the turn.
        self.end = time.monotonic() + LIMIT_SECONDS - 5
        self.contenders = {
            POSTERN: self._postern,
            **{name: lambda name=name: self._peer(name) for name in peers.PEERS},
            MANY: lambda: self._postern(connections=MANY_CONNECTIONS),
            COPY: lambda: self._copy(1, 256),
            COPY_LIMIT: lambda: self._copy(2, 4096),
            OPEN: lambda: self._postern(rate=OPEN_LOOP_PER_SECOND),
            GROUP_OPEN: lambda: self._peer(GROUP, rate=OPEN_LOOP_PER_SECOND),
            FRONT: self._front_end,
        }

    def round(self):
        """One turn of each; who could not be measured is left out from then on."""
        for name, turn in self.contenders.items():
            if name in self.missing:
                continue
            try:
                done = turn()
                self.turns.setdefault(name, []).append(done)
            except (Failure, OSError) as failure:
                if time.monotonic() > self.end:
                    raise
                self.missing[name] = str(failure).strip()
            finally:
                self.installation.end()

    def _postern(self, **options):
        with self._database() as database:
            limit = str(LIMIT_PER_MINUTE)
            database.command("limits", "set", "enterprise", "--requests-per-minute", limit, "--burst", limit)
            organization = database.organization("compared", "enterprise")
            gateway = database.gateway()
            port, path = gateway.port, organization.path
            turn = self._load(port, path, [gateway], organization.stored, **options)
            sample = "SELECT headers FROM postern.deliveries LIMIT 1000"
            self.header_bytes = int(database.value(f"SELECT round(avg(length(headers))) FROM ({sample}) AS sample"))
            return turn

    def _front_end(self):
        """All but the commit: the request is read, verified and counted, and refused because a limit is used up."""
        with self._database() as database:
            organization = database.organization("refused", "free")
            gateway = database.gateway()
            url = f"http://127.0.0.1:{gateway.port}{organization.path}"
            # The tier gives one request back every six seconds.
            return self._measured(url, [gateway], 429, others=SECONDS)[0]

    def _peer(self, name, **options):
        peers.table(self.installation)
        peer = peers.PEERS[name](self.installation)
        return self._load(peer.port, peers.PATH, peer.processes, lambda: peers.stored(self.installation), **options)

    def _load(self, port, path, processes, stored, **options):
        """Load on a server that is to keep the contract: 401 for a forged request, a row for each 200."""
        for secret, expected in (("not the secret", 401), (SECRET, 200)):
            if (status := _status(port, request(path, secret))) != expected:
                raise Failure(f"{status} instead of {expected}")
        turn, acknowledged = self._measured(f"http://127.0.0.1:{port}{path}", processes, 200, **options)
        if (rows := stored()) < acknowledged + 1:
            raise Failure(f"{acknowledged + 1} acknowledged, {rows} stored")
        return turn

    def _measured(self, url, processes, expected, others=0, connections=CONNECTIONS, rate=None):
        options = {"connections": connections, "rate": rate, "body_bytes": 1024}
        before = generator.run(self.installation, url, WARMUP_SECONDS, **options)
        # What the warm-up and the start left to write is not this window's.
        self.installation.sql("CHECKPOINT")
        window = Window(self.installation, processes)
        with window:
            load = generator.run(self.installation, url, SECONDS, **options)
        if load.errors or not load.requests or load.statuses.get(expected, 0) + others < load.requests:
            raise Failure(f"answers {load.statuses}, errors {load.errors}")
        turn = Turn(
            per_second=load.per_second,
            p50=load.latency("p50"),
            p99=load.latency("p99"),
            unsent=load.unsent,
            generator_us=load.cpu_microseconds,
            **window.costs(load.requests, load.cpu_microseconds * load.requests / 1e6),
            **window.memory(),
        )
        return turn, before.succeeded + load.succeeded

    def _copy(self, connections, rows):
        peers.table(self.installation)
        peers.copy(self.installation, WARMUP_SECONDS, connections, rows, self.header_bytes)
        self.installation.sql("CHECKPOINT")
        window = Window(self.installation, [])
        with window:
            count, seconds = peers.copy(self.installation, SECONDS, connections, rows, self.header_bytes)
        return Turn(per_second=count / seconds, **window.costs(count, 0))

    @contextlib.contextmanager
    def _database(self):
        self.databases += 1
        name = f"compare_{self.databases}"
        database = self.installation.database(name)
        try:
            yield database
        finally:
            self.installation.end()
            self.installation.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def values(self, name, figure):
        return [turn[figure] for turn in self.turns.get(name, [])]

    def ratios(self, name, other, figure):
        """Round by round."""
        pairs = zip(self.values(name, figure), self.values(other, figure), strict=False)
        return [one / two for one, two in pairs if two]


def run(installation, report):
    installation.keep_wal()
    comparison = Comparison(installation)
    try:
        for _ in range(ROUNDS):
            comparison.round()
    finally:
        # What was measured is worth having, also when time was up.
        _tell(comparison, report)


def _tell(comparison, report):
    for name in comparison.contenders:
        if name in comparison.turns:
            report.add(PART, name, _summary(comparison, name))
    others = [value for name in comparison.turns for value in comparison.values(name, "others_cores")]
    if others:
        report.add(PART, "cores busy with other things", f"{statistics.median(others):.2f}, at most {max(others):.2f}")
    for name, reason in comparison.missing.items():
        report.add(PART, f"{name}: could not be measured", reason.splitlines()[0], "", False)
    ratio = comparison.ratios
    goals = [
        (f"requests/s against {GROUP}", ratio(POSTERN, GROUP, "per_second"), operator.ge, 1.8, "×"),
        (f"server CPU against {GROUP}", ratio(POSTERN, GROUP, "server_us"), operator.le, 0.35, "×"),
        (f"requests/s against {PHP}", ratio(POSTERN, PHP, "per_second"), operator.ge, 5.5, "×"),
        (f"requests/s against {STARLETTE}", ratio(POSTERN, STARLETTE, "per_second"), operator.ge, 6, "×"),
        ("gateway CPU per request", comparison.values(POSTERN, "server_us"), operator.le, 13, "µs"),
        (f"PostgreSQL CPU per delivery at {MANY_CONNECTIONS} against COPY of 256",
         ratio(MANY, COPY, "postgres_us"), operator.le, 1.4, "×"),
        (f"share of the COPY limit at {MANY_CONNECTIONS}",
         ratio(MANY, COPY_LIMIT, "per_second"), operator.ge, 0.5, "×"),
        (f"p99 at {OPEN_LOOP_PER_SECOND:,}/s against {GROUP}", ratio(OPEN, GROUP_OPEN, "p99"), operator.le, 0.5, "×"),
    ]  # fmt: skip
    for what, values, compare, goal, unit in goals:
        sign = "≥" if compare is operator.ge else "≤"
        if values:
            value = statistics.median(values)
            text = f"{value:.2f} {unit}{_range(values, '.2f')}"
            report.add(PART, what, text, f"{sign} {goal} {unit}", compare(value, goal))
        else:
            report.add(PART, what, "not measured", f"{sign} {goal} {unit}", False)
    report.keep(PART, "settings", {"rounds": ROUNDS, "seconds": SECONDS, "header_bytes": comparison.header_bytes})
    report.keep(PART, "missing", comparison.missing)
    report.keep(PART, "turns", {name: [turn.figures for turn in turns] for name, turns in comparison.turns.items()})


def _summary(comparison, name):
    """Medians, with the least and the most in brackets."""
    turns = comparison.turns[name]
    parts = []
    for figure, text, form in (
        ("per_second", "{}/s", ",.0f"),
        ("server_us", "server {} µs", ".1f"),
        ("postgres_us", "PostgreSQL {} µs", ".1f"),
    ):
        values = comparison.values(name, figure)
        if any(values):
            parts.append(text.format(f"{statistics.median(values):{form}}") + _range(values, form))
    if "p99" in turns[0].figures:
        parts.append(f"p99 {milliseconds(statistics.median(comparison.values(name, 'p99')))}")
        memory = [round(max(comparison.values(name, figure))) for figure in ("peak_mib", "proportional_mib")]
        parts.append(f"{memory[0]} MiB at most" + (f" ({memory[1]} without sharing)" if name in peers.PEERS else ""))
        if unsent := sum(comparison.values(name, "unsent")):
            parts.append(f"{unsent:,} not sent")
    return ", ".join(parts)


def _range(values, form):
    return f" ({min(values):{form}}–{max(values):{form}})" if len(values) > 1 else ""


def _status(port, data):
    """The status of one request on a connection of its own."""
    buffer = bytearray()
    with connect(port) as line:
        line.sendall(data)
        while not (answer := take_answer(buffer)):
            received = line.recv(65_536)
            if not received:
                raise Failure("closed without an answer")
            buffer += received
    return answer.status
