"""A Kamailio is the operator: XiVO registers with it or is known by its address, and phones of the outside are other
customers of the operator."""

import shutil
import socket
import subprocess
import types
import unittest

import kamailio_test
from xivo_under_test import Baresip, Xivo, free_port, needs, wait_for

CONFIG = kamailio_test.CONFIG.with_name("operator.cfg")
SECRET = "operator-secret"
CUSTOMER = "0033123456789"
OUTSIDE = "0612345678"
ALICE_HZ = 440
OUTSIDE_HZ = 1000


class Operator(kamailio_test.Kamailio):
    """Numbers that end in 123456789 are XiVO's; who else registers has the number it registers."""

    def __init__(self, xivo, name, by_address=False):
        self.port = free_port()
        self.folder = xivo.folder / name
        self.folder.mkdir()
        program = shutil.which("kamailio") or "/usr/sbin/kamailio"
        listen = f"127.0.0.1:{self.port}"
        defines = [f'SECRET="{SECRET}"', f'CUSTOMER="{CUSTOMER}"', 'NUMBER="123456789$"', 'XIVO_HOST="127.0.0.1"',
                   f"XIVO_PORT={xivo.sip}", f'XIVO_URI="sip:127.0.0.1:{xivo.sip}"']
        if by_address:
            defines.append("BY_ADDRESS=1")
        arguments = [program, "-f", str(CONFIG), "-DD", "-E", "-m", "32", "-M", "4", "-Y", str(self.folder), "-w", str(self.folder),
                     "-l", f"udp:{listen}", "-l", f"tcp:{listen}"]
        for define in defines:
            arguments += ["-A", define]
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(arguments, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        start_new_session=True)
        wait_for("kamailio listens", self._ready)
        self.customer = types.SimpleNamespace(folder=xivo.folder, sip=self.port, tls=0,
                                              phones={OUTSIDE: {"account": OUTSIDE, "secret": SECRET}})

    def phone(self, hz=OUTSIDE_HZ):
        return Baresip(self.customer, OUTSIDE, hz)


