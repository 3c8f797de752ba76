"""The cost of the queue alone: reading on behind cursors, against claiming the same rows and deleting them.

Nobody does anything with the rows. One driver sends both: the consumer's own statements, taken from its source (a page
of rows, then the moves of lanes and cursors, one commit for each batch), and one statement that claims as many rows
with SKIP LOCKED and deletes them, found again by their place, which is the cheapest way.

POSTERN_QUEUE_SECONDS   how long rows flow beside a transaction that stays open (120)
POSTERN_QUEUE_ROWS      how many rows each turn takes at most (600000)
"""

import concurrent.futures
import dataclasses
import os
import re
import statistics
import time

from . import cpu
from .bloat import TRANSACTIONS, held
from .installation import REPOSITORY, Failure
from .libpq import Session
from .runner import say

PART = "queue"
SECONDS = int(os.environ.get("POSTERN_QUEUE_SECONDS", "120"))
ROWS = int(os.environ.get("POSTERN_QUEUE_ROWS", "600000"))
WORKERS = 2
LANES_EACH = 8
LANES = WORKERS * LANES_EACH
# Longer bodies do not come with their rows: what a consumer asks for, and what leaves all of them out.
INLINE_BYTES, NO_BODIES = 16_384, -1
FLOW_BATCHES_PER_SECOND = 50
# A turn that takes longer is ended, and what it did until then counts.
TURN_SECONDS = 30
LIMIT_SECONDS = 500 + SECONDS + ROWS // 1000
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
    SELECT ctid FROM public.queue ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, octet_length(body),
    CASE WHEN octet_length(body) <= $2 THEN body END
"""


@dataclasses.dataclass(frozen=True)
class _Way:
    """How rows are taken: how many of each lane in a batch, up to which body, and the part of all rows a turn takes."""

    title: str
    rows_each: int
    inline_bytes: int
    part: float
    rounds: int

    @property
    def rows(self):
        """Rows enough for whole batches of all workers."""
        batches = self.rows_each * LANES
        return -(-int(ROWS * self.part) // batches) * batches


# A consumer's batch when all lanes have work: an eighth of 1024 from each cursor.
BACKLOG = _Way("1024 heads a batch", 128, NO_BODIES, 1, 3)
# When a consumer keeps up, batches are small.
STEADY = _Way("16 heads a batch", 2, NO_BODIES, 0.05, 2)
BODIES = _Way("1024 a batch, with bodies", 128, INLINE_BYTES, 0.5, 2)
# What libraries with such a queue claim.
SMALLER = _Way("104 heads a batch", 13, NO_BODIES, 0.5, 2)
WAYS = (BACKLOG, BODIES, SMALLER, STEADY)


class _Log:
    """The log with its cursors: each worker owns eight lanes, and all rows are one writer's."""

    name = "log and cursors"
    # Days are dropped whole.
    vacuums = False

    def __init__(self, database):
        self.writer = database.value("INSERT INTO postern.writers (gateway) VALUES ('queue') RETURNING id")
        # Rows take turns over the lanes, so each cursor moves by as many numbers as there are lanes for each row.
        database.value(
            f"INSERT INTO postern.cursors (lane, writer, seq, stored_at)"
            f" SELECT lane, {self.writer}, lane + 1 - {LANES}, now() FROM generate_series(0, {LANES} - 1) AS lane"
        )
        database.value(f"UPDATE postern.lanes SET owner = '{OWNER}', fence = 1 WHERE lane < {LANES}")
        self.workers = [_Reader(database, self.writer, number) for number in range(WORKERS)]


class _Reader:
    """A worker of the log, as a consumer's: a page, then lanes and cursors in one transaction."""

    def __init__(self, database, writer, number):
        statements = {
            "read": _statement("LogReader", "deliveries_read"),
            "lane": _statement("BatchStatements", "batch_lane"),
            "cursor": _statement("BatchStatements", "batch_cursor"),
        }
        self.session = Session(f"{database.address} user=postern_consumer", SETTINGS, statements)
        self.writer = writer
        self.lanes = range(number * LANES_EACH, (number + 1) * LANES_EACH)
        self.owned = "{" + ",".join(map(str, self.lanes)) + "}"
        self.until, self.now = database.value("SELECT now() + interval '1 hour', now()").split("|")
        # How many rows of each lane it has passed.
        self.passed = 0

    def take(self, way):
        """One batch; how many rows it had."""
        page = [self.owned, OWNER, self.until, way.rows_each, way.inline_bytes, way.rows_each * LANES_EACH + 1]
        count = self.session.execute("read", page)
        each, rest = divmod(count, LANES_EACH)
        if rest:
            raise Failure(f"{count} rows of {LANES_EACH} lanes that are alike")
        if each:
            self._move(each)
        return count

    def _move(self, each):
        calls = [("lane", (lane, OWNER, 1, self.passed, each)) for lane in self.lanes]
        before = self.passed * LANES + 1 - LANES
        after = before + each * LANES
        calls += [
            ("cursor", (lane, self.writer, before + lane, after + lane, self.now, each)) for lane in self.lanes
        ]
        self.session.run("BEGIN")
        counts = self.session.pipeline(calls)
        self.session.run("COMMIT")
        if any(count != 1 for count in counts):
            raise Failure(f"lanes or cursors were not where they should be: {counts}")
        self.passed += each


class _Queue:
    """A table whose rows are claimed and deleted."""

    name = "SKIP LOCKED and DELETE"
    vacuums = True

    def __init__(self, database):
        database.value(QUEUE)
        self.workers = [_Claimer(database) for _ in range(WORKERS)]


