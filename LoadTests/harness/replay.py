"""100,000 dead letters: looked through, and replayed at a cap by consumers one of which is killed half-way."""

import json
import time

from .backlog import Consumer, fill
from .installation import Failure, eventually
from .receiver import Receiver

COUNT = 100_000
CAP_PER_SECOND = 2_000
CONCURRENCY = 32
LIMIT_SECONDS = 400
REFUSING = "http://127.0.0.1:9/"  # discard: nobody listens
LETTERS = "SELECT count(*) FROM postern.webhook_dead_letter_queue WHERE review_state = "
COLUMNS = (
    "lane, webhook_id, org_id, endpoint_id, platform, headers, payload, failure_reason, failure_detail, attempts_made, "
    "definition_version, created_at, event_type, destination_id"
)


def _multiply(database):
    """Makes further letters of the one there is, each with an event of its own."""
    database.value(
        f"""
        INSERT INTO postern.webhook_dead_letter_queue ({COLUMNS}, id, event_id, event_number, event)
        SELECT {COLUMNS}, n.letter, n.event, n.number, jsonb_set(q.event::jsonb, '{{id}}', to_jsonb(n.event))::json
        FROM postern.webhook_dead_letter_queue q,
            (SELECT n AS number, gen_random_uuid() AS letter, gen_random_uuid() AS event
                FROM generate_series(2, {COUNT}) AS n) n
        """
    )
    database.value("VACUUM ANALYZE postern.webhook_dead_letter_queue")


def _timed(database, *words):
    """The fastest of three runs of a command, in milliseconds, its start included."""
    times = []
    for _ in range(3):
        began = time.monotonic()
        database.command(*words)
        times.append((time.monotonic() - began) * 1000)
    return min(times)


def _looks(database, report):
    """What an administrator sees first; the command's own start is part of each time, and shown beside them."""
    start = _timed(database, "--version")
    report.add("replay", "a command that asks nothing", f"{start:.0f} ms")
    filters = ["--org", "alone", "--platform", "github", "--reason", "connect_error"]
    for name, words in {
        "list of 50": ["deadletter", "list", *filters],
        "groups": ["deadletter", "groups", *filters],
        "count (dry run of a replay)": ["deadletter", "replay", "--all", "--dry-run", *filters],
    }.items():
        taken = _timed(database, *words)
        report.add("replay", f"{name}, {COUNT:,} letters", f"{taken:.0f} ms", "< 100 ms", taken < 100 + start)
        report.keep("replay", name, taken)


def run(installation, report):
    receiver = Receiver(installation.file("receiver.log"))
    try:
        _run(installation, report, receiver)
    finally:
        receiver.stop()


def _run(installation, report, receiver):
    database = installation.database("replay")
    organization = database.organization("alone", "unlimited")
    words = ["destination", "create", "--org", organization.name, "--name", "shop", "--url", REFUSING]
    database.command(*words, "--allow-private", "--retry-delays", "none", "--concurrency", str(CONCURRENCY))
    fill(database, organization, 1)
    consumer = Consumer(database)
    eventually("a dead letter", 30, lambda: database.value(f"{LETTERS} 'open'") == "1")
    _multiply(database)
    _looks(database, report)
    database.command("destination", "change", "shop", "--url", receiver.url)
    words = ["deadletter", "replay", "--all", "--org", organization.name, "--yes"]
    began = time.time()
    database.command(*words, "--per-second", str(CAP_PER_SECOND))
    resolved = f"{LETTERS} 'resolved'"
    eventually("half of them", 150, lambda: int(database.value(resolved)) >= COUNT // 2, 0.2)
    consumer.kill()
    killed = time.time()
    consumer = Consumer(database)
    eventually("all of them", 200, lambda: int(database.value(resolved)) == COUNT, 0.2)
    consumer.stop()
    jobs = json.loads(database.command("job", "list", "--json"))
    _judge(report, receiver.arrivals(), began, killed, jobs)


def _judge(report, arrivals, began, killed, jobs):
    if not arrivals:
        raise Failure("nothing arrived")
    counts, before, after = {}, {}, {}
    for event, at in arrivals:
        counts[event] = counts.get(event, 0) + 1
        seconds = before if at < killed else after
        seconds[int(at - began)] = seconds.get(int(at - began), 0) + 1
    repeated = sum(count - 1 for count in counts.values())
    taken = arrivals[-1][1] - began
    text = f"{len(counts):,} in {taken:.0f} s"
    report.add("replay", "replayed, consumer killed half-way", text, "all", len(counts) == COUNT)
    # The job keeps the cap in what it puts on the queue; who takes it from there looks in rounds, so single seconds vary.
    rate = max(sum(before.get(second, 0) for second in range(first, first + 10)) / 10 for first in before)
    what = f"busiest ten seconds before the kill, cap {CAP_PER_SECOND:,}/s"
    report.add("replay", what, f"{rate:,.0f}/s", "≤ cap + 10 %", rate <= CAP_PER_SECOND * 1.1)
    report.add("replay", "busiest second before it, and after", f"{max(before.values()):,}, {max(after.values()):,}")
    text = f"{repeated} (killed after {killed - began:.0f} s)"
    report.add("replay", "sent twice", text, f"≤ {CONCURRENCY} on their way at the kill", repeated <= CONCURRENCY)
    report.add("replay", "jobs", ", ".join(f"{job['type']}: {job['status']}" for job in jobs))
    report.keep("replay", "figures", {"taken": taken, "before": before, "after": after, "repeated": repeated, "jobs": jobs})