@needs("kamailio", "kamailio")
@needs("baresip", "baresip")
class TrunkTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)

    def create(self, path, **fields):
        status, answer = self.xivo.rest("POST", path, fields)
        self.assertEqual(status, 201, answer)
        return answer["id"]

    def operator(self, name, **options):
        operator = Operator(self.xivo, name, **options)
        self.addCleanup(operator.close)
        return operator

    def phone(self, phone):
        self.addCleanup(phone.close)
        return phone

    def company(self, *trunks):
        """Alice has a number of the outside, and calls to the outside go by the trunks in their order."""
        contexts = {c["name"]: c["id"] for c in self.xivo.rest("GET", "/contexts")[1]["items"]}
        incall = next(c for c in self.xivo.rest("GET", "/contexts")[1]["items"] if c["type"] == "incall")
        lines = self.xivo.rest("GET", "/lines")[1]["items"]
        alice = next(line for line in lines if line["name"] == self.xivo.phones["101"]["account"])
        made = []
        for fields in trunks:
            made.append(self.create("/trunks", context=incall["id"], options_interval=5,
                                    outgoing_caller_id="+33123456789", **fields))
        self.create("/incoming_routes", name="alice", context=incall["id"], exten="0123456789",
                    destination={"type": "user", "user": alice["user"]})
        self.create("/outgoing_routes", name="outside", context=contexts["default"], patterns=[{"pattern": "_0XXXXXXXXX"}],
                    trunks=made)
        return made

    def state(self, trunk):
        return self.xivo.rest("GET", f"/trunks/{trunk}/state")[1]

    def registered(self, trunk):
        wait_for("the trunk is registered", lambda: (self.state(trunk)["registration"] or {}).get("state") == "registered")

    def answering(self, trunk, state="reachable"):
        wait_for(f"the operator is {state}", lambda: (self.state(trunk)["options"] or {}).get("state") == state, 40)

    def talk(self, caller, number, called, ends):
        for phone in (caller, called):
            for old in (phone.folder / "rec").iterdir():
                old.unlink()
        caller.dial(number)
        wait_for("the caller hears the called", lambda: caller.hears(called.hz))
        wait_for("the called hears the caller", lambda: called.hears(caller.hz))
        ends.hang_up()
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))

    def baresip(self, number, hz):
        phone = self.phone(Baresip(self.xivo, number, hz))
        phone.hz = hz
        return phone

    def outside(self, operator):
        phone = self.phone(operator.phone())
        phone.hz = OUTSIDE_HZ
        return phone

    def test_a_registered_trunk_carries_calls_both_ways_with_sound(self):
        operator = self.operator("operator")
        trunk, = self.company({"name": "operator", "host": f"127.0.0.1:{operator.port}", "register": True, "username": CUSTOMER,
                               "secret": SECRET, "transport": "udp", "register_expires": 60, "identity_in": True})
        self.registered(trunk)
        alice, outside = self.baresip("101", ALICE_HZ), self.outside(operator)
        self.talk(alice, "0612345678", outside, alice)
        self.assertIn(f"CALL: to {OUTSIDE}", operator.text())
        self.assertIn("identity", operator.text())
        self.assertIn("+33123456789", operator.text())
        self.talk(outside, "0123456789", alice, alice)
        self.talk(outside, "0123456789", alice, outside)
        self.assertNotIn("OFF THE ROUTE SET", operator.text())
        state = self.state(trunk)
        self.assertEqual(state["answer_seizure_ratio"]["out"], {"calls": 1, "answered": 1, "percent": 100})
        self.assertEqual(state["answer_seizure_ratio"]["in"]["answered"], 2)
        self.assertEqual(state["channels"]["in"] + state["channels"]["out"], 0)
        self.assertIn("registered", [event["event"] for event in state["registration"]["history"]])
        self.assertRegex(self.xivo.console("sip show registry"), rf"127\.0\.0\.1:{operator.port} +N +{CUSTOMER[:12]} .*Registered")
        self.assertIn("Registered", self.xivo.console("pjsip show registrations"))

    def test_a_wrong_password_is_said_in_words_and_repaired(self):
        operator = self.operator("operator")
        trunk, = self.company({"name": "operator", "host": f"127.0.0.1:{operator.port}", "register": True, "username": CUSTOMER,
                               "secret": "not-the-secret"})
        wait_for("the refusal is told", lambda: (self.state(trunk)["registration"] or {}).get("state") == "rejected")
        self.assertIn("user name or password refused", self.state(trunk)["registration"]["sentence"])
        self.xivo.rest("PATCH", f"/trunks/{trunk}", {"secret": SECRET})
        self.registered(trunk)

    def test_an_operator_that_knows_our_address_needs_no_password(self):
        operator = self.operator("operator", by_address=True)
        trunk, = self.company({"name": "operator", "host": f"127.0.0.1:{operator.port}", "transport": "udp"})
        self.answering(trunk)
        alice, outside = self.baresip("101", ALICE_HZ), self.outside(operator)
        self.talk(alice, "0612345678", outside, outside)
        self.talk(outside, "0123456789", alice, alice)
        self.assertNotIn("OFF THE ROUTE SET", operator.text())

    def test_calls_go_by_the_second_operator_when_the_first_is_stopped(self):
        first, second = self.operator("first"), self.operator("second")
        trunks = self.company(*({"name": name, "host": f"127.0.0.1:{operator.port}", "register": True, "username": CUSTOMER,
                                 "secret": SECRET, "transport": "udp"} for name, operator in (("first", first), ("second", second))))
        for trunk in trunks:
            self.registered(trunk)
        alice = self.baresip("101", ALICE_HZ)
        by_first = self.outside(first)
        self.talk(alice, "0612345678", by_first, alice)
        by_first.close()
        first.close()
        by_second = self.outside(second)
        self.talk(alice, "0612345678", by_second, alice)
        self.answering(trunks[0], "unreachable")
        self.assertEqual(self.state(trunks[0])["usable"], False)
        self.talk(alice, "0612345678", by_second, alice)
        self.assertEqual(self.state(trunks[1])["answer_seizure_ratio"]["out"]["answered"], 2)

    def test_who_is_no_operator_reaches_nothing(self):
        self.company({"name": "operator", "host": "127.0.0.99"})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            stranger.settimeout(5)
            port = stranger.getsockname()[1]
            stranger.sendto((f"INVITE sip:0123456789@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK1\r\n"
                             f"Max-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:0123456789@127.0.0.1>\r\nCall-ID: 1\r\n"
                             f"CSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.1:{port}>\r\nContent-Length: 0\r\n\r\n").encode(),
                            ("127.0.0.1", self.xivo.sip))
            self.assertIn(b"SIP/2.0 401", stranger.recv(65536))


if __name__ == "__main__":
    unittest.main(verbosity=2)
