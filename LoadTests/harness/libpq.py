"""A session with PostgreSQL that sends prepared statements and counts what comes back, by the library `psql` uses.

Rows are taken in binary form and thrown away: whoever measures what statements cost must not measure Python.
"""

import ctypes

from .installation import Failure

COMMAND_OK, TUPLES_OK, PIPELINE_SYNC = 1, 2, 10  # ExecStatusType
BINARY = 1


def _library():
    library = ctypes.CDLL("libpq.so.5")
    for name in ("PQconnectdb", "PQexec", "PQprepare", "PQexecPrepared", "PQgetResult"):
        getattr(library, name).restype = ctypes.c_void_p
    for name in ("PQerrorMessage", "PQresultErrorMessage", "PQcmdTuples"):
        getattr(library, name).restype = ctypes.c_char_p
    return library


class Session:
    """One connection; of the thread that uses it."""

    def __init__(self, address, settings, statements):
        self._library = _library()
        options = f"{address} options='{settings}'"
        self._connection = ctypes.c_void_p(self._library.PQconnectdb(options.encode()))
        if self._library.PQstatus(self._connection) != 0:
            raise Failure(self._library.PQerrorMessage(self._connection).decode().strip())
        for name, text in statements.items():
            self._count(self._library.PQprepare(self._connection, name.encode(), text.encode(), 0, None))

    def close(self):
        self._library.PQfinish(self._connection)

    def run(self, text):
        """Runs a statement without parameters."""
        return self._count(self._library.PQexec(self._connection, text.encode()))

    def execute(self, name, values):
        """Runs a prepared statement; how many rows it gave or changed."""
        sent = self._library.PQexecPrepared(self._connection, *_arguments(name, values))
        return self._count(sent)

    def pipeline(self, calls):
        """Runs prepared statements (name, values) in one round trip; how many rows each gave or changed."""
        library, connection = self._library, self._connection
        library.PQenterPipelineMode(connection)
        for name, values in calls:
            if library.PQsendQueryPrepared(connection, *_arguments(name, values)) != 1:
                raise Failure(library.PQerrorMessage(connection).decode().strip())
        library.PQpipelineSync(connection)
        counts = []
        for _ in calls:
            counts.append(self._count(library.PQgetResult(connection)))
            # Each statement's results end with a null.
            library.PQgetResult(connection)
        self._count(library.PQgetResult(connection))
        library.PQexitPipelineMode(connection)
        return counts

    def _count(self, address):
        result = ctypes.c_void_p(address)
        status = self._library.PQresultStatus(result)
        try:
            if status == TUPLES_OK or status == COMMAND_OK:
                return int(self._library.PQcmdTuples(result) or 0)
            if status == PIPELINE_SYNC:
                return 0
            raise Failure(self._library.PQresultErrorMessage(result).decode().strip() or f"status {status}")
        finally:
            self._library.PQclear(result)


def _arguments(name, values):
    texts = (ctypes.c_char_p * len(values))(*(str(value).encode() for value in values))
    return name.encode(), len(values), texts, None, None, BINARY
