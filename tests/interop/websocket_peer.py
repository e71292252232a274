"""A WebSocket client in a page: enough of RFC 6455 to listen to the events of a real xivod."""

import base64
import json
import os
import socket
import struct


class WebSocket:
    def __init__(self, port, path, headers, timeout=20):
        self.link = socket.create_connection(("127.0.0.1", port), timeout)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", *(f"{k}: {v}" for k, v in headers.items())]
        self.link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.bytes = b""
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._some()
        head, self.bytes = head.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])

    def _some(self):
        got = self.link.recv(65536)
        if not got:
            raise ConnectionError("the connection was closed")
        return got

    def _take(self, count):
        while len(self.bytes) < count:
            self.bytes += self._some()
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def frame(self):
        """(opcode, payload) of the next frame."""
        first, size = self._take(2)
        if size == 126:
            size = struct.unpack(">H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._take(8))[0]
        return first & 15, self._take(size)

    def message(self):
        """The next message as JSON; pings are passed over."""
        while True:
            opcode, payload = self.frame()
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise ConnectionError(payload[2:].decode())

    def until(self, wanted):
        """Every message up to the first for which wanted(message) is true."""
        seen = []
        while not seen or not wanted(seen[-1]):
            seen.append(self.message())
        return seen

    def close(self):
        self.link.close()
