"""How Postern bears growth: stored deliveries, endpoints, connections, size of bodies; a CSV file and a chart of each.

POSTERN_GROWTH_DIMENSIONS    which (stored,endpoints,connections,bodies)
POSTERN_GROWTH_STORED        deliveries of past days (0,1000000,10000000); in the same way
POSTERN_GROWTH_ENDPOINTS, POSTERN_GROWTH_CONNECTIONS, POSTERN_GROWTH_BODIES
POSTERN_GROWTH_SECONDS       how long each load is (5)
POSTERN_GROWTH_ROUNDS        how often each point is measured, stored deliveries once more (2)
POSTERN_GROWTH_FOLDER        where the files go (.build-growth)
"""

import contextlib
import csv
import os
import statistics
import time

from . import generator, history, looks
from .backlog import EVENTS, Consumer, rate_until
from .chart import Line, Panel, chart
from .compare import Window
from .installation import Failure
from .population import Population
from .report import milliseconds
from .runner import say

PART = "growth"
SECONDS = int(os.environ.get("POSTERN_GROWTH_SECONDS", "5"))
ROUNDS = int(os.environ.get("POSTERN_GROWTH_ROUNDS", "2"))
FOLDER = os.environ.get("POSTERN_GROWTH_FOLDER", ".build-growth")
WARMUP_SECONDS = 2
# Of what does not grow.
ENDPOINTS, CONNECTIONS, BODY_BYTES = 20, 64, 1024
# A gateway holds 64 MiB of bodies, which is how many of the largest ones may be on their way at once.
BODY_CONNECTIONS = 32
# How many rows are made in a second, at least, while the machine does other things as well.
FILLED_PER_SECOND = 12_000
TURN_SECONDS = 60


class Dimension:
    """What grows: its sizes, and how each of them is set up."""

    def __init__(self, name, title, axis, sizes, rounds=ROUNDS, **setting):
        self.name = name
        self.title = title
        self.axis = axis
        given = os.environ.get(f"POSTERN_GROWTH_{name.upper()}", sizes)
        self.sizes = sorted({int(size) for size in given.split(",")})
        self.rounds = rounds
        self.setting = setting

    def setup(self, size):
        """What is in the database and what the load is like."""
        usual = {"stored": 0, "endpoints": ENDPOINTS, "connections": CONNECTIONS, "bodies": BODY_BYTES}
        return {**usual, **self.setting, self.name: size}

    def label(self, size):
        """How a chart names a size."""
        units = (("Mi", 1 << 20), ("Ki", 1 << 10)) if self.name == "bodies" else (("M", 10**6),)
        for name, unit in units:
            if size >= unit:
                return f"{size / unit:g} {name}"
        return f"{size:,}"


