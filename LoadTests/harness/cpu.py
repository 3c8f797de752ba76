"""What processes cost: CPU seconds, memory and open files of a program and everything it started, from /proc."""

import contextlib
import os
import re

from .installation import Failure

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Family:
    """A process and its descendants, whichever of them live at the time of asking."""

    def __init__(self, process):
        self.process = process

    def members(self):
        """Process ids, the root first; nothing if it has ended."""
        children = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                children.setdefault(int(_stat(name)[1]), []).append(int(name))
        if not os.path.exists(f"/proc/{self.process}"):
            return []
        found = [self.process]
        for member in found:
            found += children.get(member, [])
        return found

    def seconds(self):
        """CPU time of all threads so far, user and system, in seconds.

        Includes the threads and the children that have ended (those that were waited for), so that a difference of
        two readings loses nothing. A reading is good to a hundredth of a second for each process.
        """
        ticks = 0
        for member in self.members():
            with contextlib.suppress(OSError):
                # utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
                ticks += sum(map(int, _stat(member)[11:15]))
        return ticks / TICKS_PER_SECOND

    def resident_kib(self):
        """Resident memory now, in KiB; a page that several processes share counts for each of them."""
        return self._sum("status", r"VmRSS:\s+(\d+)")

    def peak_kib(self):
        """The most resident memory each living process ever had, added up, in KiB."""
        return self._sum("status", r"VmHWM:\s+(\d+)")

    def proportional_kib(self):
        """Resident memory now, in KiB, a shared page counted once: what several processes really take together."""
        return self._sum("smaps_rollup", r"\nPss:\s+(\d+)")

    def open_files(self):
        """Open file descriptors of all members."""
        count = 0
        for member in self.members():
            with contextlib.suppress(OSError):
                count += len(os.listdir(f"/proc/{member}/fd"))
        return count

    def _sum(self, file, pattern):
        total = 0
        for member in self.members():
            with contextlib.suppress(OSError), open(f"/proc/{member}/{file}", encoding="utf-8") as content:
                # A zombie has no memory and no such line.
                if found := re.search(pattern, content.read()):
                    total += int(found[1])
        return total


def postgres(installation):
    """The installation's PostgreSQL: the postmaster, the backends, and what works in the background."""
    path = os.path.join(installation.cluster_directory, "data", "postmaster.pid")
    try:
        with open(path, encoding="utf-8") as file:
            return Family(int(file.readline()))
    except (OSError, ValueError) as error:
        raise Failure(f"PostgreSQL does not run: {error}") from None


def machine_seconds():
    """CPU time of everything that ran on this machine so far, in seconds."""
    with open("/proc/stat", encoding="utf-8") as file:
        # user, nice, system, idle, iowait, irq, softirq, steal: proc(5). Guests are within user.
        user, nice, system, _, _, irq, softirq, _ = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND


def _stat(process):
    """The fields of /proc/PID/stat from the third one on: the program's name before them may contain anything."""
    with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()
