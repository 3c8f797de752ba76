"""One installation of Postern on loopback: a private PostgreSQL, databases in it, gateways, Redis servers.

Everything is started here and ended here, by process id; the folder goes with it.
"""

import base64
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REDIS_SERVER = "/usr/bin/redis-server"
SECRET = "load-test-secret-0123456789"
# Four gibibytes: more than any turn of a load test writes between two checkpoints.
KEPT_WAL_FILES = 256


class Failure(Exception):
    """Something the measurement needs did not work; the message says what."""


def eventually(what, limit, ask, pause=0.05):
    """Asks until the answer is true and gives it; after `limit` seconds fails, saying what never came."""
    end = time.monotonic() + limit
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() >= end:
            raise Failure(f"not within {limit} s: {what}")
        time.sleep(pause)


def _dies_with_parent():
    # PR_SET_PDEATHSIG: if this program is killed, what it started gets SIGTERM instead of living on.
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Process:
    """A program this installation started."""

    def __init__(self, arguments, log, environment=None):
        self.log = log
        self.arguments = arguments
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                preexec_fn=_dies_with_parent,
            )

    @property
    def pid(self):
        return self.child.pid

    def tail(self, count=15):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-count:])

    def logged(self, pattern):
        """The first match in the log; fails at once if the program has ended."""
        with open(self.log, errors="replace") as log:
            found = re.search(pattern, log.read())
        if not found:
            self.check()
        return found

    def check(self):
        """Fails if the program has ended."""
        if self.child.poll() is not None:
            raise Failure(f"{self.arguments[0]} ended with {self.child.returncode}:\n{self.tail()}")

    def kill(self):
        self.child.kill()
        self.child.wait()

    def stop(self, limit=30):
        """SIGTERM, then SIGKILL; whether it ended by itself."""
        if self.child.poll() is None:
            self.child.terminate()
        try:
            self.child.wait(limit)
            return True
        except subprocess.TimeoutExpired:
            self.kill()
            return False


