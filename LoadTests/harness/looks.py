"""How long it takes to look at things: the commands people begin with, and what a probe reads."""

import time
import urllib.request

RUNS = 3
ADDRESS = r"status server listening address=127\.0\.0\.1:(\d+)"
# A command that asks the database nothing: what each of the others takes to start.
START = "start"


def commands(organization):
    """Name → words of `postern`."""
    return {
        START: ["--version"],
        "events list": ["events", "list", "--org", organization],
        "deadletter list": ["deadletter", "list", "--org", organization],
        "deadletter groups": ["deadletter", "groups"],
        "endpoint list": ["endpoint", "list", "--org", organization],
        "limits show": ["limits", "show", organization],
        "org list": ["org", "list"],
    }


def taken(database, organization):
    """The fastest of some runs of each command, in milliseconds, its start included."""
    times = {name: [] for name in commands(organization)}
    for _ in range(RUNS):
        for name, words in commands(organization).items():
            began = time.monotonic()
            database.command(*words)
            times[name].append((time.monotonic() - began) * 1000)
    return {name: min(values) for name, values in times.items()}


def statistics(process, path="/stats"):
    """The fastest of some answers of a process's status server, in milliseconds."""
    port = process.logged(ADDRESS)[1]
    times = []
    for _ in range(RUNS):
        began = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            answer.read()
        times.append((time.monotonic() - began) * 1000)
    return min(times)
