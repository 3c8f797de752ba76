"""Transactions stay open for ten minutes beside a steady flow: what a consumer still does, against one without."""

import contextlib
import os
import signal
import statistics
import subprocess
import threading
import time

from .backlog import DELIVERED, Consumer, fill, rate_until
from .installation import Failure

MINUTES = 10
ROUNDS = 3
COUNT = 200_000
FLOW_PER_SECOND = 500
LIMIT_SECONDS = 2400
# One that reads, and one that writes: the second also holds back the horizon of what other transactions committed. The
# one that does nothing shows what ten minutes more of log cost by themselves.
CONTROL = "none"
TRANSACTIONS = {
    CONTROL: "",
    "reads": "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM postern.lanes;",
    "writes": "BEGIN; INSERT INTO postern.tiers VALUES ('held', 1, 1); SELECT txid_current();",
}


class _Side:
    """A database with a consumer of its own, and a transaction in it."""

    def __init__(self, installation, name):
        self.database = installation.database(name)
        self.organization = self.database.organization("alone", "unlimited")
        words = ["destination", "create", "--org", self.organization.name, "--name", "channel"]
        self.database.command(*words, "--kind", "postgres-notify", "--channel", "load_events")
        self.consumer = Consumer(self.database)

    def flow(self, stop):
        """Lets new deliveries come until told to stop."""
        while not stop.wait(1):
            fill(self.database, self.organization, FLOW_PER_SECOND)

    def measure(self):
        """How many events a second leave when many wait."""
        before = int(self.database.value(DELIVERED))
        # The backlog is there before the consumer looks: filling it is not what is measured.
        os.kill(self.consumer.pid, signal.SIGSTOP)
        try:
            fill(self.database, self.organization, COUNT)
        finally:
            os.kill(self.consumer.pid, signal.SIGCONT)
        return rate_until(
            self.database, f"SELECT sum(delivered) - {before} FROM postern.destination_cursors", COUNT, 180
        )


@contextlib.contextmanager
def held(database, statements):
    """Keeps a transaction open that ran some statements."""
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", database.address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as session:
        session.stdin.write(statements + "\n")
        session.stdin.flush()
        yield
        if session.poll() is not None:
            raise Failure(f"the open transaction ended by itself: {statements}")
        session.stdin.close()


def _measured(sides, rounds=ROUNDS):
    """By name the rates of several rounds, in turns, so that a slow minute of the machine slows all alike."""
    rates = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            rates[name].append(side.measure())
    return rates


def run(installation, report):
    sides = {name: _Side(installation, name) for name in TRANSACTIONS}
    _measured(sides, 1)
    before = _measured(sides)
    with contextlib.ExitStack() as transactions:
        for name, statements in TRANSACTIONS.items():
            transactions.enter_context(held(sides[name].database, statements))
        stop = threading.Event()
        threads = [threading.Thread(target=side.flow, args=(stop,)) for side in sides.values()]
        for thread in threads:
            thread.start()
        time.sleep(MINUTES * 60)
        stop.set()
        for thread in threads:
            thread.join()
        held = _measured(sides)
    shares = {}
    for name, side in sides.items():
        side.consumer.stop()
        first, second = (statistics.median(rates[name]) for rates in (before, held))
        shares[name] = second / first
        share = shares[name] / shares[CONTROL]
        text = f"{first:,.0f}/s → {second:,.0f}/s"
        if name == CONTROL:
            report.add("bloat", f"without a transaction, {MINUTES} minutes", text)
        else:
            what = f"beside a transaction that {name}, {MINUTES} minutes"
            report.add("bloat", what, f"{text}: {share:.0%} of that", "≥ 90 %", share >= 0.9)
        report.keep("bloat", name, {"before": before[name], "held": held[name]})
