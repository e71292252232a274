"""Nothing that one peer or server does to its connection makes another wait: half messages, half handshakes, peers that
never read, a DNS that never answers, peers that are dead."""

import json
import socket
import ssl
import time
import unittest
import urllib.request

from xivo_under_test import Baresip, Xivo, wait_for

PROMPT_S = 1.0


def options(transport, port, call, padding=0):
    lines = ["OPTIONS sip:xivo@127.0.0.1 SIP/2.0", f"Via: SIP/2.0/{transport} 127.0.0.1:{port};branch=z9hG4bK{call};rport",
             "Max-Forwards: 70", "From: <sip:t@127.0.0.1>;tag=1", "To: <sip:xivo@127.0.0.1>", f"Call-ID: {call}",
             "CSeq: 1 OPTIONS", f"X-Padding: {'x' * padding}", "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode()


class TransportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # reads nothing, answers nothing
        cls.silent.bind(("127.0.0.1", 0))
        cls.xivo = Xivo("--dns", f"127.0.0.1:{cls.silent.getsockname()[1]}")
        cls.count = 0

    @classmethod
    def tearDownClass(cls):
        cls.xivo.close()
        cls.silent.close()

    def rest(self, method, path, body, token=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.xivo.http}/api/v1{path}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json",
                                          **({"Authorization": f"Bearer {token}"} if token else {})}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def line_at(self, number, host):
        token = self.rest("POST", "/login", {"account": "admin", "password": self.xivo.password})["token"]
        line = self.rest("POST", "/lines", {"name": f"peer-{number}", "host": host, "context": "default"}, token)
        self.rest("POST", "/extensions", {"exten": number, "context": "default",
                                          "destination": {"type": "line", "line": line["id"]}}, token)

    def phone(self, *arguments, **more):
        made = Baresip(self.xivo, *arguments, **more)
        self.addCleanup(made.close)
        return made

    def plain(self):
        made = socket.create_connection(("127.0.0.1", self.xivo.sip), 5)
        self.addCleanup(made.close)
        return made

    def secure(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        made = context.wrap_socket(socket.create_connection(("127.0.0.1", self.xivo.tls), 5))
        self.addCleanup(made.close)
        return made

    def expect_prompt_answers(self, times=5):
        """Somebody else asks and is answered well within a second, each time."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.settimeout(PROMPT_S)
            other.bind(("127.0.0.1", 0))
            for _ in range(times):
                type(self).count += 1
                begin = time.monotonic()
                other.sendto(options("UDP", other.getsockname()[1], f"c{self.count}"), ("127.0.0.1", self.xivo.sip))
                self.assertIn(b"SIP/2.0 200", other.recv(65536))
                self.assertLess(time.monotonic() - begin, PROMPT_S)

    def test_half_messages_and_half_handshakes(self):
        halves = [self.plain() for _ in range(20)] + [self.secure() for _ in range(20)]
        for number, half in enumerate(halves):
            half.sendall(options("TCP", 5060, f"half{number}")[:60])
        for _ in range(20):
            raw = socket.create_connection(("127.0.0.1", self.xivo.tls), 5)
            self.addCleanup(raw.close)
            raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01")
        self.expect_prompt_answers()
        whole = self.secure()
        begin = time.monotonic()
        whole.sendall(options("TLS", 5061, "whole"))
        self.assertIn(b"SIP/2.0 200", whole.recv(65536))
        self.assertLess(time.monotonic() - begin, PROMPT_S)

    def stuff(self, peer, transport):
        """Asks without ever reading an answer, until the server has had enough of it."""
        peer.settimeout(0.2)
        quiet = 0
        for number in range(20_000):
            try:
                peer.sendall(options(transport, 5060, f"{transport}{number}", 900))
                quiet = 0
            except TimeoutError:
                quiet += 1
                if quiet > 2:
                    return
            except (OSError, ssl.SSLError):
                return
            if number % 2_000 == 0:
                self.expect_prompt_answers(1)

    def test_a_peer_over_tcp_that_never_reads(self):
        self.stuff(self.plain(), "TCP")
        self.expect_prompt_answers()

    def test_a_peer_over_tls_that_never_reads(self):
        self.stuff(self.secure(), "TLS")
        self.expect_prompt_answers()

    def test_a_dns_that_never_answers(self):
        self.line_at("150", "pbx.slow.example")
        alice = self.phone("101", 440)
        carol = self.phone("103", 1600)
        alice.dial("150")
        wait_for("the name is looked for", lambda: "1 active call\n" in self.xivo.console("core show calls"))
        self.expect_prompt_answers()
        carol.dial("*55")
        wait_for("carol's call is answered beside it", lambda: "Up" in self.xivo.console("core show channels"), 3)
        wait_for("alice is told", lambda: "502" in alice.text(), 15)
        carol.hang_up()
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))
        self.assertRegex(self.trace_of_last("150"), r"pbx\.slow\.example[\s|]+cannot be found")

    def trace_of_last(self, dialled):
        def lines():
            return [line for line in self.xivo.console("calls last 5").splitlines() if dialled in line]

        wait_for("the call is on record", lines)
        return self.xivo.console(f"trace {lines()[0].split()[-1]}")

    def test_a_peer_that_is_dead(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dead:
            dead.bind(("127.0.0.1", 0))
            self.line_at("151", f"127.0.0.1:{dead.getsockname()[1]}")
            bruno = self.phone("102", 1000)
            bruno.dial("151")
            wait_for("the peer is called", lambda: "1 active call\n" in self.xivo.console("core show calls"))
            self.expect_prompt_answers()
            bruno.hang_up()
            wait_for("the call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"), 40)


if __name__ == "__main__":
    unittest.main(verbosity=2)
