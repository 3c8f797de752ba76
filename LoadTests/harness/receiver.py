"""A destination that notes which event came when, in a process of its own."""

import asyncio
import multiprocessing
import signal
import time

FLUSH_SECONDS = 0.1


class Receiver:
    """Answers 200 to each POST and writes a line `<webhook-id> <unix microseconds>` for it."""

    _context = multiprocessing.get_context("fork")

    def __init__(self, path):
        self.path = path
        ports = self._context.Queue()
        self._process = self._context.Process(target=_serve, args=(ports, path), daemon=True)
        self._process.start()
        self.url = f"http://127.0.0.1:{ports.get(timeout=10)}/hook"

    def arrivals(self):
        """All that came so far: (event id, unix seconds), in order."""
        with open(self.path, encoding="ascii") as file:
            lines = file.read().split("\n")
        # The last line may be half written.
        return [(words[0], int(words[1]) / 1e6) for words in (line.split() for line in lines[:-1])]

    def stop(self, limit=5):
        self._process.terminate()
        self._process.join(limit)
        return not self._process.is_alive()


class _Taker(asyncio.Protocol):
    """One connection of the consumer's; its requests have a Content-Length."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    def __init__(self, lines):
        self.lines = lines
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            fields = {}
            for line in self.buffer[:end].split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                fields[name.lower()] = value.strip()
            length = int(fields.get(b"content-length", 0))
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.lines.append(f"{fields[b'webhook-id'].decode()} {time.time_ns() // 1000}\n")
            self.transport.write(self.ANSWER)


def _serve(ports, path):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    async def work():
        lines = []
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Taker(lines), "127.0.0.1", 0, backlog=1024)
        with open(path, "a", encoding="ascii") as file:
            ports.put(server.sockets[0].getsockname()[1])
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                file.write("".join(lines))
                lines.clear()
                file.flush()

    asyncio.run(work())
