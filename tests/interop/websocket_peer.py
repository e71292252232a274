"""A WebSocket client in a page: enough of RFC 6455 to listen to the events of a real xivod, and to telephone with it."""

import base64
import json
import os
import re
import socket
import ssl
import struct
import threading

from sip_peer import Peer


class TlsLink:
    """A connection by TLS that one thread may read while another writes, which Python's own must not be."""

    def __init__(self, link):
        self.link = link
        self.lock = threading.Lock()
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = ssl._create_unverified_context().wrap_bio(self.incoming, self.outgoing)
        self._through(self.tls.do_handshake)

    def _through(self, step):
        """Takes the step as soon as what it needs has come."""
        while True:
            with self.lock:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    pass
                finally:
                    self._flush()
            data = self.link.recv(65536)
            with self.lock:
                self.incoming.write(data) if data else self.incoming.write_eof()

    def _flush(self):
        if self.outgoing.pending:
            self.link.sendall(self.outgoing.read())

    def recv(self, count):
        return self._through(lambda: self.tls.read(count))

    def sendall(self, data):
        with self.lock:
            self.tls.write(data)
            self._flush()

    def shutdown(self, how):
        self.link.shutdown(how)

    def close(self):
        self.link.close()


class WebSocket:
    def __init__(self, port, path, headers, timeout=20, secure=False):
        self.link = socket.create_connection(("127.0.0.1", port), timeout)
        if secure:
            self.link = TlsLink(self.link)
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
        self.head = head.decode()

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

    def send(self, payload, opcode=1):
        """One message, or a frame of another kind, masked as a client's are."""
        size = len(payload)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | size]) if size < 126 else (bytes([0x80 | 126]) + struct.pack(">H", size) if size < 65536 else
                                                         bytes([0x80 | 127]) + struct.pack(">Q", size))
        mask = os.urandom(4)
        repeated = mask * (size // 4 + 1)
        self.link.sendall(head + mask + bytes(a ^ b for a, b in zip(payload, repeated)))

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


class BrowserPhone(Peer):
    """A SIP phone in a page: names that lead nowhere, no Content-Length, one message a frame.        RFC 7118"""

    def __init__(self, xivo, account="", secret="", secure=False, binary=False):
        self.web = WebSocket(xivo.https if secure else xivo.http, "/ws",
                             {"Origin": "https://anywhere.example", "Sec-WebSocket-Protocol": "sip"}, secure=secure)
        assert "Sec-WebSocket-Protocol: sip" in self.web.head, self.web.head
        self.opcode = 2 if binary else 1
        self.account, self.secret = account, secret
        self.transport = "WSS" if secure else "WS"
        self.ip = "127.0.0.1"
        self.calls = {}
        self.register_status = 0
        self.answers = True
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        """As a browser whose page is left: no goodbye."""
        try:
            self.web.link.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(5)
        self.web.close()

    def _place(self):
        return "df7jal23ls0d.invalid"

    def _send(self, text):
        self.web.send(re.sub(r"Content-Length: .*\r\n", "", text).encode(), self.opcode)

    def _datagrams(self):
        while True:
            try:
                opcode, payload = self.web.frame()
            except (OSError, ConnectionError):
                break
            if opcode == 9:
                self.web.send(payload, 10)
            elif opcode == 8:
                break
            elif payload.strip():
                yield payload
        self.closed.set()
