"""What goes wrong under load, one kind at a time, and when it ended."""

import contextlib
import time

from .clusters import Cluster, Pair, SmallDisk
from .installation import Failure, eventually
from .service import LEASE_SECONDS


class Fault:
    """A kind of fault; `strike` makes it happen and gives the unix time of its end."""

    def __init__(self, title, strike, cluster=Cluster, repeats=False):
        self.title = title
        self.strike = strike
        # Where it can happen.
        self.cluster = cluster
        # Whether it can interrupt a consumer between a delivery and its record, so that some are made again.
        self.repeats = repeats


def kill_gateway(service, chance):
    chance.choice(service.gateways).kill()
    return time.time()


def kill_consumer(service, chance):
    chance.choice(service.consumers).kill()
    return time.time()


def kill_postgres(service, chance):
    service.installation.kill_postgres()
    # What a service manager needs to notice; longer, and senders get 503 for a while.
    time.sleep(chance.uniform(0.1, 2))
    service.installation.start_postgres()
    return time.time()


def freeze_gateway(service, chance):
    with chance.choice(service.gateways).frozen():
        time.sleep(chance.uniform(1, 4))
    return time.time()


def freeze_consumer(service, chance):
    # Shorter than its leases, so that it goes on; or longer, so that it wakes up and owns nothing any more.
    seconds = chance.choice([chance.uniform(0.5, LEASE_SECONDS - 1), chance.uniform(LEASE_SECONDS, LEASE_SECONDS + 2)])
    with chance.choice(service.consumers).frozen():
        time.sleep(seconds)
    return time.time()


def freeze_postgres(service, chance):
    with service.installation.frozen() as thaw:
        time.sleep(chance.uniform(1, 4))
        thaw()
        return time.time()


def cut(service, chance):
    service.relay.cut()
    return _restored(service, chance.uniform(0.5, 4))


def silence(service, chance):
    service.relay.silence()
    return _restored(service, chance.uniform(1, 5))


def _restored(service, seconds):
    """Lets the relay be as it is for a while; when it works again."""
    try:
        time.sleep(seconds)
    finally:
        service.relay.restore()
    return time.time()


def fill_disk(service, chance):
    installation = service.installation
    installation.fill()
    try:
        end = time.monotonic() + 20
        seconds = chance.uniform(1, 4)
        full = None
        # Felt at last when nothing has been acknowledged for a while; whatever room comes free meanwhile goes as well.
        while full is None or time.monotonic() < full + seconds:
            if full is None and service.ledger.since(time.time() - 0.8) == 0:
                full = time.monotonic()
            if full is None and time.monotonic() > end:
                raise Failure("the disk is full and requests are still acknowledged after 20 s")
            time.sleep(0.05)
            installation.fill()
    finally:
        installation.make_room()
    ended = time.time()
    eventually("PostgreSQL takes writes", 60, lambda: _is_up(installation))
    return ended


def _is_up(installation):
    # Without room for its log PostgreSQL may end itself; a service manager would try to start it again and again.
    with contextlib.suppress(Failure):
        if not installation.postgres_runs:
            installation.start_postgres()
        return installation.sql("SELECT NOT pg_is_in_recovery()").strip() == "t"


def fail_over(service, chance):
    service.installation.kill_postgres()
    time.sleep(chance.uniform(0, 1))
    service.installation.promote()
    return time.time()


FAULTS = {
    "kill-gateway": Fault("kill -9 gateway", kill_gateway),
    "kill-postgres": Fault("kill -9 PostgreSQL", kill_postgres, repeats=True),
    "kill-consumer": Fault("kill -9 consumer", kill_consumer, repeats=True),
    "freeze-gateway": Fault("freeze gateway", freeze_gateway),
    "freeze-postgres": Fault("freeze PostgreSQL", freeze_postgres, repeats=True),
    "freeze-consumer": Fault("freeze consumer", freeze_consumer, repeats=True),
    "cut": Fault("gateway – database reset", cut),
    "silence": Fault("gateway – database silent", silence),
    "fill-disk": Fault("disk full", fill_disk, SmallDisk, repeats=True),
    "fail-over": Fault("primary killed, standby promoted", fail_over, Pair, repeats=True),
}
