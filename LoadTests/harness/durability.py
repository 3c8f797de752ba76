"""Faults at random moments under load: nothing acknowledged is lost, and everything comes back by itself.

POSTERN_LOAD_ROUNDS   how many rounds (200); 10 is each kind of fault once, under 3 minutes
POSTERN_LOAD_SEED     the seed of an earlier run: the same faults in the same order, of the same lengths
POSTERN_LOAD_FAULTS   only these kinds, with commas between
"""

import math
import os
import random
import time

from .clusters import Cluster, Pair, SmallDisk
from .faults import FAULTS
from .installation import Failure
from .report import percentile
from .runner import say
from .service import LEASE_SECONDS, Service

ROUNDS = int(os.environ.get("POSTERN_LOAD_ROUNDS", "200"))
RATE = 1000
# Rounds of one installation, at most. The small disk has room for so many; a standby is copied anew after each.
ROUNDS_EACH = {Cluster: 24, SmallDisk: 8, Pair: 8}
# From the end of a fault to the first 200, and to the next delivered event of every lane.
BACK_SECONDS = 30
# What a dead consumer had under way may be due again a while after its leases ran out.
RETRY_SECONDS = 15
LIMIT_SECONDS = 180 + 30 * ROUNDS


class Round:
    """One fault and what was seen of it."""

    def __init__(self, kind):
        self.kind = kind
        self.began = self.ended = None
        self.acknowledged = 0
        self.lost = []
        self.is_balanced = None
        # Seconds from the end of the fault; nothing until it was so.
        self.back = self.delivered = None
        self.repeats = 0

    @property
    def fault(self):
        return FAULTS[self.kind]

    def raw(self):
        shown = {"kind": self.kind, "acknowledged": self.acknowledged, "lost": self.lost, "balanced": self.is_balanced}
        if self.ended:
            shown.update(fault_seconds=round(self.ended - self.began, 3), repeats=self.repeats)
        if self.back is not None:
            shown["back_seconds"] = round(self.back, 3)
        if self.delivered is not None:
            shown["delivered_seconds"] = round(self.delivered, 3)
        return shown


class Tally:
    """What all installations showed together: by each rule, how much breaks it, out of how much."""

    def __init__(self):
        self.broken = {}
        self.of = {}

    def add(self, rule, broken, of=0):
        self.broken[rule] = self.broken.get(rule, 0) + broken
        self.of[rule] = self.of.get(rule, 0) + of
        return broken == 0


def run(installation, report):
    seed = int(os.environ.get("POSTERN_LOAD_SEED") or random.SystemRandom().randrange(1 << 31))
    say(f"durability: {ROUNDS} rounds, POSTERN_LOAD_SEED={seed}")
    report.keep("durability", "seed", seed)
    chance = random.Random(seed)
    rounds, tally, done, failures = [], Tally(), 0, []
    end = time.monotonic() + LIMIT_SECONDS - 10
    for make, kinds in _plan(chance):
        planned = [Round(kind) for kind in kinds]
        rounds += planned
        # Independent of how often another installation asked.
        dice = random.Random(chance.random())
        try:
            with make(installation.executable) as cluster:
                _attack(cluster, planned, tally, dice, done)
        except Failure as failure:
            say(f"durability: {failure}")
            failures.append((make, failure))
            if time.monotonic() > end:
                break
        done += len(planned)
    _judge(report, rounds, tally, failures)
    report.keep("durability", "rounds", [each.raw() for each in rounds])


def _plan(chance):
    """Installations and the kinds of fault each of them goes through: every kind as often as the others."""
    names = [name for name in os.environ.get("POSTERN_LOAD_FAULTS", "").split(",") if name] or list(FAULTS)
    if unknown := [name for name in names if name not in FAULTS]:
        raise Failure(f"POSTERN_LOAD_FAULTS: no fault is called {unknown[0]}; there are {', '.join(FAULTS)}")
    wanted = {cluster: [] for cluster in ROUNDS_EACH}
    for number in range(ROUNDS):
        name = names[number % len(names)]
        wanted[FAULTS[name].cluster].append(name)
    plan = []
    for cluster, kinds in wanted.items():
        chance.shuffle(kinds)
        # Parts of about the same size.
        count = math.ceil(len(kinds) / ROUNDS_EACH[cluster])
        plan += [(cluster, kinds[part::count]) for part in range(count)]
    chance.shuffle(plan)
    return plan


def _attack(cluster, rounds, tally, chance, done):
    service = Service(cluster, RATE, gateways=2 if isinstance(cluster, Pair) else 1, relayed=type(cluster) is Cluster)
    load = service.load(LIMIT_SECONDS)
    try:
        for number, each in enumerate(rounds):
            service.await_steady()
            _round(service, each, chance)
            _say(each, done + number + 1)
            if each.lost or not each.is_balanced:
                raise Failure(f"{each.fault.title}: {len(each.lost)} lost, verify balances: {each.is_balanced}")
        service.await_steady()
        _close(service, load, rounds, tally)
    except Failure:
        tally.add("processes that ended by themselves", sum(process.crashes for process in service.processes))
        cluster.end()
        say(f"durability: what there was is kept in {cluster.preserve()}")
        raise