DIMENSIONS = [
    Dimension("stored", "stored deliveries", "stored deliveries", "0,1000000,10000000", ROUNDS + 1),
    Dimension("endpoints", "endpoints", "endpoints", "1,100,10000"),
    Dimension("connections", "connections", "connections", "1,8,64,256,1000"),
    Dimension("bodies", "body size", "bytes", "256,1024,16384,131072,1048576", connections=BODY_CONNECTIONS),
]
WANTED = os.environ.get("POSTERN_GROWTH_DIMENSIONS", ",".join(each.name for each in DIMENSIONS)).split(",")
CHOSEN = [each for each in DIMENSIONS if each.name in WANTED]
LIMIT_SECONDS = 60 + sum(
    each.rounds * len(each.sizes) * (SECONDS + TURN_SECONDS)
    + (sum(each.sizes) // FILLED_PER_SECOND if each.name == "stored" else 0)
    for each in CHOSEN
)


class Growth:
    """The turns of one dimension: every size in each round, so that a slow minute of the machine slows all alike."""

    def __init__(self, installation, dimension):
        self.installation = installation
        self.dimension = dimension
        self.turns = {size: [] for size in dimension.sizes}
        self._databases = 0

    def measure(self):
        with contextlib.ExitStack() as kept:
            # What took minutes to fill serves all rounds; who has nothing stored begins with nothing each time.
            filled = {size: kept.enter_context(self._population(size)) for size in self._filled()}
            for number in range(self.dimension.rounds):
                for size in self.dimension.sizes:
                    with contextlib.ExitStack() as fresh:
                        population = filled.get(size) or fresh.enter_context(self._population(size))
                        self.turns[size].append(_turn(population, self.dimension.setup(size)))
                    self._say(number, size)

    def _filled(self):
        return [size for size in self.dimension.sizes if self.dimension.setup(size)["stored"]]

    @contextlib.contextmanager
    def _population(self, size):
        setup = self.dimension.setup(size)
        self._databases += 1
        name = f"{self.dimension.name}_{self._databases}"
        population = Population(self.installation.database(name), setup["endpoints"])
        try:
            if setup["stored"]:
                began = time.monotonic()
                history.fill(population, setup["stored"])
                say(f"growth: {setup['stored']:,} deliveries filled in {time.monotonic() - began:.0f} s")
            yield population
        finally:
            self.installation.end()
            self.installation.sql(f"DROP DATABASE {name} WITH (FORCE)", limit=120)

    def _say(self, number, size):
        turn = self.turns[size][-1]
        say(
            f"growth: round {number + 1} of {self.dimension.rounds}, {self.dimension.label(size)}"
            f" {self.dimension.title}: {turn['requests_per_second']:,.0f}/s, {turn['events_per_second']:,.0f} events/s"
        )

    def values(self, size, figure):
        return [turn[figure] for turn in self.turns[size]]

    def median(self, size, figure):
        values = self.values(size, figure)
        return statistics.median(values) if values else None

    @property
    def figures(self):
        """The names of all figures, in order."""
        return list(next((turns[0] for turns in self.turns.values() if turns), {}))

    def ratios(self, figure):
        """The largest against the smallest, round by round."""
        last, first = (self.values(size, figure) for size in (self.dimension.sizes[-1], self.dimension.sizes[0]))
        return [large / small for large, small in zip(last, first, strict=False) if small]


def _turn(population, setup):
    """Load on a gateway, then a consumer that works off what was stored, then looks at it all."""
    database = population.database
    began = time.monotonic()
    gateway = database.gateway()
    started = (time.monotonic() - began) * 1000
    figures, stored = _taken(population, gateway, setup)
    figures["gateway_start_ms"] = started
    figures["gateway_stats_ms"] = looks.statistics(gateway)
    gateway.stop()
    figures |= _worked_off(population, stored)
    return figures


def _taken(population, gateway, setup):
    """The figures of the whole path, and how many deliveries wait for a consumer now."""
    installation = population.database.installation
    options = {
        "url_file": population.urls(gateway.port),
        "connections": setup["connections"],
        "body_bytes": setup["bodies"],
    }
    before = generator.run(installation, [], WARMUP_SECONDS, **options)
    installation.sql("CHECKPOINT")
    window = Window(installation, [gateway])
    with window:
        load = generator.run(installation, [], SECONDS, **options)
    if load.errors or not load.succeeded or load.succeeded < load.requests:
        raise Failure(f"{setup}: answers {load.statuses}, errors {load.errors}")
    costs = window.costs(load.requests, load.cpu_microseconds * load.requests / 1e6)
    figures = {
        "requests_per_second": load.per_second,
        "mib_per_second": load.per_second * setup["bodies"] / (1 << 20),
        "p50_ms": load.latency("p50") * 1000,
        "p99_ms": load.latency("p99") * 1000,
        "gateway_us": costs["server_us"],
        "postgres_us": costs["postgres_us"],
        "others_cores": costs["others_cores"],
        "gateway_mib": window.memory()["peak_mib"],
    }
    return figures, before.succeeded + load.succeeded


def _worked_off(population, stored):
    database = population.database
    installation = database.installation
    installation.sql("CHECKPOINT")
    before = int(database.value(EVENTS))
    consumer = Consumer(database)
    window = Window(installation, [consumer])
    with window:
        rate = rate_until(database, f"SELECT sum(event_number) - {before} FROM postern.lanes", stored, 180)
    costs = window.costs(stored, 0)
    figures = {
        "events_per_second": rate,
        "consumer_us": costs["server_us"],
        "consuming_postgres_us": costs["postgres_us"],
        "consumer_mib": window.memory()["peak_mib"],
        "consumer_stats_ms": looks.statistics(consumer),
    }
    times = looks.taken(database, population.organization)
    consumer.stop()
    return figures | {f"{name.replace(' ', '_')}_ms": value for name, value in times.items()}


def run(installation, report):
    installation.keep_wal()
    os.makedirs(FOLDER, exist_ok=True)
    for dimension in CHOSEN:
        growth = Growth(installation, dimension)
        try:
            growth.measure()
        finally:
            # What was measured is worth having, also when time was up.
            if growth.figures:
                _write(growth)
                _tell(growth, report)


def _write(growth):
    """One CSV file, a row for each point, and one chart."""
    name = os.path.join(FOLDER, growth.dimension.name)
    sizes = [size for size in growth.dimension.sizes if growth.turns[size]]
    with open(f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        spread = [f"{figure}_{end}" for figure in growth.figures for end in ("median", "least", "most")]
        table.writerow([growth.dimension.name, "rounds", *spread])
        for size in sizes:
            row = [size, len(growth.turns[size])]
            for figure in growth.figures:
                values = growth.values(size, figure)
                row += [f"{value:.3f}" for value in (statistics.median(values), min(values), max(values))]
            table.writerow(row)

    def line(title, figure):
        values = [growth.values(size, figure) for size in sizes]
        return Line(title, list(map(statistics.median, values)), list(map(min, values)), list(map(max, values)))

    points = [growth.dimension.label(size) for size in sizes]
    title = f"Postern by {growth.dimension.title}: medians, least and most of {growth.dimension.rounds} rounds"
    with open(f"{name}.svg", "w", encoding="utf-8") as file:
        file.write(chart(title, growth.dimension.axis, points, _panels(growth, line)))


def _panels(growth, line):
    commands = [line(name, f"{name.replace(' ', '_')}_ms") for name in looks.commands("")]
    costs = {"gateway": "gateway_us", "PostgreSQL": "postgres_us"}
    consuming = {"consumer": "consumer_us", "PostgreSQL": "consuming_postgres_us"}
    memory = {"gateway": "gateway_mib", "consumer": "consumer_mib"}
    stats = {"gateway": "gateway_stats_ms", "consumer": "consumer_stats_ms"}
    return [
        Panel("whole path", "requests/s", [line("", "requests_per_second")]),
        Panel("latency at that load", "ms", [line("p99", "p99_ms"), line("p50", "p50_ms")]),
        Panel("consumer: deliveries to events", "events/s", [line("", "events_per_second")]),
        Panel("memory at its most", "MiB", [line(*each) for each in memory.items()]),
        Panel("CPU per request", "µs", [line(*each) for each in costs.items()]),
        Panel("CPU per event", "µs", [line(*each) for each in consuming.items()]),
        Panel("commands, their start included", "ms", commands),
        Panel("/stats", "ms", [line(*each) for each in stats.items()]),
    ]


def _tell(growth, report):
    dimension = growth.dimension
    for size in dimension.sizes:
        if growth.turns[size]:
            report.add(PART, f"{dimension.title}: {dimension.label(size)}", _summary(growth, size))
    if dimension.name == "stored" and dimension.sizes[0] == 0 and len(dimension.sizes) > 1:
        largest = dimension.label(dimension.sizes[-1])
        for what, figure, goal in (
            ("whole path", "requests_per_second", 0.9),
            ("consumer", "events_per_second", None),
        ):
            if ratios := growth.ratios(figure):
                share = statistics.median(ratios)
                text = f"{share:.0%} ({min(ratios):.0%}–{max(ratios):.0%})"
                judged = (f"≥ {goal:.0%}", share >= goal) if goal else ()
                report.add(PART, f"{what} at {largest} stored against empty", text, *judged)
    report.keep(PART, dimension.name, growth.turns)


def _summary(growth, size):
    median = {figure: growth.median(size, figure) for figure in growth.figures}
    start = median[f"{looks.START}_ms"]
    slowest = max(looks.commands(""), key=lambda name: median[f"{name.replace(' ', '_')}_ms"])
    return (
        f"{median['requests_per_second']:,.0f}/s, p99 {milliseconds(median['p99_ms'] / 1000)},"
        f" {median['events_per_second']:,.0f} events/s,"
        f" gateway {median['gateway_mib']:.0f} MiB, consumer {median['consumer_mib']:.0f} MiB,"
        f" slowest command {slowest} {median[slowest.replace(' ', '_') + '_ms'] - start:.0f} ms beyond its start,"
        f" /stats {median['gateway_stats_ms']:.0f} and {median['consumer_stats_ms']:.0f} ms"
    )
