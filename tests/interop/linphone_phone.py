"""Linphone's telephone for terminals as a process: it plays one tone from a file and records what it hears."""

import os
import pathlib
import pty
import re
import subprocess
import tempfile
import threading

from xivo_under_test import free_port, read_wav, wait_for, write_tone


class Linphone:
    """A real linphonec with a home of its own, steered by the commands that a person would type."""

    def __init__(self, xivo, number, tone_hz, proxy=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"linphone-{number}.", dir=xivo.folder))
        self.xivo = xivo
        (self.folder / ".local/share/linphone").mkdir(parents=True)  # without its database it takes no calls
        write_tone(self.folder / "tone.wav", tone_hz)
        phone = xivo.phones[number]
        route = f"sip:127.0.0.1:{proxy or xivo.sip}"
        (self.folder / "rc").write_text("\n".join([
            "[sip]", "sip_port=0", "sip_tcp_port=0", "sip_tls_port=0", "guess_hostname=0", "use_ipv6=0",
            "register_only_when_network_is_up=0", "media_encryption=none", "[net]",
            "mtu=1300", "[rtp]", f"audio_rtp_port={free_port()}", "[sound]", "echocancellation=0", ""]))
        # It looks at the network only while it waits for a key, and a key comes from a terminal.
        self.terminal, inside = pty.openpty()
        self.screen = b""
        self.process = subprocess.Popen(
            ["linphonec", "-c", str(self.folder / "rc"), "-d", "6", "-l", str(self.folder / "log")], stdin=inside,
            stdout=inside, stderr=inside, cwd=self.folder, start_new_session=True,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"], "LANG": "C", "TERM": "dumb", "COLUMNS": "500"})
        os.close(inside)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.type(f"ports sip {free_port()}")
        self.type("soundcard use files")
        self.type(f"record {self.folder}/heard.wav")
        self.type(f"play {self.folder}/tone.wav")
        self.type(f"register sip:{phone['account']}@127.0.0.1:{xivo.sip} {route} {phone['secret']}")
        try:
            wait_for("linphonec registers", lambda: re.search(rf"(?m)^{number} +127\.0\.0\.1 ", xivo.console("sip show peers")))
        except AssertionError:
            self.close()
            raise

    def _read(self):
        while True:
            try:
                got = os.read(self.terminal, 4096)
            except OSError:  # it has gone
                return
            if not got:
                return
            self.screen += got

    def text(self):
        """What its screen has shown."""
        return self.screen.decode(errors="replace")

    def type(self, line):
        os.write(self.terminal, (line + "\n").encode())

    def dial(self, number):
        self.type(f"call sip:{number}@127.0.0.1:{self.xivo.sip}")

    def answer(self):
        wait_for("linphonec rings", lambda: "Receiving new incoming call" in self.text())
        self.type("answer")

    def hang_up(self):
        self.type("terminate")

    def heard(self):
        file = self.folder / "heard.wav"
        return read_wav(file)[0] if file.exists() and file.stat().st_size > 44 else []

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.reader.join(5)
        os.close(self.terminal)