def _round(service, each, chance):
    """One fault at a random moment, the way back, and the books."""
    time.sleep(chance.uniform(0.2, 2))
    each.began = time.time()
    each.ended = each.fault.strike(service, chance)
    each.back = service.await_first(each.ended)
    # Positions after the fault: whoever held the lanes before may have gone on until then.
    positions = service.books.progress()
    each.delivered = service.await_delivery(positions) - each.ended
    if "consumer" in each.kind:
        service.await_settled(below=2 * service.rate)
    ledger = service.ledger
    each.acknowledged = ledger.read() - ledger.checked
    # A promoted standby must have what its predecessor acknowledged at any time, not only lately.
    each.lost = service.books.missing(ledger.identifiers[0 if each.fault.cluster is Pair else ledger.checked :])
    ledger.checked += each.acknowledged
    book = service.books.balance()
    each.is_balanced = book["balanced"]
    if not each.is_balanced:
        say(f"durability: postern verify after {each.kind}: {book['broken']} {book['faults'][:5]}")
    if isinstance(service.installation, Pair):
        service.installation.replace_standby()


def _close(service, load, rounds, tally):
    """Ends the load, waits until everything has come to its end, and compares all of it."""
    figures = load.interrupt()
    service.await_settled()
    ledger, books = service.ledger, service.books
    ledger.read()
    lost = books.missing(ledger.identifiers)
    results = [
        tally.add("acknowledged and not stored, at the end", len(lost), len(ledger.identifiers)),
        tally.add("forged requests acknowledged", figures.raw["forged"]["accepted"], figures.raw["forged"]["sent"]),
        tally.add("acknowledged and no event", books.without_event(ledger.keys), len(set(ledger.keys))),
    ]
    results += [tally.add(rule, count) for rule, count in books.processed_once().items()]
    book = books.balance()
    results.append(tally.add("postern verify does not balance, at the end", 0 if book["balanced"] else 1, 1))
    arrivals = service.receiver.arrivals()
    arrived = {identifier for identifier, _ in arrivals}
    results.append(tally.add("events that never came to their destination", books.undelivered(arrived), len(arrived)))
    results.append(tally.add("delivered events that are not stored", books.unknown_events(arrived), len(arrived)))
    stray = _attribute(arrivals, rounds)
    results.append(tally.add("delivered again without a fault that explains it", stray, len(arrivals)))
    if not all(results):
        broken = {rule: count for rule, count in tally.broken.items() if count}
        say(f"durability: at the end: {broken}, postern verify: {book['broken']}")
        raise Failure("the books are not right at the end: see the rows below")
    # At last, because a failure counts them as well.
    crashes = sum(process.crashes for process in service.processes)
    if not tally.add("processes that ended by themselves", crashes):
        say(f"durability: ended by themselves: {[(each.name, each.endings) for each in service.processes]}")


def _attribute(arrivals, rounds):
    """Counts for each round what arrived again during it; gives how much no fault explains."""
    seen = set()
    stray = 0
    for identifier, moment in arrivals:
        if identifier not in seen:
            seen.add(identifier)
            continue
        late = LEASE_SECONDS + RETRY_SECONDS
        near = [each for each in rounds if each.fault.repeats and each.began <= moment <= each.ended + late]
        if near:
            near[-1].repeats += 1
        else:
            stray += 1
    return stray


def _say(each, number):
    verdict = "balances" if each.is_balanced else "does not balance"
    say(
        f"durability {number}/{ROUNDS}: {each.kind} for {each.ended - each.began:.1f} s:"
        f" {each.acknowledged} acknowledged, {len(each.lost)} lost, verify {verdict},"
        f" first 200 after {each.back:.2f} s, delivered after {each.delivered:.2f} s"
    )


def _judge(report, rounds, tally, failures):
    for kind, fault in FAULTS.items():
        planned = [each for each in rounds if each.kind == kind]
        done = [each for each in planned if each.is_balanced is not None]
        if not planned:
            continue
        # What could not be mounted or copied has no rounds, and says so in a row of its own.
        if done:
            _judge_fault(report, fault, done)
    for make, failure in failures:
        what = f"an installation with {make.__name__}"
        report.add("durability", f"{what}: could not be measured to its end", str(failure).splitlines()[0], "", False)
    finished = [each for each in rounds if each.delivered is not None]
    lost = sum(len(each.lost) for each in finished)
    acknowledged = sum(each.acknowledged for each in finished)
    text = f"{lost} of {acknowledged:,} in {len(finished)} rounds"
    met = lost == 0 and len(finished) == ROUNDS
    report.add("durability", "acknowledged and lost, all rounds", text, f"0 in {ROUNDS} rounds", met)
    for rule, broken in tally.broken.items():
        of = f" of {tally.of[rule]:,}" if tally.of[rule] else ""
        report.add("durability", rule, f"{broken}{of}", "0", broken == 0)
    repeats = {FAULTS[each.kind].title for each in rounds if each.repeats}
    text = f"{sum(each.repeats for each in rounds)}" + (f" ({', '.join(sorted(repeats))})" if repeats else "")
    report.add("durability", "delivered again after a fault that explains it", text)


def _judge_fault(report, fault, rounds):
    lost = sum(len(each.lost) for each in rounds)
    acknowledged = sum(each.acknowledged for each in rounds)
    unbalanced = sum(not each.is_balanced for each in rounds)
    verify = f"verify fails {unbalanced} times" if unbalanced else "verify balances"
    ways = {"200": [each.back for each in rounds], "delivers": [each.delivered for each in rounds]}
    text = [f"{lost} of {acknowledged:,} lost", verify]
    text += [f"{name} after {percentile(times, 0.5):.2f} s/{max(times):.2f} s" for name, times in ways.items()]
    met = lost == 0 and not unbalanced and max(map(max, ways.values())) <= BACK_SECONDS
    what = f"{fault.title}: {len(rounds)} × (times: median/max)"
    report.add("durability", what, ", ".join(text), f"0 lost, balances, ≤ {BACK_SECONDS} s", met)
