"""Keeps a program running, as a service manager does, so that nobody's hand is needed after a crash."""

import contextlib
import os
import signal
import threading
import time

from .installation import Failure, Process, eventually

# systemd's own default for RestartSec.
RESTART_SECONDS = 0.1


class Supervised:
    """A program that is started again whenever it ends: `Restart=always` of systemd, and no more than that."""

    def __init__(self, name, arguments, log, environment):
        self.name = name
        self.process = None
        # (unix time, exit status) of each time it ended.
        self.endings = []
        # How often this program ended it.
        self.kills = 0
        self._start = (arguments, log, environment)
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()
        eventually(f"{name} is started", 10, lambda: self.process)

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return self._start[1]

    def _work(self):
        # All in one thread: a child that wants to die with its parent dies with the thread that started it.
        while not self._stops.is_set():
            process = self.process = Process(*self._start)
            while process.child.poll() is None and not self._stops.wait(0.01):
                pass
            if process.child.poll() is None:
                process.stop(limit=10)
            else:
                self.endings.append((time.time(), process.child.returncode))
                self._stops.wait(RESTART_SECONDS)

    def kill(self):
        """SIGKILL, once; the supervisor does the rest."""
        self.kills += 1
        self._signal(signal.SIGKILL)

    @contextlib.contextmanager
    def frozen(self):
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _signal(self, number):
        process = self.process
        # Not reaped before the thread looks, so the number is still its own.
        if process.child.returncode is not None:
            raise Failure(f"{self.name} does not run:\n{process.tail()}")
        os.kill(process.pid, number)

    @property
    def crashes(self):
        """How often it ended without being killed by this program."""
        return len(self.endings) - self.kills

    def stop(self, limit=15):
        """SIGTERM, and no new start."""
        self._stops.set()
        self._thread.join(limit)
        return not self._thread.is_alive()