class Gateway(Process):
    """A running gateway."""

    def __init__(self, executable, log, environment):
        super().__init__([executable, "gateway"], log, environment)
        address = r" listening address=127\.0\.0\.1:(\d+)"
        self.port = int(eventually("gateway listens", 30, lambda: self.logged("gateway" + address))[1])
        self.status_port = int(eventually("status listens", 30, lambda: self.logged("status server" + address))[1])
        eventually("gateway is ready", 30, lambda: self._get(self.port, "/health/ready")[0] == 200)

    @staticmethod
    def _get(port, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            return 0, str(error).encode()

    def health(self):
        """Status of `/health` and its components, by name."""
        status, body = self._get(self.status_port, "/health")
        return status, json.loads(body).get("components", {}) if status in (200, 503) else {}

    def metrics(self):
        """All samples as the exporter writes them: name and labels → value."""
        _, body = self._get(self.status_port, "/metrics")
        samples = {}
        for line in body.decode().splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                samples[name] = float(value)
        return samples

    def rejections(self):
        """Refused requests by reason code, of all platforms together."""
        reasons = {}
        for name, value in self.metrics().items():
            found = re.match(r'postern_gateway_rejections_total\{.*reason="(\w+)"', name)
            if found and value:
                reasons[found[1]] = reasons.get(found[1], 0) + int(value)
        return reasons

    def resident_kib(self):
        """Resident memory now, in KiB."""
        with open(f"/proc/{self.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


class Redis(Process):
    """A Redis server on a free loopback port, nothing kept on disk."""

    def __init__(self, directory, port=None):
        if port is None:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
        self.port = port
        arguments = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", directory]
        super().__init__([REDIS_SERVER, *arguments], os.path.join(directory, f"redis-{port}.log"))
        eventually("redis answers", 10, self._answers)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def _answers(self):
        self.check()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Database:
    """A database of its own with the schema: what several gateways share."""

    def __init__(self, installation, name):
        self.installation = installation
        self.address = f"{installation.cluster} dbname={name}"
        installation.sql(f"CREATE DATABASE {name}")
        self.environment = dict(installation.environment, POSTERN_OWNER_DATABASE=self.address)
        # Each process under its own role: what the superuser can do proves nothing.
        for role in ("gateway", "consumer", "operator"):
            self.environment[f"POSTERN_{role.upper()}_DATABASE"] = f"{self.address} user=postern_{role}"
        self.command("migrate")

    def command(self, *arguments):
        """Runs `postern` to its end and gives what it printed."""
        done = subprocess.run(
            [self.installation.executable, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"postern {' '.join(arguments)}: exit {done.returncode}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def organization(self, name, tier):
        """Makes an organization with one GitHub endpoint; its id and the endpoint's path."""
        self.command("org", "create", name, "--tier", tier, "--json")
        words = ["endpoint", "create", "--org", name, "--platform", "github", "--name", "load", "--secret", SECRET]
        made = json.loads(self.command(*words, "--json"))
        identifier = self.value(f"SELECT id FROM postern.organizations WHERE name = '{name}'")
        return Organization(self, name, identifier, f"/webhooks/github/{made['key']}")

    def value(self, query, limit=30):
        """The single value of a query, as text."""
        return self.installation.sql(query, self.address, limit).strip()

    def gateway(self, **settings):
        """Starts a gateway on ports of its own; settings by their environment names without POSTERN_GATEWAY_."""
        environment = dict(self.environment, POSTERN_GATEWAY_PORT="0", POSTERN_GATEWAY_STATUS_PORT="0")
        for name, value in settings.items():
            environment[f"POSTERN_GATEWAY_{name}"] = str(value)
        return self.installation.started(
            Gateway(self.installation.executable, self.installation.file("gateway.log"), environment)
        )


class Organization:
    """A tenant with one endpoint."""

    def __init__(self, database, name, identifier, path):
        self.database = database
        self.name = name
        self.identifier = identifier
        self.path = path

    def stored(self):
        """Deliveries in the log."""
        return int(self.database.value(f"SELECT count(*) FROM postern.deliveries WHERE org_id = '{self.identifier}'"))

    def admitted(self):
        """What the gateways say they admitted under its limit."""
        query = f"SELECT coalesce(sum(admitted), 0) FROM postern.limit_counts WHERE subject = '{self.identifier}'"
        return int(self.database.value(query))

    def limits(self):
        """What `postern limits show` says, or nothing from a program without that command."""
        try:
            return json.loads(self.database.command("limits", "show", self.name, "--json"))
        except Failure:
            return None


class Installation:
    """The folder and the PostgreSQL cluster that all parts use; a context manager that leaves nothing behind."""

    # A quarter of a small server's memory, as PostgreSQL's manual advises; the tests' own are for many small clusters.
    buffers = "1GB"

    def __init__(self, executable):
        self.executable = os.path.abspath(executable)
        self.directory = tempfile.mkdtemp(prefix="postern-load-", dir="/tmp")
        # PostgreSQL runs as another user when root starts it.
        os.chmod(self.directory, 0o755)
        self.cluster_directory = os.path.join(self.directory, "pg")
        self.cluster = None
        self._processes = []
        self._files = 0
        key = self.file("sealing.key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as output:
            output.write(base64.b64encode(os.urandom(32)))
        self.environment = {"HOME": self.directory, "USER": "load", "POSTERN_KEY_FILE": key}
        for name in ("PATH", "LD_LIBRARY_PATH"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def __enter__(self):
        try:
            self.cluster = self._postgres("start").replace("dbname=postgres", "").strip()
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        self.end()
        with contextlib.suppress(Failure):
            self._postgres("stop")
        shutil.rmtree(self.directory, ignore_errors=True)

    def keep_wal(self):
        """Lets PostgreSQL write over WAL files it has, as one does that has run for a while.

        A fresh one makes each file when it comes to it: 16 MiB of zeros and an fsync, for which every commit waits. At
        50 MB/s of WAL that was a fifth of the time, and p99 was 60 ms instead of 5.
        """
        for setting in (f"min_wal_size = '{KEPT_WAL_FILES * 16}MB'", f"max_wal_size = '{KEPT_WAL_FILES * 32}MB'"):
            self.sql(f"ALTER SYSTEM SET {setting}")
        self.sql("SELECT pg_reload_conf()")
        # A file that nothing was written to is not left for the next.
        switch = "SELECT pg_logical_emit_message(false, 'load', 'test'), pg_switch_wal()"
        self.sql(f"{switch} FROM generate_series(1, {KEPT_WAL_FILES})", limit=120)
        self.sql("CHECKPOINT", limit=120)

    def end(self):
        """Ends every process of this installation but PostgreSQL, the newest first."""
        while self._processes:
            self._processes.pop().stop(limit=10)

    def started(self, process):
        """Notes a process that has to be ended."""
        self._processes.append(process)
        return process

    def database(self, name):
        return Database(self, name)

    def redis(self, port=None):
        return self.started(Redis(self.directory, port))

    def file(self, name):
        """A file name that nobody has used yet."""
        self._files += 1
        return os.path.join(self.directory, f"{self._files}-{name}")

    def sql(self, query, address=None, limit=30):
        """Runs statements as superuser, at most `limit` seconds, and gives their rows as text."""
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", query, address or f"{self.cluster} dbname=postgres"],
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"{query.strip()[:500]}: {done.stderr.strip()}")
        return done.stdout

    @contextlib.contextmanager
    def frozen(self):
        """PostgreSQL stands still inside: every process of this cluster has SIGSTOP; gives the way to thaw it."""
        stopped = []
        while fresh := [process for process in self._postgres_processes() if process not in stopped]:
            for process in fresh:
                os.kill(process, signal.SIGSTOP)
            stopped += fresh

        def thaw():
            while stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(stopped.pop(), signal.SIGCONT)

        try:
            yield thaw
        finally:
            thaw()

    def _postgres_processes(self):
        data = os.path.join(os.path.realpath(self.cluster_directory), "data")
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                program = os.readlink(f"/proc/{name}/exe").removesuffix(" (deleted)")
                if os.readlink(f"/proc/{name}/cwd") == data and program.endswith("/postgres"):
                    found.append(int(name))
        return sorted(found)

    def _postgres(self, command):
        done = subprocess.run(
            [os.path.join(REPOSITORY, ".ci", "postgres"), command, self.cluster_directory],
            env=dict(os.environ, POSTERN_POSTGRES_BUFFERS=self.buffers),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f".ci/postgres {command}: {done.stderr.strip()}")
        return done.stdout.strip()
