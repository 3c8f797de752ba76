"""A whole Postern under load: gateways, consumers, a destination, and senders that keep a ledger."""

import os
import socket
import time

from . import generator
from .books import Books, Ledger
from .installation import eventually
from .receiver import Receiver
from .relay import Relay
from .supervisor import Supervised

# Several, so that lanes are divided between consumers.
ENDPOINTS = 4
LEASE_SECONDS = 3
DUPLICATES = 0.05
FORGERIES = 0.02
CONNECTIONS = 32
# An event whose attempt fell into a fault is tried again while one watches.
RETRY_DELAYS = "1,1,2,2,5,5,10,10,10,10"


class Service:
    """Everything that runs during the rounds of one installation."""

    def __init__(self, installation, rate, gateways=1, consumers=2, relayed=False):
        self.installation = installation
        self.rate = rate
        self.database = installation.database("durable")
        self.books = Books(self.database)
        self.receiver = installation.started(Receiver(installation.file("arrivals")))
        self.organizations = [self._organization(number) for number in range(ENDPOINTS)]
        self.relay = None
        if relayed:
            self.relay = installation.started(Relay(os.path.join(installation.cluster_directory, ".s.PGSQL.5432")))
            address = f"host=127.0.0.1 port={self.relay.port} dbname=durable user=postern_gateway"
            self.database.environment["POSTERN_GATEWAY_DATABASE"] = address
        self.consumers = [self._consumer(number) for number in range(consumers)]
        self.ports = [free_port() for _ in range(gateways)]
        self.gateways = [self._gateway(port) for port in self.ports]
        self.ledger = Ledger(installation.file("ledger"))

    @property
    def processes(self):
        return self.gateways + self.consumers

    @property
    def urls(self):
        """In turn: each endpoint, at each gateway."""
        return [
            f"http://127.0.0.1:{port}{organization.path}" for organization in self.organizations for port in self.ports
        ]

    def load(self, seconds, **options):
        """Starts the senders."""
        options = {
            "connections": CONNECTIONS,
            "rate": self.rate,
            "body_bytes": 1024,
            "duplicates": DUPLICATES,
            "forgeries": FORGERIES,
            "ledger": self.ledger.path,
            "keep_going": True,
            "timeout_ms": 5000,
            **options,
        }
        return generator.start(self.installation, self.urls, seconds, **options)

    def await_steady(self, limit=60):
        """Waits until half of what is sent is acknowledged, for a second."""
        began = time.time()

        def steady():
            now = time.time()
            # A flush of the ledger lags by a tenth of a second.
            return now - began > 0.5 and self.ledger.since(now - 1.2) >= self.rate / 2

        eventually("half of the requests are acknowledged", limit, steady, pause=0.1)

    def await_first(self, moment, limit=60):
        """Waits for the first acknowledgment after a time and gives the seconds between."""
        return eventually("a request is acknowledged", limit, lambda: self.ledger.first_after(moment), 0.02) - moment

    def await_delivery(self, before, limit=60):
        """Waits until every lane is delivered further than it was; gives the time."""

        def moved():
            now = self.books.progress()
            return all(now[place] > number for place, number in before.items()) and time.time()

        return eventually("every lane's events are delivered", limit, moved, pause=0.1)

    def await_settled(self, below=1, limit=120):
        """Waits until fewer rows than these wait for anything."""
        return eventually("everything is read and delivered", limit, lambda: self.books.unsettled() < below, pause=0.2)

    def _organization(self, number):
        organization = self.database.organization(f"sender-{number}", "unlimited")
        words = ["destination", "create", "--org", organization.name, "--name", "noted", "--url", self.receiver.url]
        self.database.command(*words, "--allow-private", "--concurrency", "32", "--retry-delays", RETRY_DELAYS)
        return organization

    def _gateway(self, port):
        environment = dict(
            self.database.environment, POSTERN_GATEWAY_PORT=str(port), POSTERN_GATEWAY_STATUS_PORT="0"
        )
        gateway = self._supervised(f"gateway-{port}", "gateway", environment)
        eventually("the gateway answers", 30, lambda: accepts(port))
        return gateway

    def _consumer(self, number):
        environment = dict(
            self.database.environment,
            POSTERN_CONSUMER_STATUS_PORT="0",
            POSTERN_CONSUMER_LEASE_SECONDS=str(LEASE_SECONDS),
            POSTERN_CONSUMER_RETRY_DELAYS_SECONDS=RETRY_DELAYS,
        )
        return self._supervised(f"consumer-{number}", "consumer", environment)

    def _supervised(self, name, command, environment):
        log = self.installation.file(f"{name}.log")
        return self.installation.started(
            Supervised(name, [self.installation.executable, command], log, environment)
        )


def free_port():
    """A port of loopback's that was free a moment ago, for a process that must come back to the same one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
