"""PostgreSQL in positions that a fault needs: on a small disk of its own, and with a synchronous standby."""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import time

from .installation import Failure, Installation, eventually

DISK_BYTES = 1 << 30
# So that a small disk is filled by rows and not by WAL that is kept for reuse.
SMALL_WAL = ("max_wal_size = '96MB'", "min_wal_size = '32MB'")


class Cluster(Installation):
    """An installation whose PostgreSQL can be killed and started again."""

    # One of them is on a small disk, two run side by side, and all are to start quickly after a crash.
    buffers = "64MB"

    def kill_postgres(self):
        """SIGKILL to every process of the cluster, again until none is left."""
        segment = self._segment()
        while processes := self._postgres_processes():
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.005)
        if segment:
            # What a killed server leaves in the kernel; its successor knows it only by the file that goes next.
            subprocess.run(["ipcrm", "-m", segment], capture_output=True, check=False)

    def start_postgres(self):
        """Starts it, as a service manager would; returns when it takes connections."""
        self._postgres("start")

    @property
    def postgres_runs(self):
        return bool(self._postgres_processes())

    def settings(self, *lines):
        """Changes settings of the server; those that need no restart are in force at once."""
        for line in lines:
            self.sql(f"ALTER SYSTEM SET {line}")
        self.sql("SELECT pg_reload_conf()")

    def preserve(self):
        """Keeps what there is for whoever looks for the reason, cluster and logs; gives the folder's name."""
        folder = self.directory.replace("postern-load-", "postern-evidence-", 1)
        with contextlib.suppress(Failure):
            self._postgres("halt")
        subprocess.run(["cp", "-a", self.directory, folder], check=True)
        # So that `.ci/postgres start FOLDER/pg` starts it where it is now.
        for name in ("postgresql.conf", "postgresql.auto.conf"):
            for path in glob.glob(f"{folder}/**/data/{name}", recursive=True):
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text.replace(self.directory, folder))
        return folder

    def _segment(self):
        """The System V segment's number: at the end of line 7 of the lock file."""
        with contextlib.suppress(OSError, IndexError):
            with open(os.path.join(self.cluster_directory, "data", "postmaster.pid"), encoding="utf-8") as file:
                return file.read().split("\n")[6].split()[-1]
        return None


class SmallDisk(Cluster):
    """The data directory is on a disk in memory with room for a gibibyte; needs the right to mount."""

    def __init__(self, executable):
        super().__init__(executable)
        self._disk = os.path.join(self.directory, "disk")
        self._ballast = os.path.join(self._disk, "ballast")
        os.mkdir(self._disk)
        self._is_mounted = False
        self.cluster_directory = os.path.join(self._disk, "pg")

    def __enter__(self):
        words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0755", "postern-load", self._disk]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise Failure(f"a disk of limited size cannot be mounted: {done.stderr.strip()}")
        self._is_mounted = True
        super().__enter__()
        self.settings(*SMALL_WAL)
        return self

    def __exit__(self, *_):
        self.end()
        with contextlib.suppress(Failure):
            self._postgres("stop")
        if self._is_mounted:
            subprocess.run(["umount", self._disk], check=False)
            self._is_mounted = False
        super().__exit__()

    def free_bytes(self):
        room = os.statvfs(self._disk)
        return room.f_bavail * room.f_frsize

    def fill(self):
        """Takes whatever room there is."""
        with open(self._ballast, "ab", buffering=0) as ballast:
            # Most of it at once; the rest block by block, because the disk itself knows its room only roughly.
            if (most := self.free_bytes() - (4 << 20)) > 0:
                with contextlib.suppress(OSError):
                    os.posix_fallocate(ballast.fileno(), os.fstat(ballast.fileno()).st_size, most)
            with contextlib.suppress(OSError):
                while ballast.write(bytes(65_536)):
                    pass

    def make_room(self):
        os.unlink(self._ballast)


class Pair(Cluster):
    """A primary and its synchronous standby; whoever connects finds the one that takes writes."""

    def __init__(self, executable):
        super().__init__(executable)
        self._standby = os.path.join(self.directory, "pg-2")

    def __enter__(self):
        super().__enter__()
        try:
            hosts = f"{self.cluster_directory},{self._standby}"
            self.cluster = f"host={hosts} port=5432,5432 user=postgres target_session_attrs=read-write"
            self._add_standby()
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        self.end()
        with contextlib.suppress(Failure):
            self._postgres("stop", self._standby)
        super().__exit__()

    def preserve(self):
        with contextlib.suppress(Failure):
            self._postgres("halt", self._standby)
        return super().preserve()

    def promote(self):
        """Makes the standby the primary; returns when it takes writes. The old one must be dead."""
        self.cluster_directory, self._standby = self._standby, self.cluster_directory
        self.sql("SELECT pg_promote(true, 60)", f"host={self.cluster_directory} user=postgres dbname=postgres")

    def replace_standby(self):
        """Throws the dead primary away and makes a new standby in its place; commits wait for it from then on."""
        self._postgres("stop", self._standby)
        self._add_standby()

    def _add_standby(self):
        primary, standby = self.cluster_directory, self._standby
        os.mkdir(standby)
        open(os.path.join(standby, ".postern-private-cluster"), "w", encoding="utf-8").close()
        if os.geteuid() == 0:
            shutil.chown(standby, "postgres")
        data = os.path.join(standby, "data")
        words = [f"{_binaries()}/pg_basebackup", "-h", primary, "-U", "postgres", "-D", data, "-R", "-c", "fast"]
        done = subprocess.run(_as_owner(words), cwd="/", capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise Failure(f"pg_basebackup: {done.stderr.strip()}")
        # Its own socket; and once it is promoted, it commits alone until it has a standby again.
        with open(os.path.join(data, "postgresql.auto.conf"), "a", encoding="utf-8") as file:
            file.write(f"unix_socket_directories = '{standby}'\nsynchronous_standby_names = ''\n")
        self._postgres("start", standby)
        self.settings("synchronous_standby_names = '*'")
        # From here on a commit is on both, and what was committed before as well.
        reached = self.sql("SELECT pg_current_wal_flush_lsn()").strip()
        query = f"SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND flush_lsn >= '{reached}'"
        eventually("the standby is synchronous", 60, lambda: self.sql(query).strip())

    def _postgres(self, command, directory=None):
        own, self.cluster_directory = self.cluster_directory, directory or self.cluster_directory
        try:
            return super()._postgres(command)
        finally:
            self.cluster_directory = own


def _binaries():
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if os.access(f"{folder}/pg_basebackup", os.X_OK):
            return folder
    raise Failure("no pg_basebackup found: install the PostgreSQL server (Debian: postgresql)")


def _as_owner(words):
    # PostgreSQL runs as another user when root starts it.
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words
