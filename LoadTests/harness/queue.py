"""The cost of the queue alone: reading on behind cursors, against claiming the same rows and deleting them.

Nobody does anything with the rows. `pgbench` sends both: the consumer's own statements, taken from its source, a page of
rows, the moves of lanes and cursors and one commit for each batch; and one statement that claims as many rows with SKIP
LOCKED and deletes them, the fastest form of it that was found.

POSTERN_QUEUE_SECONDS   how long rows flow beside a transaction that stays open (120)
POSTERN_QUEUE_ROWS      how many rows each turn takes (512000)
"""

import os
import re
import statistics
import subprocess
import time

from . import cpu
from .bloat import TRANSACTIONS, held
from .installation import REPOSITORY, Failure, Process
from .runner import say

PART = "queue"
SECONDS = int(os.environ.get("POSTERN_QUEUE_SECONDS", "120"))
ROWS = int(os.environ.get("POSTERN_QUEUE_ROWS", "512000"))
ROUNDS = 3
WORKERS = 2
# A consumer's batch when all lanes have work: an eighth of it from each cursor.
LANES_EACH, ROWS_EACH = 8, 128
BATCH = LANES_EACH * ROWS_EACH
LANES = WORKERS * LANES_EACH
# The steady flow: small batches, as they are when a consumer keeps up.
FLOW_ROWS_EACH, FLOW_BATCHES_PER_SECOND = 2, 50
# A turn that takes longer is ended, and what it did until then counts.
TURN_SECONDS = 30
LIMIT_SECONDS = 420 + SECONDS + ROWS // 2000
OWNER = "00000000-0000-7000-8000-000000000001"
SOURCES = os.path.join(REPOSITORY, "Sources", "PosternStore", "Consuming")
# As the connections of a consumer have them.
SETTINGS = "-c plan_cache_mode=force_generic_plan -c enable_memoize=off -c jit=off"
COLUMNS = "lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body"

QUEUE = """
CREATE TABLE public.queue (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane integer NOT NULL, writer bigint NOT NULL, seq bigint NOT NULL, stored_at timestamptz NOT NULL,
    id uuid NOT NULL, org_id uuid NOT NULL, endpoint_id uuid NOT NULL, platform text NOT NULL,
    headers bytea NOT NULL, body bytea NOT NULL
) WITH (autovacuum_enabled = off);
"""
CLAIM = """
DELETE FROM public.queue WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.queue ORDER BY position LIMIT :batch FOR UPDATE SKIP LOCKED))
RETURNING lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, octet_length(body), body;
"""


class _Log:
    """The log with its cursors: each worker owns eight lanes, and all rows are one writer's."""

    name = "log and cursors"

    def __init__(self, database):
        self.database = database
        self.writer = database.value("INSERT INTO postern.writers (gateway) VALUES ('queue') RETURNING id")
        self.filled = 0
        # Rows take turns over the lanes, so each cursor moves by as many numbers as there are lanes for each row.
        database.value(
            f"INSERT INTO postern.cursors (lane, writer, seq, stored_at)"
            f" SELECT lane, {self.writer}, lane + 1 - {LANES}, now() FROM generate_series(0, {LANES} - 1) AS lane"
        )
        database.value(
            f"UPDATE postern.lanes SET owner = '{OWNER}', fence = 1, leased_until = 'infinity' WHERE lane < {LANES}"
        )

    def taken(self):
        """How many rows have been read so far."""
        return int(self.database.value("SELECT sum(consumed) FROM postern.cursors"))

    def words(self, worker, rows_each):
        """Options of pgbench: who the worker is and where it stands."""
        first = worker * LANES_EACH
        lanes = range(first, first + LANES_EACH)
        place = f"SELECT c.seq - c.lane, l.event_number FROM postern.cursors c JOIN postern.lanes l USING (lane)"
        before, number = self.database.value(f"{place} WHERE lane = {first}").split("|")
        values = {
            "lanes": "{" + ",".join(map(str, lanes)) + "}",
            "first": first,
            "owner": OWNER,
            "until": self.database.value("SELECT to_char(now() + interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI:SSOF')"),
            "now": self.database.value("SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SSOF')"),
            "each": rows_each,
            "inline": 16_384,
            "page": LANES_EACH * rows_each + 1,
            "writer": self.writer,
            "fence": 1,
            "before": before,
            "number": number,
        }
        return [word for name, value in values.items() for word in ("-D", f"{name}={value}")]

    @property
    def script(self):
        page = ("lanes", "owner", "until", "each", "inline", "page")
        lines = [f"\\set after :before + :each * {LANES}", _statement("LogReader", "deliveries_read", page)]
        lines += ["BEGIN;", "\\startpipeline"]
        for lane in range(LANES_EACH):
            lines.append(f"\\set lane{lane} :first + {lane}")
            lines.append(_statement("BatchStatements", "batch_lane", (f"lane{lane}", "owner", "fence", "number", "each")))
        for lane in range(LANES_EACH):
            lines += [f"\\set from{lane} :before + :lane{lane}", f"\\set to{lane} :after + :lane{lane}"]
            move = (f"lane{lane}", "writer", f"from{lane}", f"to{lane}", "now", "each")
            lines.append(_statement("BatchStatements", "batch_cursor", move))
        lines += ["\\endpipeline", "COMMIT;", "\\set before :after", "\\set number :number + :each"]
        return "\n".join(lines) + "\n"

    user = "postern_consumer"

    def tidy(self):
        """Nothing: days are dropped whole."""


