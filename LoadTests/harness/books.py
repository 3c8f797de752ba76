"""Compares what was promised with what is stored: the ledger of acknowledged requests against the tables."""

import bisect
import json
import subprocess

from .installation import Failure

# The key of an event of GitHub's, read from the stored request itself and not through the program under test.
CARRIED = """
CREATE TEMP TABLE carried AS
    SELECT id, endpoint_id,
        substring(convert_from(headers, 'UTF8') FROM E'(?:^|\\n)x-github-delivery: ([^\\n]+)') AS key
    FROM postern.deliveries;
CREATE INDEX ON carried (endpoint_id, key);
ANALYZE carried;
"""
# Each gives how many rows break it.
PROCESSED_ONCE = {
    "keys without an event": """
        SELECT count(*) FROM (SELECT DISTINCT endpoint_id, key FROM carried) c
        WHERE NOT EXISTS (SELECT FROM only_once e WHERE (e.endpoint_id, e.key) = (c.endpoint_id, c.key))""",
    "keys with several events": "SELECT count(*) FROM only_once WHERE events > 1",
    "events of requests that nobody stored": """
        SELECT count(*) FROM postern.events e
        WHERE NOT EXISTS (
            SELECT FROM carried c WHERE (c.endpoint_id, c.key, c.id) = (e.endpoint_id, e.key, e.delivery_id))""",
    "events that no key of the ledger names as the first": """
        SELECT count(*) FROM postern.events e
        WHERE NOT EXISTS (
            SELECT FROM postern.event_keys k
            WHERE (k.lane, k.org_id, k.delivery_id) = (e.lane, e.org_id, e.delivery_id))""",
    "keys of the ledger without their event": """
        SELECT abs((SELECT count(*) FROM postern.event_keys) - (SELECT count(*) FROM postern.events))""",
}


class Ledger:
    """The generator's file of acknowledged requests, read as it grows."""

    def __init__(self, path):
        self.path = path
        self._offset = 0
        # How many of them have been looked up.
        self.checked = 0
        self.identifiers = []
        self.keys = []
        # Unix seconds of the answers, as they were written: in order but for the width of a flush.
        self.times = []

    def read(self):
        """Takes in what was written meanwhile; gives how many requests there are."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return 0
        # The last line may be half written.
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.decode("ascii").splitlines():
            identifier, key, moment = line.split()
            self.identifiers.append(identifier)
            self.keys.append(key)
            self.times.append(int(moment) / 1e6)
        return len(self.times)

    def first_after(self, moment):
        """The time of the first answer after a time; nothing if there is none yet."""
        self.read()
        # Far enough back that the disorder of a flush does not matter.
        start = max(0, bisect.bisect_left(self.times, moment - 1) - 1000)
        return min((time for time in self.times[start:] if time >= moment), default=None)

    def since(self, moment):
        """How many answers there were after a time."""
        self.read()
        start = max(0, bisect.bisect_left(self.times, moment - 1) - 1000)
        return sum(time >= moment for time in self.times[start:])


class Books:
    """What can be proven from the tables of a database."""

    def __init__(self, database):
        self._database = database

    def missing(self, identifiers):
        """Those of the deliveries with these ids that are not in the log."""
        if not identifiers:
            return []
        return self._script(
            "CREATE TEMP TABLE acknowledged (id uuid NOT NULL);\n"
            + _copy("acknowledged", identifiers)
            + "SELECT id FROM acknowledged a WHERE NOT EXISTS (SELECT FROM postern.deliveries d WHERE d.id = a.id);\n"
        ).split()

    def balance(self):
        """What `postern verify` says."""
        done = subprocess.run(
            [self._database.installation.executable, "verify", "--json", "--limit", "20"],
            env=self._database.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        # 1 is its verdict; with an error it prints no book.
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failure(f"postern verify: exit {done.returncode}: {done.stderr.strip()[-500:]}") from None

    def processed_once(self):
        """By each rule, how many rows break it; when consumers have read everything."""
        script = [CARRIED, "CREATE TEMP TABLE only_once AS SELECT endpoint_id, key, count(*) AS events\n"]
        script.append("FROM postern.events GROUP BY 1, 2;\nCREATE INDEX ON only_once (endpoint_id, key);\n")
        script += [f"{query};\n" for query in PROCESSED_ONCE.values()]
        counts = self._script("".join(script)).split()
        return dict(zip(PROCESSED_ONCE, map(int, counts), strict=True))

    def without_event(self, keys):
        """How many of these event keys became no event."""
        return self._unmatched(keys, "text", "SELECT FROM postern.events e WHERE e.key = a.value")

    def unknown_events(self, identifiers):
        """How many of these event ids are not in the table of events."""
        return self._unmatched(identifiers, "uuid", "SELECT FROM postern.events e WHERE e.id = a.value")

    def undelivered(self, identifiers):
        """How many stored events are not among these ids."""
        script = "CREATE TEMP TABLE arrived (value uuid NOT NULL);\n" + _copy("arrived", identifiers)
        query = "SELECT count(*) FROM postern.events e WHERE NOT EXISTS (SELECT FROM arrived a WHERE a.value = e.id)"
        return int(self._script(f"{script}{query};\n"))

    def unsettled(self):
        """Deliveries that no consumer has read, events that destinations have not had, and what waits for a retry."""
        return int(
            self._database.value(
                """
                SELECT (SELECT count(*) FROM postern.deliveries)
                    - (SELECT coalesce(sum(consumed), 0) FROM postern.cursors)::bigint
                    - (SELECT coalesce(sum(consumed), 0) FROM postern.writers)::bigint
                    + (SELECT coalesce(sum(l.event_number - c.number), 0)::bigint
                       FROM postern.destination_cursors c JOIN postern.lanes l USING (lane)
                       WHERE EXISTS (SELECT FROM postern.endpoints e WHERE (e.lane, e.org_id) = (c.lane, c.org_id)))
                    + (SELECT count(*) FROM postern.webhook_retry_queue)
                """
            )
        )

    def progress(self):
        """How far each destination has come in the lane of its own events."""
        rows = self._database.value(
            "SELECT c.lane, c.destination_id, c.number FROM postern.destination_cursors c"
            " JOIN postern.endpoints e ON (e.lane, e.org_id) = (c.lane, c.org_id)"
        )
        return {tuple(row.split("|")[:2]): int(row.split("|")[2]) for row in rows.splitlines()}

    def _unmatched(self, values, kind, match):
        script = f"CREATE TEMP TABLE a (value {kind} NOT NULL);\n" + _copy("a", set(values))
        return int(self._script(script + f"SELECT count(*) FROM a WHERE NOT EXISTS ({match});\n"))

    def _script(self, script):
        """Runs statements in one session as superuser and gives their rows as text."""
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self._database.address],
            # Nobody has counted the tables yet, and a planner that takes them for empty compares each row with each.
            input="SET enable_nestloop = off;\n" + script,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()[-500:]}")
        return done.stdout


def _copy(table, values):
    return f"COPY {table} FROM STDIN;\n" + "\n".join(values) + "\n\\.\n"
