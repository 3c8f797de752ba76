"""One consumer with a million deliveries waiting while more arrive: what it normalizes, deduplicates and stores."""

import time

from . import generator
from .backlog import EVENTS, Consumer, fill
from .cpu import Family, postgres
from .installation import Failure, eventually

ORGANIZATIONS = 16
WAITING = 1_000_000
RATE = 5000
SECONDS = 20
LIMIT_SECONDS = 300
GOAL = 25_000


def run(installation, report):
    installation.keep_wal()
    database = installation.database("consume")
    organizations = [database.organization(f"waiting{number}", "unlimited") for number in range(ORGANIZATIONS)]
    for organization in organizations:
        fill(database, organization, WAITING // ORGANIZATIONS)
    # As autovacuum would have done by the time so many wait.
    database.value("VACUUM ANALYZE postern.deliveries")
    gateway = database.gateway()
    urls = [f"http://127.0.0.1:{gateway.port}{organization.path}" for organization in organizations]
    load = generator.start(installation, urls, SECONDS + 60, rate=RATE, connections=64, keep_going=True)
    consumer = Consumer(database)
    eventually("events are made", 30, lambda: int(database.value(EVENTS)) > WAITING // 50)
    before = _reading(installation, database, consumer)
    time.sleep(SECONDS)
    after = _reading(installation, database, consumer)
    arrived = load.interrupt()
    consumer.stop()
    made, elapsed, own, databases = (last - first for first, last in zip(before, after, strict=True))
    if after[0] >= WAITING:
        raise Failure(f"{after[0]:,} events made: nothing waited any more")
    rate = made / elapsed
    text = f"{rate:,.0f}/s"
    report.add(
        "consume",
        f"events made, {arrived.per_second:,.0f}/s arriving, {(WAITING - after[0]) / 1000:,.0f} thousand still waiting",
        text,
        f"≥ {GOAL:,}/s",
        rate >= GOAL,
    )
    report.add("consume", "CPU an event, the consumer's", f"{own / made * 1e6:.1f} µs")
    text = f"{databases / made * 1e6:.1f} µs"
    report.add("consume", "CPU an event, PostgreSQL's, what the gateway stores included", text)
    report.keep("consume", "rate", rate)
    report.keep("consume", "arrived", arrived.raw)


def _reading(installation, database, consumer):
    """Events made, the clock, and CPU seconds of the consumer and of PostgreSQL."""
    events, now = int(database.value(EVENTS)), time.monotonic()
    return events, now, Family(consumer.pid).seconds(), postgres(installation).seconds()
