"""What Postern is compared with: gateways a team would build instead, and the raw limit of PostgreSQL.

Each peer proves GitHub's signature over the exact body, commits with synchronous_commit on, and then answers 200;
a wrong signature is 401, a failing database 503. Their sources are in `LoadTests/Peers`.
"""

import functools
import glob
import json
import os
import shutil
import socket
import subprocess

from .installation import REPOSITORY, SECRET, Failure, Process, eventually
from .traffic import connect

SOURCES = os.path.join(REPOSITORY, "LoadTests", "Peers")
BUILT = os.path.join(REPOSITORY, ".build-peers")
PATH = "/webhooks/github/peer"
# Few enough that two cores are not busy with switching between them.
PHP_CHILDREN = 8
PYTHON_WORKERS = 2


class Peer:
    """A running peer: its port and the processes whose cost is the server's."""

    def __init__(self, port, processes):
        self.port = port
        self.processes = processes


def table(installation):
    """An empty table for the next peer."""
    with open(os.path.join(SOURCES, "deliveries.sql"), encoding="utf-8") as file:
        installation.sql(file.read())


def stored(installation):
    """Rows in the peer's table."""
    return int(installation.sql("SELECT count(*) FROM deliveries"))


def start_go(store, installation):
    """The peer in Go; `store` is `group` for group commit or `pool` for an INSERT per request."""
    port = _free_port()
    environment = _environment(installation, PEER_LISTEN=f"127.0.0.1:{port}", PEER_STORE=store)
    return _listening(port, [_start(installation, [_built("go")], environment)])


def start_php(installation):
    """nginx and php-fpm, from a folder of their own; the system's services and their settings are not touched."""
    server, workers = _installed("nginx"), _installed("php-fpm*")
    directory = installation.file("php")
    os.mkdir(directory)
    port = _free_port()
    # Root's workers would run as a user who may not reach this folder.
    is_root = os.geteuid() == 0
    values = {
        "directory": directory,
        "port": port,
        "path": PATH,
        "script": os.path.join(SOURCES, "php", "receive.php"),
        "children": PHP_CHILDREN,
        "nginx_user": "user root;" if is_root else "",
        "php_user": "user = root\ngroup = root" if is_root else "",
    }
    for name in ("nginx.conf", "php-fpm.conf"):
        with open(os.path.join(SOURCES, "php", name), encoding="utf-8") as file:
            text = file.read()
        for word, value in values.items():
            text = text.replace(f"@{word}@", str(value))
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    # Extensions are named in the peer's own php.ini.
    environment = _environment(
        installation,
        PHP_INI_SCAN_DIR="",
        PEER_PDO=f"pgsql:{_conninfo(installation).replace(' ', ';')}",
    )
    words = ["--nodaemonize", "--fpm-config", os.path.join(directory, "php-fpm.conf")]
    words += ["--php-ini", os.path.join(SOURCES, "php", "php.ini")]
    fpm = _start(installation, [workers, *words, *(["--allow-to-run-as-root"] if is_root else [])], environment)
    waiting = os.path.join(directory, "php.sock")
    eventually("php-fpm listens", 20, lambda: (fpm.check(), os.path.exists(waiting))[1])
    nginx = _start(installation, [server, "-c", os.path.join(directory, "nginx.conf"), "-e", "stderr"], environment)
    return _listening(port, [nginx, fpm])


def start_starlette(installation):
    """Starlette on granian with uvloop."""
    port = _free_port()
    words = ["--interface", "asgi", "--host", "127.0.0.1", "--port", port, "--workers", PYTHON_WORKERS]
    words += ["--loop", "uvloop", "--http", "1", "--no-ws", "--runtime-mode", "st"]
    words += ["--working-dir", os.path.join(SOURCES, "starlette"), "receive:app"]
    environment = _environment(installation, PYTHONDONTWRITEBYTECODE="1")
    granian = _built(os.path.join("python", "bin", "granian"))
    return _listening(port, [_start(installation, [granian, *map(str, words)], environment)])


def copy(installation, seconds, connections, rows, headers):
    """Copies rows of 1 KiB and `headers` bytes as fast as PostgreSQL takes them; rows and seconds."""
    words = {"connections": connections, "rows": rows, "headers": headers, "body": 1024, "seconds": seconds}
    done = subprocess.run(
        [_built("copy"), *(f"-{name}={value}" for name, value in words.items())],
        env=_environment(installation),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"copy: {done.stderr.strip()}")
    figures = json.loads(done.stdout)
    return figures["rows"], figures["seconds"]


# Name → how to start it.
PEERS = {
    "Go group commit": functools.partial(start_go, "group"),
    "Go pool of 16": functools.partial(start_go, "pool"),
    "nginx + php-fpm": start_php,
    "Starlette + granian": start_starlette,
}


def _conninfo(installation):
    return f"{installation.cluster} dbname=postgres"


def _environment(installation, **more):
    peer = {"PEER_DATABASE": _conninfo(installation), "PEER_PATH": PATH, "PEER_SECRET": SECRET}
    return {**installation.environment, **peer, **more}


def _start(installation, words, environment):
    return installation.started(Process(words, installation.file("peer.log"), environment))


def _listening(port, processes):
    def answers():
        for process in processes:
            process.check()
        try:
            connect(port, timeout=1).close()
            return True
        except OSError:
            return False

    eventually("the peer listens", 30, answers)
    return Peer(port, processes)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _built(name):
    path = os.path.join(BUILT, name)
    if not os.access(path, os.X_OK):
        raise Failure(f"{os.path.relpath(path, REPOSITORY)} is missing: run LoadTests/Peers/prepare")
    return path


def _installed(pattern):
    """A server program; Debian puts them where not everybody looks, some with a version in their name."""
    if found := shutil.which(pattern):
        return found
    for directory in ("/usr/sbin", "/usr/local/sbin"):
        if found := sorted(glob.glob(os.path.join(directory, pattern))):
            return found[-1]
    raise Failure(f"{pattern.rstrip('*')} is not installed: run LoadTests/Peers/prepare")
