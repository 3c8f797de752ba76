"""A transaction stays open for ten minutes beside a steady flow: what a consumer still does, against before."""

import contextlib
import os
import signal
import subprocess
import threading
import time

from .backlog import Consumer, fill, rate_until

MINUTES = 10
COUNT = 200_000
FLOW_PER_SECOND = 500
LIMIT_SECONDS = 2400
DELIVERED = "SELECT coalesce(sum(delivered), 0) FROM postern.destination_cursors"
# One that reads, and one that writes: the second also holds back the horizon of what other transactions committed.
TRANSACTIONS = {
    "reads": "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM postern.lanes;",
    "writes": "BEGIN; INSERT INTO postern.tiers VALUES ('held', 1, 1); SELECT txid_current();",
}


@contextlib.contextmanager
def _open(database, statements):
    session = subprocess.Popen(
        ["psql", "-XAtq", database.address], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        session.stdin.write(statements + "\n")
        session.stdin.flush()
        yield
    finally:
        session.stdin.close()
        session.wait(30)


def _measure(database, organization, consumer):
    before = int(database.value(DELIVERED))
    # The backlog is there before the consumer looks: filling it is not what is measured.
    os.kill(consumer.pid, signal.SIGSTOP)
    try:
        fill(database, organization, COUNT)
    finally:
        os.kill(consumer.pid, signal.SIGCONT)
    return rate_until(
        database, f"SELECT sum(delivered) - {before} FROM postern.destination_cursors", COUNT, 180
    )


def run(installation, report):
    for name, statements in TRANSACTIONS.items():
        database = installation.database(name)
        organization = database.organization("alone", "unlimited")
        words = ["destination", "create", "--org", organization.name, "--name", "channel", "--kind", "postgres-notify"]
        database.command(*words, "--channel", "load_events")
        consumer = Consumer(database)
        _measure(database, organization, consumer)
        before = _measure(database, organization, consumer)
        with _open(database, statements):
            stop = threading.Event()

            def flow():
                while not stop.wait(1):
                    fill(database, organization, FLOW_PER_SECOND)

            thread = threading.Thread(target=flow)
            thread.start()
            time.sleep(MINUTES * 60)
            stop.set()
            thread.join()
            held = _measure(database, organization, consumer)
        consumer.stop()
        share = held / before
        text = f"{before:,.0f}/s → {held:,.0f}/s ({share:.0%})"
        report.add("bloat", f"beside a transaction that {name}, {MINUTES} minutes", text, "≥ 90 %", share >= 0.9)
        report.keep("bloat", name, {"before": before, "held": held})
