"""Starts a real xivod on free ports with a folder of its own, and real telephones to use it with."""

import http.client
import json
import math
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import wave

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("XIVO_BUILD", ROOT / "build" / "release"))
WAIT_S = 20


# The kernel takes none of these for itself (net.ipv4.ip_local_port_range), so that a port which was free stays so until its program
# has it.
PORTS = range(10000, 20000, 2)


def free_port():
    """A port of 127.0.0.1 that nobody has, neither for UDP nor for TCP; nor has anybody the next one, which baresip takes for TLS."""
    while True:
        port = random.choice(PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as next_tcp:
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
                next_tcp.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                continue


def needs(program, package):
    """Skips a test class on a machine that does not have the program, and says which package brings it."""
    found = shutil.which(program) or os.path.exists(f"/usr/sbin/{program}")
    return unittest.skipUnless(found, f"{program} is not installed (Debian package {package})")


def has_ipv6():
    """Whether this machine can talk to itself by IPv6."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
            udp.bind(("::1", 0))
            return True
    except OSError:
        return False


def wait_for(what, condition, seconds=WAIT_S, otherwise=lambda: ""):
    """Polls until condition() gives something true, and returns it; otherwise() is what a reader of the failure wants to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s\n{otherwise()}")


class Xivo:
    """One xivod with its example company."""

    def __init__(self, *options, rtp_ports=100, descriptors=0, ipv6=False, environment=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xivo-interop."))
        self.var = self.folder / "var"
        self.var.mkdir()
        self.sip = free_port()
        self.tls = free_port()
        self.http = free_port()
        self.https = free_port()
        first = 20000 + (os.getpid() * 97 + self.sip) % 300 * 100
        self.arguments = [str(BUILD / "src/app/xivod"), "--var", str(self.var), "--sip", f"127.0.0.1:{self.sip}",
                          "--sip-tls", f"127.0.0.1:{self.tls}",
                          "--http", f"127.0.0.1:{self.http}", "--https", f"127.0.0.1:{self.https}", "--rtp-ports", f"{first}-{first + rtp_ports - 1}", "--media-loops", "1",
                          *options]
        if ipv6:
            self.arguments += ["--sip", f"[::1]:{self.sip}"]
        self.environment = {**os.environ, **(environment or {})}
        self.descriptors = descriptors  # 0 = as many as this test has
        self.phones = {}
        self.password = ""
        self.token = ""
        self.start()

    def start(self):
        with open(self.folder / "out", "w") as output:
            self.process = subprocess.Popen(self.arguments, stdout=output, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL, preexec_fn=self._limit, env=self.environment)
        wait_for("xivod says that it is ready", self._ready)
        text = self.text()
        for number, account, secret in re.findall(r"^    (\d{3}) +(\S+) +([a-z0-9]{16}) ", text, re.M):
            self.phones[number] = {"account": account, "secret": secret}
        found = re.search(r"admin / (\S+)", text)
        if found:
            self.password = found.group(1)

    def _limit(self):
        if self.descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    def rest(self, method, path, body=None):
        """(status, answer) of a request by the administrator."""
        if not self.token and path != "/login":
            self.token = self.rest("POST", "/login", {"account": "admin", "password": self.password})[1]["token"]
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        link = http.client.HTTPConnection("127.0.0.1", self.http, timeout=WAIT_S)
        link.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return answer.status, json.loads(text) if text else None

    def add_trunk(self, ip):
        """Whoever calls from that address may call, as often as it likes."""
        status, answer = self.rest("POST", "/lines", {"name": "trunk" + ip.replace(".", "-"), "secret": "not-used-here-1",
                                                      "host": ip, "context": "default"})
        assert status == 201, answer

    def text(self):
        return (self.folder / "out").read_text()

    def _ready(self):
        assert self.process.poll() is None, "xivod ended:\n" + self.text()
        return "/ ready" in self.text()  # "already in use" is none

    def console(self, command):
        """What `asterisk -rx` prints."""
        done = subprocess.run([str(BUILD / "cli/asterisk"), "-s", str(self.var / "run" / "xivo.sock"), "-rx", command],
                              capture_output=True, text=True, timeout=WAIT_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def set_line(self, number, **fields):
        """Changes the line of the example company that has that number; its next call is by the new values."""
        lines = self.rest("GET", "/lines")[1]["items"]
        line = next(line for line in lines if line["name"] == number)
        self.rest("PATCH", f"/lines/{line['id']}", fields)

    def stop(self):
        """Ends it as Ctrl-C does; returns how long that took."""
        begin = time.monotonic()
        self.process.send_signal(2)
        self.process.wait(WAIT_S)
        return time.monotonic() - begin

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT_S)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(WAIT_S)
        shutil.rmtree(self.folder, ignore_errors=True)


# As baresip names them: module, what it offers, rate and channels of its sound.
CODECS = {"G711": ("g711.so", "PCMA,PCMU", 8000, 1), "PCMA": ("g711.so", "PCMA", 8000, 1), "PCMU": ("g711.so", "PCMU", 8000, 1),
          "G722": ("g722.so", "G722", 16000, 1), "opus": ("opus.so", "opus/48000/2", 48000, 2)}


class Baresip:
    """A real baresip that sends one tone and records what it hears, steered over its control socket."""

    def __init__(self, xivo, number, tone_hz, answer=True, transport="udp", proxy=None, codec="G711", mediaenc="",
                 ip="127.0.0.1", camera=False, medianat=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"baresip-{number}.", dir=xivo.folder))
        (self.folder / "rec").mkdir()
        self.control = free_port()
        self.xivo = xivo
        host = f"[{ip}]" if ":" in ip else ip
        self.registrar = f"{host}:{xivo.tls if transport == 'tls' else xivo.sip};transport={transport}"
        module, offered, rate, channels = CODECS[codec]
        write_tone(self.folder / "tone.wav", tone_hz, rate=rate, channels=channels)
        modules = ["account.so", "contact.so", module, "aufile.so", "sndfile.so", "menu.so", "ctrl_tcp.so", "srtp.so"]
        if camera:
            modules += ["vp8.so", "fakevideo.so"]
        if mediaenc.startswith("dtls"):
            modules.append("dtls_srtp.so")
        if medianat:
            modules.append(f"{medianat}.so")
        config = [f"module_path {module_path()}", "poll_method epoll", f"sip_listen {host}:{free_port()}",
                  "call_local_timeout 120", "call_max_calls 4", "audio_player aufile,/dev/null",
                  f"audio_source aufile,{self.folder}/tone.wav", "audio_alert aufile,/dev/null",
                  f"snd_path {self.folder}/rec", f"ctrl_tcp_listen 127.0.0.1:{self.control}",
                  "rtp_ports 30000-39999", f"net_interface {ip}", "rtp_timeout 0"]
        if ":" in ip:
            config.append("net_af ipv6")
        if mediaenc.startswith("dtls"):
            config.append("rtcp_mux yes")
        if camera:
            config += ["video_source fakevideo,nil", "video_display fakevideo,nil", "video_size 320x240", "video_fps 10"]
        config += [f"module {name}" for name in modules if name not in ("account.so", "menu.so", "contact.so", "ctrl_tcp.so")]
        config += [f"module_app {name}" for name in ("account.so", "contact.so", "menu.so", "ctrl_tcp.so")]
        (self.folder / "config").write_text("\n".join(config) + "\n")
        phone = xivo.phones[number]
        outbound = f'outbound="sip:127.0.0.1:{proxy};transport={transport};lr";' if proxy else ""
        (self.folder / "accounts").write_text(
            f"<sip:{phone['account']}@{self.registrar}>;auth_user={phone['account']};"
            f"auth_pass={phone['secret']};{outbound}answermode={'auto' if answer else 'manual'};regint=120;audio_codecs={offered}"
            f"{';mediaenc=' + mediaenc if mediaenc else ''}{';medianat=' + medianat if medianat else ''}\n")
        (self.folder / "contacts").write_text("")
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(["baresip", "-f", str(self.folder)], stdout=self.log, stderr=subprocess.STDOUT,
                                        stdin=subprocess.DEVNULL)
        wait_for("baresip registers", lambda: re.search(r"200 OK \(.*\) \[", self.text()), otherwise=self.text)

    def text(self):
        return (self.folder / "log").read_text(errors="replace")

    def command(self, command, params=""):
        message = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        with socket.create_connection(("127.0.0.1", self.control), 5) as link:
            link.sendall(str(len(message)).encode() + b":" + message + b",")
            link.settimeout(5)
            link.recv(4096)

    def dial(self, number):
        self.command("dial", f"sip:{number}@{self.registrar}")

    def hang_up(self):
        self.command("hangup")

    def heard(self):
        """Samples of the last recording of what it heard."""
        return self.recording()[0]

    def recording(self):
        """The same, and its rate."""
        files = sorted((self.folder / "rec").glob("*dec.wav"), key=lambda f: f.stat().st_mtime)
        return read_wav(files[-1]) if files else ([], 8000)

    def forget(self):
        """What it heard in earlier calls."""
        for file in (self.folder / "rec").glob("*.wav"):
            file.unlink()

    def hears(self, hz):
        """Whether most of what it heard in the last second is that tone."""
        samples, rate = self.recording()
        return len(samples) > rate and tone_share(samples, hz, rate) > 0.5

    def sees(self):
        """Whether a picture has been decoded."""
        return "receiving with resolution 320 x 240" in self.text()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.log.close()


def module_path():
    for folder in ("/usr/lib/baresip/modules", *map(str, pathlib.Path("/usr/lib").glob("*/baresip/modules"))):
        if os.path.isdir(folder):
            return folder
    raise AssertionError("baresip's modules are not installed")


def write_tone(path, hz, seconds=120, rate=8000, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        second = b"".join(channels * struct.pack("<h", int(8000 * math.sin(2 * math.pi * hz * i / rate))) for i in range(rate))
        out.writeframes(second * seconds)


def read_wav(path):
    """The first channel's samples, and their rate."""
    raw = pathlib.Path(path).read_bytes()  # still being written: its header has no sizes yet
    if len(raw) < 44:
        return [], 8000
    channels, rate = struct.unpack("<HI", raw[22:28])
    if channels == 0 or rate == 0:
        channels, rate = 1, 8000
    raw = raw[44:]
    raw = raw[:len(raw) // 2 * 2]
    return struct.unpack(f"<{len(raw) // 2}h", raw)[::channels], rate


def tone_share(samples, hz, rate=8000):
    """Which part of the sound's power lies at that frequency (Goertzel), 0..1, over the last second."""
    samples = samples[-rate:]
    total = sum(s * s for s in samples)
    if total == 0:
        return 0.0
    k = 2 * math.cos(2 * math.pi * hz / rate)
    a = b = 0.0
    for s in samples:
        a, b = s + k * a - b, a
    power = a * a + b * b - k * a * b
    return 2 * power / len(samples) / total
