"""Several gateways, one organization: what they admit together against its tier."""

import collections
import time

from .installation import eventually
from .report import spread
from .traffic import CLOSED, TIMED_OUT, UNSENT, Plan, Worker, open_loop, request

TIERS = {"enterprise": 1000, "pro": 300, "basic": 60}
# Each gateway is asked for this many times the tier.
TIMES = 10
# In which the bursts are spent and the gateways agree.
HEAD_START_SECONDS = 10
SECONDS = 60
LIMIT_SECONDS = 330


def run(installation, report):
    # Installations that share nothing run side by side; their loads together are a few hundred requests a second.
    _measure(installation, report, [("postgres", 2), ("postgres", 3)])
    _measure(installation, report, [("redis", 2), ("redis", 3)])
    _measure(installation, report, [("redis", 2)], stops_redis=True)


class Group:
    """Gateways that share the limits of three organizations."""

    def __init__(self, installation, kind, count, label):
        self.installation = installation
        self.kind = kind
        self.label = label
        self.count = count
        self.database = installation.database(label.replace(" ", "_"))
        self.organizations = {tier: self.database.organization(tier, tier) for tier in TIERS}
        self.redis = installation.redis() if kind == "redis" else None
        settings = {"REDIS": self.redis.url} if self.redis else {}
        self.gateways = [self.database.gateway(**settings) for _ in range(count)]
        for gateway in self.gateways:
            eventually(f"{label}: the gateways know each other", 20, lambda: self._agrees(gateway))

    def _agrees(self, gateway):
        limits = gateway.health()[1].get("limits", {})
        return limits.get("gateways") == self.count and limits.get("shares") == self.kind

    def states(self):
        """What each gateway's health says of limits: state, way of sharing; and whether it is ready."""
        found = []
        for gateway in self.gateways:
            status, components = gateway.health()
            limits = components.get("limits", {})
            found.append((limits.get("status"), limits.get("shares"), status))
        return found

    def flood(self, start):
        """Begins to ask all gateways."""
        plans = [
            Plan(tier, request(organization.path), TIERS[tier] * TIMES / 60)
            for tier, organization in self.organizations.items()
        ]
        seconds = HEAD_START_SECONDS + SECONDS + 1
        self.workers = [
            Worker(open_loop, gateway.port, plans, start, seconds, connections=6, depth=16) for gateway in self.gateways
        ]

    def collect(self):
        """All gateways' results, by tier."""
        results = {tier: [] for tier in TIERS}
        for worker in self.workers:
            for tier, found in worker.result(HEAD_START_SECONDS + SECONDS + 40).items():
                results[tier] += found
        return results


def _measure(installation, report, kinds, stops_redis=False):
    groups = []
    for kind, count in kinds:
        label = f"{kind} {count}" + (" stopped" if stops_redis else "")
        groups.append(Group(installation, kind, count, label))
    start = time.monotonic() + 1
    for group in groups:
        group.flood(start)
    if stops_redis:
        _stop_redis(groups[0], report, start + HEAD_START_SECONDS + SECONDS / 2)
    for group in groups:
        _judge(group, report, group.collect(), stops_redis)
    if stops_redis:
        _restart_redis(groups[0], report)
    installation.end()


def _judge(group, report, results, stops_redis):
    title = f"{group.count} gateways, {group.kind}" + (", stopped half-way" if stops_redis else "")
    goal_percent = 1 if group.kind == "redis" and not stops_redis else 5
    raw = {}
    for tier, per_minute in TIERS.items():
        # Counted by the time of the answer: what is admitted is answered a commit later, at both ends.
        times = [result[0] + result[1] for result in results[tier] if result[2] == 200]
        admitted = sum(HEAD_START_SECONDS <= moment < HEAD_START_SECONDS + SECONDS for moment in times)
        deviation = 100 * (admitted - per_minute) / per_minute
        # A window begins and ends between two requests, so one more or less says nothing.
        met = abs(admitted - per_minute) <= max(1, per_minute * goal_percent / 100)
        goal = f"≤ {goal_percent} %" + (" or 1 request" if per_minute * goal_percent < 100 else "")
        report.add("shared", f"{title}: {per_minute}/min", f"{admitted} ({deviation:+.1f} %)", goal, met)
        raw[tier] = {
            "admitted": admitted,
            "deviation_percent": round(deviation, 2),
            "asked": len(results[tier]),
            "admitted_by_second": dict(sorted(collections.Counter(map(int, times)).items())),
        }
    together = [result for found in results.values() for result in found]
    statuses = collections.Counter(str(result[2]) for result in together)
    answered = [result[1] for result in together if result[2] not in (UNSENT, CLOSED, TIMED_OUT)]
    failures = sum(count for status, count in statuses.items() if status not in ("200", "429", UNSENT))
    report.add("shared", f"{title}: neither 200 nor 429", f"{failures} of {len(together)}", "0", failures == 0)
    if stops_redis:
        slowest = max(answered)
        report.add("shared", f"{title}: slowest answer", f"{slowest * 1000:.0f} ms", "< 2 s", slowest < 2)
    stored = sum(organization.stored() for organization in group.organizations.values())
    missing = sum(result[2] == 200 for result in together) - stored
    report.add("shared", f"{title}: acknowledged and not stored", missing, "0", missing == 0)
    raw.update(statuses=statuses, latency=spread(answered))
    report.keep("shared", group.label, raw)


def _stop_redis(group, report, moment):
    time.sleep(max(0.0, moment - time.monotonic()))
    group.redis.kill()
    stopped = time.monotonic()
    said = eventually(
        "health says that limits are degraded", 15,
        lambda: (states := group.states()) and all(state[0] == "degraded" for state in states) and states,
    )
    seconds = time.monotonic() - stopped
    ways = ", ".join(sorted({str(state[1]) for state in said}))
    text = f"after {seconds:.1f} s, over {ways}"
    report.add("shared", "Redis killed: health says degraded", text, "≤ 5 s", seconds <= 5)
    ready = all(state[2] == 200 for state in said)
    report.add("shared", "Redis killed: /health stays 200", "yes" if ready else "no", "yes", ready)
    report.keep("shared", "redis_killed", {"said_after_seconds": round(seconds, 2), "states": said})


def _restart_redis(group, report):
    group.redis = group.installation.redis(group.redis.port)
    started = time.monotonic()
    eventually(
        "limits are shared through Redis again", 60,
        lambda: all(state[:2] == ("ok", "redis") for state in group.states()),
    )
    report.add("shared", "Redis back: shared through it again", f"after {time.monotonic() - started:.1f} s")
