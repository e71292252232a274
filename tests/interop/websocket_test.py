"""Phones in browsers: SIP over WebSocket, plain and by TLS, with one shard and with two, and what is not such a phone."""

import signal
import ssl
import struct
import time
import unittest

from sip_peer import Peer
from websocket_peer import BrowserPhone, WebSocket
from xivo_under_test import Xivo, wait_for

PROMPT_S = 3
RETURN_S = 10  # SipLeg::kReturnMax
SIP = {"Sec-WebSocket-Protocol": "sip"}


def code_of(payload):
    """The close code of a Close frame."""
    return struct.unpack(">H", payload[:2])[0]


class BrowserPhones:
    shards = 1

    @classmethod
    def setUpClass(cls):
        cls.xivo = Xivo("--shards", str(cls.shards), "--exempt", "127.0.0.0/8")

    @classmethod
    def tearDownClass(cls):
        cls.xivo.close()

    def browser(self, number, **how):
        made = BrowserPhone(self.xivo, **self.xivo.phones[number], **how)
        self.addCleanup(made.close)
        return made

    def desk_phone(self, number, **how):
        made = Peer(self.xivo, **self.xivo.phones[number], **how)
        self.addCleanup(made.close)
        self.assertEqual(made.register(), 200)
        return made

    def contacts(self, number):
        return [item for item in self.xivo.rest("GET", "/registrations")[1]["items"] if item["line"] == number]

    def expect_calls_both_ways(self, browser, desk, times=4):
        for _ in range(times):  # so that with two shards both have some
            call = desk.call("102")
            self.assertEqual(call.status, 200)
            incoming = browser.calls[next(reversed(browser.calls))]
            desk.hang_up(call)
            wait_for("the browser's phone hears the BYE", lambda: incoming.byes == 1)
        for _ in range(times):
            call = browser.call("101")
            self.assertEqual(call.status, 200)
            self.assertIn(";transport=ws>", call.answer["contact"])
            incoming = desk.calls[next(reversed(desk.calls))]
            browser.hang_up(call)
            wait_for("the desk phone hears the BYE", lambda: incoming.byes == 1)

    def test_a_browser_calls_and_is_called(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        self.assertEqual(browser.register(), 200)
        self.assertEqual([c["transport"] for c in self.contacts("102")], ["ws"])
        self.expect_calls_both_ways(browser, desk)

    def test_the_same_by_tls(self):
        browser, desk = self.browser("102", secure=True), self.desk_phone("101", tcp=True)
        self.assertEqual(browser.register(), 200)
        self.assertEqual([c["transport"] for c in self.contacts("102")], ["wss"])
        self.expect_calls_both_ways(browser, desk, times=2)

    def test_messages_may_be_binary(self):
        self.assertEqual(self.browser("102", binary=True).register(), 200)

    def test_two_browsers_talk(self):
        one, two = self.browser("101"), self.browser("102", secure=True)
        self.assertEqual((one.register(), two.register()), (200, 200))
        self.assertEqual(one.call("102").status, 200)
        self.assertEqual(two.call("101").status, 200)

    def test_who_closes_its_page_is_not_registered_any_more(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        browser.register()
        browser.close()
        wait_for("the registration goes", lambda: not self.contacts("102"), PROMPT_S)
        self.assertEqual(desk.call("102").status, 480)

    def test_who_closes_its_page_while_it_rings_lets_the_caller_know(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        browser.register()
        browser.answers = False
        call = desk.invite("102")
        wait_for("it rings", lambda: 100 < call.status < 200)
        browser.close()
        wait_for("the caller is told", lambda: call.status >= 400, PROMPT_S)

    def test_a_call_of_who_closed_its_page_ends(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        browser.register()
        call = desk.call("102")
        self.assertEqual(call.status, 200)
        browser.close()
        wait_for("the desk phone hears a BYE", lambda: call.byes == 1, RETURN_S + PROMPT_S)

    def test_who_calls_and_closes_its_page_lets_the_other_stop_ringing(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        browser.register()
        desk.answers = False
        browser.invite("101")
        incoming = wait_for("it rings", lambda: [call for call in desk.calls.values() if call.incoming])[0]
        browser.close()
        wait_for("the ringing stops", lambda: incoming.cancelled, RETURN_S + PROMPT_S)

    def test_a_call_goes_on_by_another_socket(self):
        browser, desk = self.browser("102"), self.desk_phone("101")
        browser.register()
        call = desk.call("102")
        old = browser.calls[next(reversed(browser.calls))]
        browser.close()
        again = self.browser("102", secure=True)
        again.calls = browser.calls
        again.change(old)
        wait_for("the change is agreed on", lambda: old.status == 200)
        time.sleep(RETURN_S + 1)
        self.assertEqual(call.byes, 0)
        desk.hang_up(call)
        wait_for("the BYE comes by the new socket", lambda: old.byes == 1)

    def test_a_restart_forgets_browsers(self):
        xivo = Xivo("--shards", str(self.shards))
        self.addCleanup(xivo.close)
        browser = BrowserPhone(xivo, **xivo.phones["102"])
        desk = Peer(xivo, **xivo.phones["101"])
        self.addCleanup(desk.close)
        self.assertEqual((browser.register(), desk.register()), (200, 200))
        wait_for("both are stored", lambda: xivo.console("pjsip show contacts").count("sip:10") == 2)
        xivo.kill()
        browser.close()
        xivo.start()
        shown = xivo.console("pjsip show contacts")
        self.assertIn("sip:101@", shown)
        self.assertNotIn("sip:102@", shown)
        self.assertEqual(desk.call("102").status, 480)

    def test_the_line_may_ask_for_a_browser_or_for_none(self):
        self.addCleanup(self.xivo.set_line, "103", transport="any")
        self.xivo.set_line("103", transport="ws")
        self.assertEqual(self.browser("103").register(), 200)
        desk = Peer(self.xivo, **self.xivo.phones["103"])
        self.addCleanup(desk.close)
        self.assertNotEqual(desk.register(), 200)
        self.xivo.set_line("103", transport="udp")
        self.assertNotEqual(self.browser("103").register(), 200)
        self.assertIn("ws instead of udp", self.xivo.console("sip show failures"))

    def test_a_wrong_password_is_a_wrong_password(self):
        phone = BrowserPhone(self.xivo, account="102", secret="wrong")
        self.addCleanup(phone.close)
        self.assertIn(phone.register(), (401, 403))

    # ---- what is no phone

    def socket(self, headers=SIP, **how):
        made = WebSocket(self.xivo.http, "/ws", headers, **how)
        self.addCleanup(made.close)
        return made

    def expect_service(self):
        self.assertEqual(self.browser("102").register(), 200)

    def test_without_the_subprotocol_there_is_no_socket(self):
        for headers in ({}, {"Sec-WebSocket-Protocol": "chat"}):
            self.assertEqual(self.socket(headers).status, 400)
        self.assertEqual(self.socket({"Sec-WebSocket-Protocol": "chat, sip"}).status, 101)

    def test_what_is_too_long_closes_the_socket(self):
        socket = self.socket()
        socket.send(b"x" * 70000)
        opcode, payload = socket.frame()
        self.assertEqual((opcode, code_of(payload)), (8, 1009))
        self.expect_service()

    def test_garbage_is_not_answered(self):
        socket = self.socket(timeout=0.5)
        for payload in (b"hello", b"INVITE", b"SIP/2.0 200", b"REGISTER sip:x SIP/2.0\r\n\r\n"):
            socket.send(payload)
        socket.send(bytes(range(256)), opcode=2)
        with self.assertRaises(TimeoutError):
            socket.frame()
        self.expect_service()

    def test_text_that_is_none_closes_the_socket(self):
        socket = self.socket()
        socket.send(b"\xff\xfe")
        self.assertEqual(code_of(socket.frame()[1]), 1007)

    def test_a_keep_alive_is_answered(self):
        socket = self.socket()
        socket.send(b"\r\n\r\n")
        self.assertEqual(socket.frame(), (1, b"\r\n"))


class Certificates(unittest.TestCase):
    def test_new_ones_hold_for_new_connections(self):
        xivo = Xivo()
        self.addCleanup(xivo.close)
        shown = lambda: ssl.get_server_certificate(("127.0.0.1", xivo.https))
        old = shown()
        self.assertEqual(old, ssl.get_server_certificate(("127.0.0.1", xivo.tls)), "SIP and HTTPS have the same")
        phone = BrowserPhone(xivo, **xivo.phones["102"], secure=True)
        self.addCleanup(phone.close)
        (xivo.var / "tls" / "self-signed.pem").unlink()
        xivo.signal(signal.SIGHUP)
        wait_for("another certificate is shown", lambda: shown() != old)
        self.assertEqual(phone.register(), 200)


class OneShard(BrowserPhones, unittest.TestCase):
    shards = 1


class TwoShards(BrowserPhones, unittest.TestCase):
    shards = 2


if __name__ == "__main__":
    unittest.main(verbosity=2)
