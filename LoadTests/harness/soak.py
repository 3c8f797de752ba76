"""A steady rate for a while, with faults now and then: memory and open files stay flat, latency as well.

POSTERN_LOAD_MINUTES   how long (10)
POSTERN_LOAD_SEED      the seed of an earlier run
"""

import os
import random
import statistics
import threading
import time

from .clusters import Cluster
from .cpu import Family
from .faults import FAULTS
from .report import milliseconds
from .runner import say
from .service import Service

MINUTES = float(os.environ.get("POSTERN_LOAD_MINUTES", "10"))
RATE = 2000
# A calm stretch is measured, a stormy one has a fault in it.
CALM_SECONDS = 30
STORMY_SECONDS = 15
# Those that end neither gateway nor consumer: a new process says nothing of the old one's memory.
KINDS = ("freeze-gateway", "freeze-consumer", "freeze-postgres", "kill-postgres", "cut", "silence")
SAMPLE_SECONDS = 1
GROWTH_SHARE = 0.10
GROWTH_KIB = 5 * 1024
# A connection more or less is being made at the moment of asking.
OPEN_FILES = 8
LIMIT_SECONDS = int(MINUTES * 60) + 240


class Samples:
    """Memory and open files of some processes, looked at every second."""

    def __init__(self, processes):
        self.taken = {process.name: [] for process in processes}
        self._processes = processes
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self):
        while not self._stops.wait(SAMPLE_SECONDS):
            for process in self._processes:
                family = Family(process.pid)
                if memory := family.resident_kib():
                    self.taken[process.name].append((memory, family.open_files()))

    def stop(self):
        self._stops.set()
        self._thread.join()

    def quarters(self, name):
        """(median of KiB, most open files) in the second quarter and in the last one.

        The most, since connections to a destination come and go with its answers, up to what it is allowed.
        """
        taken = self.taken[name]
        count = len(taken)
        for part in taken[count // 4 : count // 2], taken[count - count // 4 :]:
            memory, files = zip(*part, strict=True)
            yield statistics.median(memory), max(files)


def run(installation, report):
    seed = int(os.environ.get("POSTERN_LOAD_SEED") or random.SystemRandom().randrange(1 << 31))
    say(f"soak: {MINUTES:g} minutes, POSTERN_LOAD_SEED={seed}")
    report.keep("soak", "seed", seed)
    chance = random.Random(seed)
    with Cluster(installation.executable) as cluster:
        service = Service(cluster, RATE, consumers=1, relayed=True)
        samples = Samples(service.processes)
        calm, struck = _weather(service, chance)
        samples.stop()
        service.await_settled()
        missing = service.books.missing(service.ledger.identifiers)
        book = service.books.balance()
        crashes = sum(process.crashes for process in service.processes)
    _judge(report, samples, calm)
    text = f"{len(missing)} of {len(service.ledger.identifiers):,}"
    report.add("soak", f"acknowledged and not stored, {len(struck)} faults", text, "0", not missing)
    text = "balances" if book["balanced"] else str(book["broken"])
    report.add("soak", "postern verify", text, "balances", book["balanced"])
    report.add("soak", "processes that ended by themselves", crashes, "0", crashes == 0)
    report.keep("soak", "faults", struck)
    report.keep("soak", "samples", samples.taken)


def _weather(service, chance):
    """Calm and storm in turn until the time is up; the figures of the calm, and the faults."""
    calm, struck = [], []
    end = time.monotonic() + MINUTES * 60
    # The first stretch fills caches and pools.
    service.load(STORMY_SECONDS).figures()
    while (left := end - time.monotonic()) > 1:
        calm.append(service.load(min(CALM_SECONDS, max(1, round(left)))).figures())
        if end - time.monotonic() < STORMY_SECONDS:
            continue
        kind = chance.choice(KINDS)
        storm = service.load(STORMY_SECONDS)
        time.sleep(chance.uniform(0.5, 3))
        FAULTS[kind].strike(service, chance)
        storm.figures()
        # What waited is done before the next calm is measured.
        service.await_settled(below=2 * RATE)
        struck.append(kind)
        latest = service.ledger.read()
        say(f"soak: {kind}; {latest:,} acknowledged, {max(0, end - time.monotonic()):.0f} s left")
    service.ledger.read()
    return calm, struck


def _judge(report, samples, calm):
    for name in samples.taken:
        (before, before_files), (after, after_files) = samples.quarters(name)
        # Without the port, which differs each time.
        title = name.split("-")[0]
        text = f"{before / 1024:.1f} → {after / 1024:.1f} MiB"
        met = after <= before + max(GROWTH_KIB, before * GROWTH_SHARE)
        report.add("soak", f"{title}: memory, second quarter → last", text, "≤ 10 % or 5 MiB more", met)
        text = f"{before_files} → {after_files}"
        met = after_files <= before_files + OPEN_FILES
        report.add("soak", f"{title}: most open files, second quarter → last", text, f"≤ {OPEN_FILES} more", met)
    histogram = sorted((value, count) for figures in calm for value, count in figures.histogram)
    p99 = _percentile(histogram, 0.99)
    half = len(calm) // 2
    parts = [sorted((v, c) for figures in part for v, c in figures.histogram) for part in (calm[:half], calm[half:])]
    report.add("soak", f"p99 at {RATE}/s outside the faults, relay included", milliseconds(p99))
    if half:
        text = " → ".join(milliseconds(_percentile(part, 0.99)) for part in parts)
        report.add("soak", "the same, first half → second half", text)
    report.keep("soak", "calm", [figures.raw | {"histogram": None} for figures in calm])


def _percentile(histogram, share):
    """The nearest rank of (microseconds, count), in seconds."""
    left = share * sum(count for _, count in histogram)
    for value, count in histogram:
        left -= count
        if left <= 0:
            return value / 1_000_000
    return float("nan")
