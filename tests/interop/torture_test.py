"""The torture messages of RFC 4475 and RFC 5118 over real sockets: the daemon lives, and serves others after each of them."""

import socket
import unittest

from xivo_under_test import ROOT, Xivo

WAIT_S = 5


def messages():
    for folder in ("rfc4475", "rfc5118"):
        for file in sorted((ROOT / "tests" / "corpus" / folder).glob("*.sip")):
            yield file.name, file.read_bytes()


def options(transport, port, number):
    return (f"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.1:{port};branch=z9hG4bKalive{number};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag=t{number}\r\nTo: <sip:127.0.0.1>\r\nCall-ID: alive{number}\r\n"
            f"CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode()


class TortureTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.xivo = Xivo()

    @classmethod
    def tearDownClass(cls):
        cls.xivo.close()

    def assert_alive(self, name, number):
        self.assertIsNone(self.xivo.process.poll(), f"{name}: xivod ended:\n{self.xivo.text()}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            udp.settimeout(WAIT_S)
            udp.sendto(options("UDP", udp.getsockname()[1], number), ("127.0.0.1", self.xivo.sip))
            self.assertTrue(udp.recv(65536).startswith(b"SIP/2.0 200"), name)
        with socket.create_connection(("127.0.0.1", self.xivo.sip), WAIT_S) as tcp:
            tcp.sendall(options("TCP", tcp.getsockname()[1], f"{number}t"))
            self.assertTrue(tcp.recv(65536).startswith(b"SIP/2.0 200"), name)

    def test_udp(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            for number, (name, message) in enumerate(messages()):
                udp.sendto(message, ("127.0.0.1", self.xivo.sip))
                self.assert_alive(name, f"u{number}")

    def test_tcp(self):
        for number, (name, message) in enumerate(messages()):
            with socket.create_connection(("127.0.0.1", self.xivo.sip), WAIT_S) as tcp:
                tcp.sendall(message)
                tcp.shutdown(socket.SHUT_WR)
                self.assert_alive(name, f"t{number}")


if __name__ == "__main__":
    unittest.main()
