"""The daemon as an administrator meets it: starting, stopping, and every refusal in one clear line."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from xivo_under_test import BUILD, Baresip, Xivo, free_port, wait_for


def run(*arguments):
    done = subprocess.run([str(BUILD / "src/app/xivod"), *map(str, arguments)], capture_output=True, text=True, timeout=20)
    return done.returncode, done.stderr.strip()


class RefusalTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xivo-daemon."))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def refused(self, code, words, *arguments):
        got, text = run(*arguments)
        self.assertEqual(got, code, text)
        self.assertEqual(len(text.splitlines()), 1, text)
        self.assertIn(words, text)

    def ports(self):
        return ["--sip", f"127.0.0.1:{free_port()}", "--http", f"127.0.0.1:{free_port()}"]

    def test_a_bad_option(self):
        self.refused(2, "--nonsense", "--nonsense")
        self.refused(2, "ADDRESS:PORT", "--sip", "here")

    def test_a_folder_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        self.refused(3, "file/var", "--var", self.folder / "file" / "var", *self.ports())

    def test_a_database_that_is_none(self):
        (self.folder / "config.db").write_text("this is no database" * 100)
        self.refused(4, "config.db", "--var", self.folder, *self.ports())

    def test_a_certificate_that_is_none(self):
        for name in ("pbx.pem", "pbx.key"):
            (self.folder / name).write_text("this is no certificate")
        self.refused(2, "pbx.pem", "--var", self.folder, *self.ports(), "--sip-tls", f"127.0.0.1:{free_port()}",
                     "--tls-certificate", self.folder / "pbx.pem", "--tls-key", self.folder / "pbx.key")

    def test_a_tls_port_that_is_taken(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.refused(5, str(port), "--var", self.folder, *self.ports(), "--sip-tls", f"127.0.0.1:{port}")

    def test_a_sip_port_that_is_taken(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            self.refused(5, str(port), "--var", self.folder, "--sip", f"127.0.0.1:{port}", *self.ports()[2:])

    def test_an_http_port_that_is_taken(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.refused(6, str(port), "--var", self.folder, *self.ports()[:2], "--http", f"127.0.0.1:{port}")


class LifeTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)

    def test_the_first_start_tells_the_secrets_and_the_second_does_not(self):
        self.assertEqual(sorted(self.xivo.phones), ["101", "102", "103"])
        self.assertGreaterEqual(len(self.xivo.password), 12)
        self.xivo.stop()
        self.xivo.start()
        self.assertNotIn("admin /", self.xivo.text())

    def test_ctrl_c_stops_within_two_seconds_even_in_a_call(self):
        alice = Baresip(self.xivo, "101", 440)
        self.addCleanup(alice.close)
        alice.dial("*55")
        wait_for("the call is up", lambda: "1 active call\n" in self.xivo.console("core show calls"))
        self.assertLess(self.xivo.stop(), 2.0)
        self.assertEqual(self.xivo.process.returncode, 0)
        wait_for("the phone was told", lambda: "BYE" in alice.text() or "closed" in alice.text())

    def test_registrations_survive_kill_9(self):
        bruno = Baresip(self.xivo, "102", 1000)
        alice = Baresip(self.xivo, "101", 440)
        self.addCleanup(bruno.close)
        self.addCleanup(alice.close)
        wait_for("both are written", lambda: self.xivo.console("sip show peers").count(" D ") == 3)
        import time
        time.sleep(0.5)  # the promise of the store: what was accepted is on disk within milliseconds
        self.xivo.kill()
        self.xivo.start()
        alice.dial("102")
        wait_for("bruno answers", lambda: "1 active call\n" in self.xivo.console("core show calls"))

    def test_hup_reads_the_certificates_anew_and_ends_nothing(self):
        self.xivo.process.send_signal(signal.SIGHUP)
        wait_for("it says so", lambda: "certificates are read anew" in self.xivo.text())
        self.assertIn("0 active calls", self.xivo.console("core show calls"))

    def test_the_key_that_it_makes_is_its_owners(self):
        for name in ("self-signed.key", "self-signed.pem"):
            self.assertEqual((self.xivo.var / "tls" / name).stat().st_mode & 0o777, 0o600)

    def test_junk_on_every_port_changes_nothing(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            for junk in (b"", b"\r\n\r\n", os.urandom(900), b"INVITE sip:x SIP/2.0\r\n", b"\x00" * 1400):
                udp.sendto(junk, ("127.0.0.1", self.xivo.sip))
        for port in (self.xivo.sip, self.xivo.tls, self.xivo.http):
            for junk in (os.urandom(400), b"INVITE sip:101@x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n", b"GET "):
                with socket.create_connection(("127.0.0.1", port), 5) as tcp:
                    tcp.sendall(junk)
        self.assertIn("0 active calls", self.xivo.console("core show calls"))
        alice = Baresip(self.xivo, "101", 440)
        self.addCleanup(alice.close)


if __name__ == "__main__":
    unittest.main(verbosity=2)
