"""A forged flood at full speed against A's URL: what A's genuine sender notices, and what it costs A."""

import collections
import time

from .installation import eventually
from .report import milliseconds, percentile, spread
from .traffic import Plan, Worker, flood, open_loop, request

TIER_PER_MINUTE = 1000
HEAD_START_SECONDS = 2
SECONDS = 20
LIMIT_SECONDS = 150

# The address of the genuine sender, and of the forger. Each run has addresses and an endpoint of its own, because debts
# of one run would be there in the next.
RUNS = [("same", "127.0.0.1", "127.0.0.1"), ("other", "127.0.0.3", "127.0.0.2")]


def run(installation, report):
    database = installation.database("forged")
    gateway = database.gateway()
    for name, genuine, forger in RUNS:
        _known_sender(database, gateway, report, name, genuine, forger)
    _stranger(database, gateway, report)
    report.keep("forged", "rejections", gateway.rejections())


def _known_sender(database, gateway, report, name, genuine, forger):
    organization = database.organization(f"forged-{name}", "enterprise")
    plan = [Plan("genuine", request(organization.path), TIER_PER_MINUTE / 2 / 60)]
    before = gateway.rejections()
    start = time.monotonic() + 0.5
    sending = Worker(open_loop, gateway.port, plan, start, HEAD_START_SECONDS + SECONDS, source=genuine)
    forged = request(organization.path, "not-the-secret")
    flooding = Worker(flood, gateway.port, forged, start + HEAD_START_SECONDS, SECONDS, source=forger)
    results = sending.result(SECONDS + 40)["genuine"]
    statuses = flooding.result(SECONDS + 40)

    # The head start is not counted: nobody floods yet.
    results_beside = [result for result in results if result[0] >= HEAD_START_SECONDS]
    accepted = sum(result[2] == 200 for result in results)
    passed = sum(result[2] == 200 for result in results_beside)
    share = 100 * passed / len(results_beside)
    times = [result[1] for result in results_beside]
    count = sum(statuses[status] for status in statuses if isinstance(status, int))
    # A gateway alone tells its counts every two seconds.
    eventually("the gateway tells what it admitted", 10, lambda: organization.admitted() >= accepted)
    admitted, stored = organization.admitted(), organization.stored()
    reasons = {code: number - before.get(code, 0) for code, number in gateway.rejections().items()}
    shown = organization.limits()

    who = f"{name} address"
    report.add("forged", f"{who}: forged requests", f"{count / SECONDS:.0f}/s {_sorted(statuses)}")
    forged_through = sum(statuses[status] for status in statuses if isinstance(status, int) and status < 400)
    report.add("forged", f"{who}: forged and accepted", forged_through, "0", forged_through == 0)
    report.add("forged", f"{who}: refused by code", _sorted(reasons))
    value = f"{share:.1f} % ({passed} of {len(results_beside)})"
    report.add("forged", f"{who}: A's genuine success", value, "≥ 99 %", share >= 99)
    text = f"p50 {milliseconds(percentile(times, 0.5))}, p99 {milliseconds(percentile(times, 0.99))}"
    report.add("forged", f"{who}: A's latency", text)
    value = f"{admitted} for {accepted} genuine, {stored} stored"
    report.add("forged", f"{who}: budget spent", value, "genuine only", admitted == accepted == stored)
    if shown is not None:
        report.add("forged", f"{who}: A's budget left", f"{shown.get('left')} of {shown.get('burst', TIER_PER_MINUTE)}")
    report.keep("forged", name, {
        "forged_statuses": statuses, "codes": reasons, "success_percent": share, "latency": spread(times),
        "admitted": admitted, "accepted": accepted, "stored": stored, "limits_show": shown,
        "genuine_results": collections.Counter(f"{result[2]} {result[3]}".strip() for result in results_beside),
    })


def _stranger(database, gateway, report):
    """The worst case: a genuine sender never seen before, behind a forger's address, while the flood is on."""
    organization = database.organization("forged-stranger", "enterprise")
    address = "127.0.0.5"
    start = time.monotonic() + 0.5
    flooding = Worker(flood, gateway.port, request(organization.path, "not-the-secret"), start, 5, source=address)
    plan = [Plan("genuine", request(organization.path), 20)]
    results = Worker(open_loop, gateway.port, plan, start + 3, 2, source=address).result(40)["genuine"]
    flooding.result(40)
    order = [result[2] == 200 for result in sorted(results)]
    tries = order.index(True) + 1 if True in order else None
    text = f"{tries} tries of {len(order)}"
    report.add("forged", "stranger behind a forger: known after", text, f"≤ {len(order)}", tries is not None)
    report.keep("forged", "stranger", {"tries": tries, "accepted": sum(order), "sent": len(order)})


def _sorted(counts):
    ordered = sorted(counts.items(), key=lambda pair: str(pair[0]))
    return ", ".join(f"{number} × {name}" for name, number in ordered if number)
