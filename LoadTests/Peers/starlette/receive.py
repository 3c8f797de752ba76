"""The webhook gateway a team would write in Python: Starlette on granian, asyncpg, one table.

It proves GitHub's signature over the exact body, commits the delivery by one INSERT, and only then answers 200.

PEER_DATABASE  conninfo of PostgreSQL
PEER_PATH      path of the one endpoint
PEER_SECRET    its secret
"""

import contextlib
import hmac
import logging
import os
import time

import asyncpg
from asyncpg.pgproto.pgproto import UUID
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

SECRET = os.environ["PEER_SECRET"].encode()
BODY_LIMIT = 1 << 20
# In each of two workers; 2 and 4 were slower, 16 no faster.
POOL_SIZE = 8
LOGGER = logging.getLogger("peer")
ORGANIZATION = UUID("01920000-0000-7000-8000-000000000001")
ENDPOINT = UUID("01920000-0000-7000-8000-000000000002")
INSERT = "INSERT INTO deliveries (id, org_id, endpoint_id, platform, headers, body) VALUES ($1, $2, $3, $4, $5, $6)"

pool: asyncpg.Pool


class Connection(asyncpg.Connection):
    """A connection that is not cleaned when it goes back to the pool: nobody sets anything on it."""

    def get_reset_query(self):
        return ""


def identifier() -> UUID:
    """A UUID of version 7: milliseconds since 1970, then random bits."""
    bits = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    bits[6] = bits[6] & 0x0F | 0x70
    bits[8] = bits[8] & 0x3F | 0x80
    return UUID(bytes(bits))


async def receive(request):
    headers = request.scope["headers"]
    fields = dict(headers)
    if int(fields.get(b"content-length", 0)) > BODY_LIMIT:
        return Response(status_code=413)
    body = await request.body()
    expected = b"sha256=" + hmac.digest(SECRET, body, "sha256").hex().encode()
    if not hmac.compare_digest(expected, fields.get(b"x-hub-signature-256", b"")):
        return Response(status_code=401)
    lines = b"".join([name + b": " + value + b"\n" for name, value in headers])
    try:
        await pool.execute(INSERT, identifier(), ORGANIZATION, ENDPOINT, "github", lines, body)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        LOGGER.error("%s", failure)
        return Response(status_code=503, headers={"Retry-After": "1"})
    return Response()


@contextlib.asynccontextmanager
async def lifespan(_):
    global pool
    options = dict(word.split("=", 1) for word in os.environ["PEER_DATABASE"].split())
    options["database"] = options.pop("dbname")
    pool = await asyncpg.create_pool(
        **options,
        min_size=POOL_SIZE,
        max_size=POOL_SIZE,
        connection_class=Connection,
        max_inactive_connection_lifetime=0,
    )
    try:
        yield
    finally:
        pool.terminate()


app = Starlette(routes=[Route(os.environ["PEER_PATH"], receive, methods=["POST"])], lifespan=lifespan)
