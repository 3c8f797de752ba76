"""Runs the parts of a load test: each with an installation of its own, bounded in time; one table at the end."""

import argparse
import json
import os
import platform
import signal
import sys
import time
import traceback

from .installation import REPOSITORY, Failure, Installation
from .report import Report


def run(program, description, parts):
    """Runs the parts that the command line names; gives the exit status."""
    arguments = parsed(program, description, parts)
    names = list(parts) if "all" in arguments.parts else list(dict.fromkeys(arguments.parts))
    for number in (signal.SIGTERM, signal.SIGHUP):
        # As Ctrl-C: everything is ended on the way out.
        signal.signal(number, lambda *_: sys.exit(130))
    signal.signal(signal.SIGALRM, out_of_time)
    report = Report()
    report.raw["machine"] = machine(arguments.postern)
    broken = []
    began = time.monotonic()
    for name in names:
        say(f"{name} …")
        part_began = time.monotonic()
        try:
            signal.alarm(parts[name].LIMIT_SECONDS)
            # A cluster of its own for each part: no part finds another one's load in it.
            with Installation(arguments.postern) as installation:
                parts[name].run(installation, report)
                signal.alarm(0)
        except (Failure, OSError) as failure:
            broken.append(name)
            report.add(name, "could not be measured", str(failure).strip().splitlines()[0], "", False)
            say(f"{name}: {failure}")
        except Exception as error:
            # A mistake of this program; the other parts are measured all the same.
            broken.append(name)
            report.add(name, "could not be measured", repr(error), "", False)
            traceback.print_exc()
        finally:
            signal.alarm(0)
        say(f"{name}: {time.monotonic() - part_began:.0f} s")
    report.raw["seconds"] = round(time.monotonic() - began, 1)
    report.raw["rows"] = report.rows
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as output:
            json.dump(report.raw, output, indent=1, ensure_ascii=False)
            output.write("\n")
    print(report.text())
    print(f"\n{len(report.missed)} goals missed, {report.raw['seconds']:.0f} s, {report.raw['machine']['text']}")
    return 2 if broken else 1 if report.missed else 0


def parsed(program, description, parts):
    parser = argparse.ArgumentParser(
        prog=program, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="+", choices=["all", *parts], metavar="PART", help=f"all, {', '.join(parts)}")
    default = os.path.join(REPOSITORY, ".build-release", "release", "postern")
    parser.add_argument("--postern", default=default, metavar="PATH", help="the executable (release build)")
    parser.add_argument("--json", metavar="FILE", help="where the raw figures go")
    arguments = parser.parse_args()
    if not os.access(arguments.postern, os.X_OK):
        parser.error(f"{arguments.postern}: no executable; build one with 'make build', or name one with --postern")
    if sys.platform != "linux":
        parser.error("needs Linux: /proc, and 127.0.0.2 and further loopback addresses")
    return arguments


def out_of_time(*_):
    raise Failure("not done within its time")


def machine(executable):
    load = os.getloadavg()[0]
    cores = os.cpu_count()
    if load > cores / 2:
        say(f"the machine is busy (load {load:.1f} on {cores} cores): latencies will say so")
    return {
        "text": f"{cores} cores, load {load:.1f} at the start, {os.path.basename(os.path.dirname(executable))} build",
        "cores": cores,
        "load_at_start": load,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "executable": executable,
    }


def say(text):
    print(text, file=sys.stderr, flush=True)
