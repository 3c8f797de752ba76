"""Many organizations and endpoints, made as the program makes them but in one go."""

import subprocess
import tempfile
import time
import uuid

from .installation import SECRET, Failure
from .sealing import Sealer

ENDPOINTS_EACH = 10
TIER = "enterprise"
# Counted and never reached.
LIMIT_PER_MINUTE = 100_000_000
# Which endpoint a number means, for whoever fills tables by numbers.
PLACES = """
CREATE TABLE public.load_places (
    place integer PRIMARY KEY, lane integer, org_id uuid, endpoint_id uuid, secret_id uuid)
"""


class Population:
    """The endpoints of a database, in organizations of ten; the lanes take turns."""

    def __init__(self, database, count):
        self.database = database
        self.count = count
        self.lanes = int(database.value("SELECT count(*) FROM postern.lanes"))
        limit = str(LIMIT_PER_MINUTE)
        database.command("limits", "set", TIER, "--requests-per-minute", limit, "--burst", limit)
        self._sealer = Sealer(database.installation)
        self._tables = {"organizations": [], "endpoints": [], "endpoint_secrets": [], "places": []}
        self.paths = []
        for place in range(count):
            self._add(place)
        self._copy()

    @property
    def organization(self):
        """The name of the first one."""
        return "tenant-0"

    def urls(self, port):
        """A file with all URLs, one a line."""
        with tempfile.NamedTemporaryFile(
            "w", dir=self.database.installation.directory, suffix="-urls", delete=False
        ) as file:
            file.writelines(f"http://127.0.0.1:{port}{path}\n" for path in self.paths)
        return file.name

    def _add(self, place):
        number = place // ENDPOINTS_EACH
        if place % ENDPOINTS_EACH == 0:
            self._organization = identifier()
            self._row("organizations", self._organization, f"tenant-{number}", TIER)
        endpoint, secret, lane = identifier(), identifier(), place % self.lanes
        key = f"load-{place:08}"
        self._row("endpoints", endpoint, self._organization, "github", key, f"endpoint-{place}", lane)
        sealed = "\\\\x" + self._sealer.seal(SECRET, endpoint).hex()
        self._row("endpoint_secrets", secret, self._organization, endpoint, sealed)
        self._row("places", place, lane, self._organization, endpoint, secret)
        self.paths.append(f"/webhooks/github/{key}")

    def _row(self, table, *values):
        self._tables[table].append("\t".join(map(str, values)))

    def _copy(self):
        columns = {
            "organizations": "postern.organizations (id, name, tier)",
            "endpoints": "postern.endpoints (id, org_id, platform, key, name, lane)",
            "endpoint_secrets": "postern.endpoint_secrets (id, org_id, endpoint_id, sealed)",
            "places": "public.load_places (place, lane, org_id, endpoint_id, secret_id)",
        }
        copies = [f"COPY {columns[table]} FROM STDIN;\n" + "\n".join(rows) for table, rows in self._tables.items()]
        script = f"{PLACES};\n" + "\n\\.\n".join(copies) + "\n\\.\nANALYZE;\n"
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.database.address],
            input=script,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"endpoints could not be made: {done.stderr.strip()[-500:]}")
        self._tables.clear()


def identifier():
    """A UUID of version 7 for this moment."""
    random = uuid.uuid4().int & ((1 << 74) - 1)
    milliseconds = time.time_ns() // 1_000_000
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | random >> 62 << 64 | 2 << 62 | random & ((1 << 62) - 1))
