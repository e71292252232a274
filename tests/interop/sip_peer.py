"""A SIP peer of a few lines: many calls at once from one address, each message visible to the test."""

import hashlib
import re
import socket
import threading
import time
import uuid

from xivo_under_test import wait_for


class Call:
    """One call as this peer sees it."""

    def __init__(self, number, call_id, incoming=False):
        self.number = number
        self.call_id = call_id
        self.incoming = incoming
        self.status = 0  # of the last response that was no 100
        self.answer = {}  # its header fields, lower case
        self.to = ""
        self.remote = ""
        self.began = time.monotonic()
        self.answered_after = None
        self.byes = 0
        self.cancelled = False
        self.tag = uuid.uuid4().hex[:8]
        self.cseq = 1


class Peer:
    """Listens on a UDP port of its own, or holds one connection; answers what calls it, and counts."""

    def __init__(self, xivo, ip="127.0.0.1", account="", secret="", tcp=False):
        self.server = ("127.0.0.1", xivo.sip)
        self.account, self.secret = account, secret
        self.transport = "TCP" if tcp else "UDP"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((ip, 0))
        if tcp:
            self.socket.connect(self.server)
        self.ip, self.port = self.socket.getsockname()
        self.calls = {}
        self.register_status = 0
        self.answers = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        if self.socket.fileno() < 0:
            return
        if self.transport == "TCP":
            self.socket.shutdown(socket.SHUT_RDWR)
        else:
            self.socket.sendto(b"stop", (self.ip, self.port))
        self.thread.join(5)
        self.socket.close()

    # ---- what a test does

    def register(self, expires=600):
        self.register_id = uuid.uuid4().hex
        self.register_expires = expires
        self.register_status = 0
        self._send_register("", 1)
        wait_for(f"{self.account} is registered", lambda: self.register_status >= 200)
        return self.register_status

    def invite(self, number):
        call = Call(number, uuid.uuid4().hex + "@peer")
        self.calls[call.call_id] = call
        self._send_invite(call, "")
        return call

    def call(self, number, seconds=10):
        """The finished set-up of one call."""
        call = self.invite(number)
        wait_for(f"a final answer for {number}", lambda: call.status >= 200, seconds)
        return call

    def hang_up(self, call):
        call.cseq += 1
        self._send(self._request("BYE", call, f"sip:{call.number}@127.0.0.1", call.to))

    def change(self, call):
        """Asks the caller of an incoming call for the same sound again."""
        call.number = "change"
        call.cseq += 1
        call.invite = self._request("INVITE", call, "sip:change@127.0.0.1", call.remote, body=self._sdp())
        self._send(call.invite)

    def ask(self, method="OPTIONS", seconds=5):
        """One request outside any dialog; how long its answer took."""
        call = self._plain(method)
        wait_for(f"an answer to {method}", lambda: call.status >= 200, seconds)
        return call.answered_after

    # ---- messages

    def _plain(self, method):
        call = Call("", uuid.uuid4().hex + "@peer")
        self.calls[call.call_id] = call
        self._send(self._request(method, call, "sip:127.0.0.1", "<sip:127.0.0.1>"))
        return call

    def _request(self, method, call, uri, to, lines=(), body=""):
        branch = uuid.uuid4().hex[:16]
        head = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/{self.transport} {self._place()};branch=z9hG4bK{branch};rport",
                "Max-Forwards: 70", f"From: <sip:{self.account or 'peer'}@{self.ip}>;tag={call.tag}", f"To: {to}",
                f"Call-ID: {call.call_id}", f"CSeq: {call.cseq} {method}",
                self._contact(), *lines]
        if body:
            head.append("Content-Type: application/sdp")
        return "\r\n".join([*head, f"Content-Length: {len(body)}", "", body])

    def _place(self):
        return f"{self.ip}:{self.port}"

    def _contact(self):
        transport = {"UDP": "", "TCP": ";transport=tcp"}.get(self.transport, ";transport=ws")
        return f"Contact: <sip:{self.account or 'peer'}@{self._place()}{transport}>"

    def _sdp(self):
        return (f"v=0\r\no=- 1 1 IN IP4 {self.ip}\r\ns=-\r\nc=IN IP4 {self.ip}\r\nt=0 0\r\n"
                f"m=audio 9 RTP/AVP 8 0\r\n")

    def _send(self, text):
        if self.transport == "TCP":
            self.socket.sendall(text.encode())
        else:
            self.socket.sendto(text.encode(), self.server)

    def _send_invite(self, call, authorization):
        to = f"<sip:{call.number}@127.0.0.1>"
        lines = [authorization] if authorization else []
        call.invite = self._request("INVITE", call, f"sip:{call.number}@127.0.0.1", to, lines, self._sdp())
        self._send(call.invite)

    def _send_register(self, authorization, cseq):
        call = Call("", self.register_id)
        call.cseq = cseq
        lines = [f"Expires: {self.register_expires}"] + ([authorization] if authorization else [])
        self._send(self._request("REGISTER", call, "sip:127.0.0.1", f"<sip:{self.account}@127.0.0.1>", lines))

    def _authorization(self, challenge, method, uri):
        realm, nonce = (re.search(rf'{key}="([^"]*)"', challenge).group(1) for key in ("realm", "nonce"))
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        nc = "00000001"
        answer = md5(f"{md5(f'{self.account}:{realm}:{self.secret}')}:{nonce}:{nc}:c:auth:{md5(f'{method}:{uri}')}")
        return (f'Authorization: Digest username="{self.account}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
                f'qop=auth, nc={nc}, cnonce="c", response="{answer}", algorithm=MD5')

    # ---- the receiving thread

    def _datagrams(self):
        while True:
            data, source = self.socket.recvfrom(65536)
            if source == (self.ip, self.port):
                return
            yield data

    def _stream(self):
        buffer = b""
        while True:
            head, end, rest = buffer.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            if end and length and len(rest) >= int(length.group(1)):
                size = int(length.group(1))
                yield head + end + rest[:size]
                buffer = rest[size:].lstrip(b"\r\n")
                continue
            data = self.socket.recv(65536)
            if not data:
                return
            buffer += data

    def _run(self):
        for message in self._stream() if self.transport == "TCP" else self._datagrams():
            head, _, _ = message.decode(errors="replace").partition("\r\n\r\n")
            first, *fields = head.split("\r\n")
            headers = {}
            for field in fields:
                name, _, value = field.partition(":")
                headers.setdefault(name.strip().lower(), value.strip())
            if first.startswith("SIP/2.0 "):
                self._on_response(int(first.split()[1]), headers)
            else:
                self._on_request(first.split()[0], head, headers)

    def _on_response(self, status, headers):
        number, method = headers["cseq"].split()
        if status == 100:
            return
        if method == "REGISTER":
            if status == 401 and number == "1":
                return self._send_register(self._authorization(headers["www-authenticate"], method, "sip:127.0.0.1"), 2)
            self.register_status = status
            return
        call = self.calls.get(headers["call-id"])
        if call is None or method == "BYE":
            return
        if method == "INVITE" and status >= 200:
            ack = self._request("ACK", call, f"sip:{call.number}@127.0.0.1", headers["to"])
            if status >= 300:  # hop by hop: the INVITE's own branch
                via = re.search(r"(?m)^Via: .*$", call.invite).group(0).rstrip("\r")
                ack = re.sub(r"(?m)^Via: .*\r$", via + "\r", ack, count=1)
            self._send(ack)
        if status == 401 and call.cseq == 1 and self.secret:
            call.cseq = 2
            uri = f"sip:{call.number}@127.0.0.1"
            return self._send_invite(call, self._authorization(headers["www-authenticate"], method, uri))
        if status >= 200 and call.answered_after is None:
            call.answered_after = time.monotonic() - call.began
        call.to, call.answer, call.status = headers["to"], headers, status

    def _on_request(self, method, head, headers):
        call_id = headers["call-id"]
        if method == "INVITE" and call_id not in self.calls:
            self.calls[call_id] = Call(headers["to"], call_id, incoming=True)
            self.calls[call_id].remote = headers["from"]
        call = self.calls.get(call_id)
        if method == "ACK":
            return
        if method == "BYE" and call:
            call.byes += 1
        if method == "CANCEL" and call:
            call.cancelled = True
        body = self._sdp() if method == "INVITE" else ""
        copied = [line for line in head.split("\r\n") if re.match(r"(?i)(via|from|call-id|cseq|record-route):", line)]
        to = headers["to"] if ";tag=" in headers["to"] else headers["to"] + f";tag={call.tag if call else 'x'}"
        lines = ["SIP/2.0 200 OK" if self.answers else "SIP/2.0 180 Ringing", *copied, f"To: {to}",
                 self._contact()]
        if body:
            lines.append("Content-Type: application/sdp")
        self._send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))