class _Queue:
    """A table whose rows are claimed and deleted."""

    name = "SKIP LOCKED and DELETE"
    script = CLAIM
    user = "postgres"

    def __init__(self, database):
        self.database = database
        self.filled = 0
        database.value(QUEUE)

    def taken(self):
        return self.filled - int(self.database.value("SELECT count(*) FROM public.queue"))

    def words(self, _, rows_each):
        return ["-D", f"batch={LANES_EACH * rows_each}"]

    def tidy(self):
        """What autovacuum would do a little later."""
        self.database.value("VACUUM public.queue", 120)


class _Turn:
    """What one side did: rows, seconds, and PostgreSQL's seconds of CPU, those of tidying up apart."""

    def __init__(self, rows, seconds, cpu_seconds, tidying):
        self.rows = rows
        self.per_second = rows / seconds
        self.microseconds = cpu_seconds * 1e6 / rows
        self.tidying = tidying * 1e6 / rows

    @property
    def cost(self):
        return self.microseconds + self.tidying

    def __str__(self):
        tidying = f" and {self.tidying:.2f} µs of vacuum" if self.tidying else ""
        return f"{self.per_second:,.0f}/s, PostgreSQL {self.microseconds:.2f} µs{tidying}"


class _Contest:
    """Both sides in one database, on the same rows."""

    def __init__(self, installation):
        self.installation = installation
        self.database = installation.database("queue")
        self.organization = self.database.organization("queued", "unlimited")
        self.sides = [_Log(self.database), _Queue(self.database)]
        self.postgres = cpu.postgres(installation)

    def fill(self, rows):
        """Adds the same rows to both."""
        log, queue = self.sides
        for first in range(log.filled + 1, log.filled + rows + 1, 50_000):
            last = min(first + 49_999, log.filled + rows)
            self.database.value(_rows(log.writer, self.organization, first, last))
            copied = f"SELECT {COLUMNS} FROM postern.deliveries WHERE writer = {log.writer}"
            self.database.value(
                f"INSERT INTO public.queue ({COLUMNS}) {copied} AND seq BETWEEN {first} AND {last} ORDER BY seq"
            )
        log.filled += rows
        queue.filled += rows
        self.database.value("ANALYZE postern.deliveries", 60)
        self.database.value("ANALYZE public.queue", 60)
        self.installation.sql("CHECKPOINT")

    def turn(self, side, tidies=True):
        """Takes all rows there are, or what can be taken in the time."""
        before = side.taken()
        batches = (side.filled - before) // BATCH // WORKERS
        began, used = time.monotonic(), self.postgres.seconds()
        workers = self._workers(side, ROWS_EACH, "-t", str(batches))
        _wait(workers, TURN_SECONDS)
        seconds, done = time.monotonic() - began, self.postgres.seconds()
        if tidies:
            side.tidy()
        return _Turn(side.taken() - before, seconds, done - used, self.postgres.seconds() - done if tidies else 0)

    def flow(self, seconds):
        """Lets both take rows steadily, a few at a time."""
        words = ["-T", str(seconds), "-R", str(FLOW_BATCHES_PER_SECOND)]
        workers = [worker for side in self.sides for worker in self._workers(side, FLOW_ROWS_EACH, *words)]
        _wait(workers, seconds + TURN_SECONDS)

    def _workers(self, side, rows_each, *words):
        path = self.installation.file("script.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(side.script)
        address = f"{self.database.address} user={side.user}"
        environment = dict(self.installation.environment, PGOPTIONS=SETTINGS)
        common = ["pgbench", "-n", "-M", "prepared", "-c", "1", "-f", path, *words]
        started = [[*common, *side.words(worker, rows_each), address] for worker in range(WORKERS)]
        log = self.installation.file("pgbench.log")
        return [self.installation.started(Process(each, log, environment)) for each in started]


def _wait(workers, limit):
    """Waits for their end and ends those that take longer than the limit."""
    end = time.monotonic() + limit
    for worker in workers:
        try:
            if worker.child.wait(max(0.1, end - time.monotonic())) != 0:
                raise Failure(f"pgbench ended with {worker.child.returncode}:\n{worker.tail()}")
        except subprocess.TimeoutExpired:
            worker.stop()


def _statement(file, name, parameters):
    """A statement of the consumer, from its source, with pgbench's names in place of numbers."""
    with open(os.path.join(SOURCES, f"{file}.swift"), encoding="utf-8") as source:
        found = re.search(rf'"{name}",\s*"""\n(.*?)"""', source.read(), re.DOTALL)
    if not found:
        raise Failure(f"{file}.swift has no statement {name}: this measurement has to learn where it went")
    return re.sub(r"\$(\d+)", lambda number: f":{parameters[int(number[1]) - 1]}", found[1]).strip() + ";"


def _rows(writer, organization, first, last):
    return f"""
        INSERT INTO postern.deliveries ({COLUMNS})
        SELECT (n - 1) % {LANES}, {writer}, n, now(),
            (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
                || substr(md5('{writer}/' || n), 1, 3) || '8' || substr(md5('{writer}/' || n), 4, 15))::uuid,
            e.org_id, e.id, 'github', convert_to(repeat('h', 300), 'UTF8'), convert_to(repeat('b', 1024), 'UTF8')
        FROM generate_series({first}, {last}) AS n, postern.endpoints e
        WHERE e.org_id = '{organization.identifier}'
        """


def run(installation, report):
    contest = _Contest(installation)
    alone = _rounds(contest, ROUNDS)
    contest.fill(_even(SECONDS * FLOW_BATCHES_PER_SECOND * FLOW_ROWS_EACH * LANES + BATCH * WORKERS))
    with held(contest.database, TRANSACTIONS["writes"]):
        say(f"queue: rows flow for {SECONDS} s beside a transaction that writes")
        contest.flow(SECONDS)
        beside = _rounds(contest, 1, tidies=False)
    _tell(report, alone, beside)


def _rounds(contest, count, tidies=True):
    """By side the turns of several rounds."""
    turns = {side.name: [] for side in contest.sides}
    for _ in range(count):
        contest.fill(_even(ROWS))
        for side in contest.sides:
            turns[side.name].append(contest.turn(side, tidies))
            say(f"queue: {side.name}: {turns[side.name][-1]}")
    return turns


def _even(rows):
    """Rows enough for whole batches of all workers."""
    return -(-rows // (BATCH * WORKERS)) * BATCH * WORKERS


def _tell(report, alone, beside):
    log, queue = alone
    for name in alone:
        report.add(PART, name, _middle(alone[name]))
    _compare(report, "", alone[log], alone[queue])
    when = f"beside a transaction that writes, {SECONDS} s"
    for name in beside:
        share = beside[name][0].per_second / _median(alone[name], "per_second")
        judged = ("≥ 90 %", share >= 0.9) if name == log else ()
        report.add(PART, f"{name}, {when}", f"{_middle(beside[name])}: {share:.0%} of that", *judged)
    _compare(report, f", {when}", beside[log], beside[queue])
    for name, turns in {"alone": alone, "beside": beside}.items():
        report.keep(PART, name, {side: [vars(turn) for turn in each] for side, each in turns.items()})


def _compare(report, when, log, queue):
    costs = [two.cost / one.cost for one, two in zip(log, queue, strict=True)]
    rates = [one.per_second / two.per_second for one, two in zip(log, queue, strict=True)]
    cost = statistics.median(costs)
    text = f"{cost:.1f} × ({min(costs):.1f}–{max(costs):.1f})"
    report.add(PART, f"PostgreSQL CPU per delivery, DELETE against log{when}", text, "≥ 5 ×", cost >= 5)
    report.add(PART, f"deliveries/s, log against DELETE{when}", f"{statistics.median(rates):.1f} ×")


def _middle(turns):
    return str(sorted(turns, key=lambda turn: turn.cost)[len(turns) // 2])


def _median(turns, figure):
    return statistics.median(getattr(turn, figure) for turn in turns)
