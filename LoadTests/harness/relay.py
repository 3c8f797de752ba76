"""A relay between the gateway and PostgreSQL whose connections can be cut, in a process of its own."""

import asyncio
import contextlib
import multiprocessing
import signal
import socket
import struct

from .installation import Failure

# Closing sends RST and drops what is unsent.
RESET = struct.pack("ii", 1, 0)


class Relay:
    """Takes TCP connections and passes them on to a unix socket; a context manager."""

    _context = multiprocessing.get_context("fork")

    def __init__(self, path):
        self._commands, far = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(far, path), daemon=True)
        self._process.start()
        far.close()
        self.port = self._answer()

    def cut(self):
        """Resets every connection and refuses new ones."""
        self._tell("cut")

    def silence(self):
        """Lets nothing more through and says so to nobody, as a firewall that forgot its connections."""
        self._tell("silence")

    def restore(self):
        """Takes new connections; those that were silent are reset: what they had under way is gone."""
        self._tell("restore")

    def stop(self, limit=5):
        self._process.terminate()
        self._process.join(limit)
        return not self._process.is_alive()

    def _tell(self, command):
        self._commands.send(command)
        self._answer()

    def _answer(self):
        if not self._commands.poll(10):
            raise Failure("the relay does not answer")
        return self._commands.recv()


class _Switch:
    """The relay's inside: the listener and the connections through it."""

    def __init__(self, path):
        self.path = path
        self.port = 0
        self.listener = None
        self.open = set()
        self.passes = asyncio.Event()

    async def listen(self):
        self.passes.set()
        self.listener = await asyncio.start_server(self.take, "127.0.0.1", self.port)
        self.port = self.listener.sockets[0].getsockname()[1]

    async def take(self, reader, writer):
        self.open.add(writer)
        far = None
        try:
            far_reader, far = await asyncio.open_unix_connection(self.path)
            self.open.add(far)
            await asyncio.gather(self.pump(reader, far), self.pump(far_reader, writer))
        except OSError:
            # Either end is gone: so is the other one.
            pass
        finally:
            self.drop([end for end in (writer, far) if end])

    async def pump(self, reader, writer):
        while data := await reader.read(65_536):
            await self.passes.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError

    def drop(self, ends):
        for end in ends:
            self.open.discard(end)
            # A unix socket knows no RST; it is closed all the same.
            with contextlib.suppress(OSError):
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.transport.abort()

    async def obey(self, command):
        if command == "silence":
            self.passes.clear()
            return
        if self.listener:
            self.listener.close()
            self.listener = None
        # What waits to be passed on must not get through after all.
        self.drop(list(self.open))
        if command == "restore":
            await self.listen()


def _serve(commands, path):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    async def work():
        switch = _Switch(path)
        await switch.listen()
        commands.send(switch.port)
        arrived = asyncio.Event()
        asyncio.get_running_loop().add_reader(commands.fileno(), arrived.set)
        while True:
            await arrived.wait()
            arrived.clear()
            while commands.poll():
                await switch.obey(commands.recv())
                commands.send(switch.port)

    with contextlib.suppress(EOFError):
        asyncio.run(work())
