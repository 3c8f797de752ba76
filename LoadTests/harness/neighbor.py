"""Organization A at 50 times its tier beside B at half its tier: what B notices."""

import collections
import time

from .report import milliseconds, percentile, spread
from .traffic import CLOSED, UNSENT, Plan, Worker, open_loop, request

TIER_PER_MINUTE = 1000
SECONDS = 20
LIMIT_SECONDS = 120


def run(installation, report):
    database = installation.database("neighbor")
    loud = database.organization("loud", "enterprise")
    calm = database.organization("calm", "enterprise")
    gateway = database.gateway()
    calm_plan = [Plan("calm", request(calm.path), TIER_PER_MINUTE / 2 / 60)]
    loud_plan = [Plan("loud", request(loud.path), TIER_PER_MINUTE * 50 / 60)]

    # Nothing is measured while caches and the directory are cold.
    for plan in (calm_plan, loud_plan):
        warm = [Plan("warm", plan[0].data, 10)]
        Worker(open_loop, gateway.port, warm, time.monotonic() + 0.2, 2).result(30)
    warmed = calm.stored()

    quiet = Worker(open_loop, gateway.port, calm_plan, time.monotonic() + 0.5, SECONDS).result(SECONDS + 30)["calm"]
    start = time.monotonic() + 1
    flooding = Worker(open_loop, gateway.port, loud_plan, start, SECONDS, connections=8, depth=32)
    measuring = Worker(open_loop, gateway.port, calm_plan, start, SECONDS)
    beside = measuring.result(SECONDS + 30)["calm"]
    loud_results = flooding.result(SECONDS + 30)["loud"]

    asked = [result for result in loud_results if result[2] != UNSENT]
    loud_statuses = collections.Counter(str(result[2]) for result in loud_results)
    lost = [result for result in quiet + beside if result[2] != 200]
    quiet_times = [result[1] for result in quiet]
    beside_times = [result[1] for result in beside]
    ratio = percentile(beside_times, 0.99) / percentile(quiet_times, 0.99)
    missing = len(quiet) + len(beside) - len(lost) - (calm.stored() - warmed)

    times = len(asked) / (TIER_PER_MINUTE / 60 * SECONDS)
    report.add("neighbor", "A asks", f"{times:.0f} times its tier ({len(asked) / SECONDS:.0f}/s)", "50", times >= 45)
    report.add("neighbor", "A is answered", dict(sorted(loud_statuses.items())))
    report.add("neighbor", "B lost", f"{len(lost)} of {len(quiet) + len(beside)}", "0", not lost)
    report.add("neighbor", "B acknowledged and not stored", missing, "0", missing == 0)
    for name, values in (("quiet", quiet_times), ("beside the flood", beside_times)):
        text = f"p50 {milliseconds(percentile(values, 0.5))}, p99 {milliseconds(percentile(values, 0.99))}"
        report.add("neighbor", f"B {name}", text)
    report.add("neighbor", "B's p99, beside / quiet", f"{ratio:.2f}", "≤ 2", ratio <= 2)
    report.keep("neighbor", "quiet", spread(quiet_times))
    report.keep("neighbor", "beside", spread(beside_times))
    report.keep("neighbor", "p99_ratio", round(ratio, 3))
    report.keep("neighbor", "lost", lost)
    report.keep("neighbor", "loud_statuses", loud_statuses)
    report.keep("neighbor", "loud_closed", loud_statuses[CLOSED])
