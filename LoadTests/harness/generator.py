"""The load generator: starts `postern-load`, waits for it, gives its figures."""

import json
import math
import os
import signal
import subprocess

from .installation import SECRET, Failure, Process

VARIABLE = "POSTERN_LOAD"
SECRET_VARIABLE = "POSTERN_LOAD_SECRET"
# What the generator may take beyond the seconds it was asked for: to prepare requests, to connect, to write its ledger.
GRACE_SECONDS = 30


def executable(installation):
    """Where `postern-load` is: named by the environment variable POSTERN_LOAD, or else beside `postern`."""
    path = os.environ.get(VARIABLE) or os.path.join(os.path.dirname(installation.executable), "postern-load")
    if not os.access(path, os.X_OK):
        raise Failure(
            f"{path}: no executable; build it with 'swift build -c release --product postern-load"
            f" --scratch-path .build-release', or name one in {VARIABLE}"
        )
    return path


def run(installation, urls, seconds, **options):
    """Sends load to its end and gives the figures; options as those of `Generator`."""
    return start(installation, urls, seconds, **options).figures()


def start(installation, urls, seconds, **options):
    """Starts load that goes on by itself."""
    return installation.started(Generator(installation, urls, seconds, **options))


class Generator(Process):
    """A running load generator.

    Options are those of the program, with underscores: `connections=64`, `rate=10_000`, `body_bytes=[256, 4096]`,
    `keep_going=True`; what is nothing or false is left out.
    """

    def __init__(self, installation, urls, seconds, secret=SECRET, **options):
        self.output = installation.file("load.json")
        self.limit = seconds + options.get("warmup", 0) + GRACE_SECONDS
        words = [executable(installation)]
        for url in [urls] if isinstance(urls, str) else urls:
            words += ["--url", url]
        # Without a warm-up, so that the figures and the CPU time around a run speak of the same requests.
        options = {"warmup": 0, **options, "seconds": seconds, "json": self.output, "quiet": True}
        for name, value in options.items():
            if value is None or value is False:
                continue
            words.append("--" + name.replace("_", "-"))
            if isinstance(value, (list, tuple)):
                words.append(",".join(map(str, value)))
            elif value is not True:
                words.append(str(value))
        # The secret is in the environment, because everybody can read a command line.
        environment = dict(installation.environment, **{SECRET_VARIABLE: secret})
        super().__init__(words, installation.file("load.log"), environment)

    def figures(self):
        """Waits for the end, at most as long as the run may take, and gives the figures."""
        try:
            status = self.child.wait(self.limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"the load generator did not end within {self.limit} s:\n{self.tail()}") from None
        # Ended from outside it prints its figures all the same.
        if status not in (0, 130):
            raise Failure(f"the load generator ended with {status}:\n{self.tail()}")
        return self._read()

    def interrupt(self):
        """Ends the run early and gives the figures up to now."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
        self.limit = GRACE_SECONDS
        return self.figures()

    def _read(self):
        try:
            with open(self.output, encoding="utf-8") as file:
                return Figures(json.load(file))
        except (OSError, ValueError) as error:
            raise Failure(f"the load generator gave no figures: {error}\n{self.tail()}") from None


class Figures:
    """What the generator measured."""

    def __init__(self, raw):
        self.raw = raw
        self.requests = raw["requests"]
        self.seconds = raw["seconds"]
        self.per_second = raw["per_second"]
        self.statuses = {int(status): count for status, count in raw.get("statuses", {}).items()}
        self.errors = {name: count for name, count in raw.get("errors", {}).items() if count}
        self.unsent = raw.get("unsent", 0)
        self.acknowledged = raw.get("acknowledged", 0)
        self.cpu_microseconds = raw.get("generator_cpu_us_per_request", math.nan)

    @property
    def succeeded(self):
        """Requests answered with 2xx."""
        return sum(count for status, count in self.statuses.items() if 200 <= status < 300)

    def latency(self, name):
        """A latency in seconds: `mean`, `p50`, `p90`, `p99`, `p999` or `max`."""
        value = self.raw.get("latency_us", {}).get(name)
        return math.nan if value is None else value / 1_000_000

    @property
    def histogram(self):
        """Recorded latencies: (microseconds, count)."""
        return self.raw.get("histogram", [])