class _Claimer:
    """A worker of the queue."""

    def __init__(self, database):
        self.session = Session(database.address, SETTINGS, {"claim": CLAIM})

    def take(self, way):
        """One batch; how many rows it had."""
        return self.session.execute("claim", [way.rows_each * LANES_EACH, way.inline_bytes])


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
        self.filled = 0

    def fill(self, rows):
        """Adds the same rows to both."""
        writer = self.sides[0].writer
        for first in range(self.filled + 1, self.filled + rows + 1, 50_000):
            last = min(first + 49_999, self.filled + rows)
            self.database.value(_rows(writer, self.organization, first, last))
            copied = f"SELECT {COLUMNS} FROM postern.deliveries WHERE writer = {writer}"
            self.database.value(
                f"INSERT INTO public.queue ({COLUMNS}) {copied} AND seq BETWEEN {first} AND {last} ORDER BY seq"
            )
        self.filled += rows
        self.database.value("ANALYZE postern.deliveries", 60)
        self.database.value("ANALYZE public.queue", 60)
        self.installation.sql("CHECKPOINT")

    def turn(self, side, way, tidies=True):
        """Takes all rows there are, or what can be taken in the time."""
        end = time.monotonic() + TURN_SECONDS

        def work(worker):
            rows = 0
            while time.monotonic() < end and (count := worker.take(way)):
                rows += count
            return rows

        began, used = time.monotonic(), self.postgres.seconds()
        rows = sum(_together(work, side.workers))
        seconds, done = time.monotonic() - began, self.postgres.seconds()
        tidying = self._vacuumed() if tidies and side.vacuums else 0
        return _Turn(rows, seconds, done - used, tidying)

    def _vacuumed(self):
        """Does what autovacuum would do a little later, and gives PostgreSQL's seconds for it."""
        used = self.postgres.seconds()
        self.database.value("VACUUM public.queue", 120)
        return self.postgres.seconds() - used

    def flow(self, seconds):
        """Lets both take rows steadily, a few at a time; who cannot keep up takes fewer. Gives batches by side."""
        began = time.monotonic()

        def work(worker):
            for number in range(seconds * FLOW_BATCHES_PER_SECOND):
                time.sleep(max(0, began + number / FLOW_BATCHES_PER_SECOND - time.monotonic()))
                if time.monotonic() > began + seconds:
                    return number
                worker.take(STEADY)
            return seconds * FLOW_BATCHES_PER_SECOND

        done = _together(work, [worker for side in self.sides for worker in side.workers])
        return {side.name: sum(done[n * WORKERS : (n + 1) * WORKERS]) for n, side in enumerate(self.sides)}


def _together(work, workers):
    """What each worker's work gave, all at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(workers)) as threads:
        return list(threads.map(work, workers))


def _statement(file, name):
    """A statement of the consumer, from its source."""
    with open(os.path.join(SOURCES, f"{file}.swift"), encoding="utf-8") as source:
        found = re.search(rf'"{name}",\s*"""\n(.*?)"""', source.read(), re.DOTALL)
    if not found:
        raise Failure(f"{file}.swift has no statement {name}: this measurement has to learn where it went")
    return found[1]


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
    installation.keep_wal()
    contest = _Contest(installation)
    alone = {way: _rounds(contest, way, way.rounds) for way in WAYS}
    contest.fill(SECONDS * FLOW_BATCHES_PER_SECOND * STEADY.rows_each * LANES)
    with held(contest.database, TRANSACTIONS["writes"]):
        say(f"queue: rows flow for {SECONDS} s beside a transaction that writes")
        flowed = contest.flow(SECONDS)
        beside = _rounds(contest, BACKLOG, 1, tidies=False)
    for way, turns in alone.items():
        _tell(report, way.title, turns)
    due = SECONDS * FLOW_BATCHES_PER_SECOND * WORKERS
    for name, batches in flowed.items():
        what = f"batches of {STEADY.rows_each * LANES_EACH} in {SECONDS} s beside a transaction that writes: {name}"
        report.add(PART, what, f"{batches:,} of {due:,} that were due")
    _tell(report, f"1024 heads a batch, {SECONDS} s into that transaction", beside, alone[BACKLOG])


def _rounds(contest, way, count, tidies=True):
    """By side the turns of several rounds."""
    turns = {side.name: [] for side in contest.sides}
    for _ in range(count):
        if tidies:
            # What a turn that took too long has left.
            contest.database.value("TRUNCATE public.queue")
        contest.fill(way.rows)
        for side in contest.sides:
            turns[side.name].append(contest.turn(side, way, tidies))
            say(f"queue: {way.title}: {side.name}: {turns[side.name][-1]}")
    return turns


def _tell(report, title, turns, before=None):
    log, queue = turns
    for name in turns:
        text, judged = _middle(turns[name]), ()
        if before:
            share = _median(turns[name], "per_second") / _median(before[name], "per_second")
            text += f": {share:.0%} of that without"
            judged = ("≥ 90 %", share >= 0.9) if name == log else ()
        report.add(PART, f"{title}: {name}", text, *judged)
    costs = [two.cost / one.cost for one, two in zip(turns[log], turns[queue], strict=True)]
    rates = [one.per_second / two.per_second for one, two in zip(turns[log], turns[queue], strict=True)]
    cost, rate = statistics.median(costs), statistics.median(rates)
    text = f"{cost:.1f} × ({min(costs):.1f}–{max(costs):.1f}) the CPU, {rate:.1f} × slower"
    report.add(PART, f"{title}: {queue} against the log", text, "≥ 5 × the CPU", cost >= 5)
    report.keep(PART, title, {name: [vars(turn) for turn in each] for name, each in turns.items()})


def _middle(turns):
    return str(sorted(turns, key=lambda turn: turn.cost)[len(turns) // 2])


def _median(turns, figure):
    return statistics.median(getattr(turn, figure) for turn in turns)
