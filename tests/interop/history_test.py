"""Configuration as scripts see it: transactions, history, events and the web pages, with a real xivod."""

import contextlib
import gzip
import http.client
import json
import pathlib
import shutil
import socket
import tempfile
import threading
import time
import unittest

from sip_peer import Peer
from websocket_peer import WebSocket
from xivo_under_test import Xivo, wait_for


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


class HistoryTest(unittest.TestCase):
    def setUp(self):
        self.pages = pathlib.Path(tempfile.mkdtemp(prefix="xivo-pages."))
        self.addCleanup(shutil.rmtree, self.pages, True)
        (self.pages / "assets").mkdir()
        (self.pages / "index.html").write_text("<!doctype html><title>XiVO</title>")
        (self.pages / "assets" / "index-BkX3q9aZ.js").write_text("let a" * 100)
        (self.pages / "assets" / "index-BkX3q9aZ.js.gz").write_bytes(gzip.compress(b"let a" * 100))
        self.xivo = Xivo("--web", str(self.pages))
        self.addCleanup(self.xivo.close)

    def revision(self):
        return self.xivo.rest("GET", "/status")[1]["config_revision"]

    def listen(self, query=""):
        self.xivo.rest("GET", "/session")  # signs in
        events = WebSocket(self.xivo.http, "/api/v1/events" + query, {"Authorization": f"Bearer {self.xivo.token}"})
        self.addCleanup(events.close)
        self.assertEqual(events.status, 101)
        return events

    def test_what_was_answered_survives_kill_9(self):
        changes = [{"kind": "user", "op": "create", "fields": {"firstname": f"Person {i}"}} for i in range(500)]
        status, made = self.xivo.rest("POST", "/transaction", {"message": "many", "changes": changes})
        self.assertEqual(status, 200, made)
        self.xivo.kill()
        self.xivo.start()
        self.assertEqual(self.revision(), made["revision"])
        self.assertEqual(self.xivo.rest("GET", f"/users/{made['ids'][499]}")[1]["firstname"], "Person 499")

    def test_a_kill_at_any_moment_loses_nothing_that_was_answered(self):
        self.xivo.rest("GET", "/session")  # signs in
        answered = []

        def write():
            with contextlib.suppress(OSError, http.client.HTTPException):
                while True:
                    status, user = self.xivo.rest("POST", "/users", {"firstname": f"Person {len(answered)}"})
                    assert status == 201, user
                    answered.append(user["id"])

        for moment in (0.1, 0.25, 0.4):
            writer = threading.Thread(target=write)
            writer.start()
            time.sleep(moment)  # any moment will do
            self.xivo.kill()
            writer.join(20)
            self.xivo.start()
            kept = {user["id"] for user in self.xivo.rest("GET", "/users?search=Person&limit=1000")[1]["items"]}
            self.assertLessEqual(set(answered), kept)
            self.assertLessEqual(len(kept), len(answered) + 3)  # one unanswered write a kill at most
        self.assertGreater(len(answered), 3)

    def test_two_administrators_lose_nothing(self):
        status, user = self.xivo.rest("POST", "/users", {"firstname": "Counter", "description": "0"})
        self.assertEqual(status, 201, user)
        refused = []

        def count():
            done = 0
            while done < 20:
                seen = self.xivo.rest("GET", f"/users/{user['id']}")[1]
                change = {"revision": seen["revision"], "description": str(int(seen["description"]) + 1)}
                status, answer = self.xivo.rest("PATCH", f"/users/{user['id']}", change)
                if status == 409:
                    refused.append(answer["other"]["difference"][0]["fields"][0]["name"])
                    continue
                assert status == 200, answer
                done += 1

        writers = [threading.Thread(target=count) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
        self.assertEqual(self.xivo.rest("GET", f"/users/{user['id']}")[1]["description"], "40")
        self.assertLessEqual(set(refused), {"description"})

    def test_a_change_is_told_undone_and_remembered(self):
        events = self.listen()
        hello = events.message()
        self.assertEqual(hello["type"], "hello")
        before = self.revision()
        status, user = self.xivo.rest("POST", "/users?reason=new", {"firstname": "Dora"})
        self.assertEqual(status, 201, user)
        told = events.until(lambda m: m.get("topic") == "configuration")[-1]
        self.assertEqual(told["data"]["revision"], before + 1)
        self.assertEqual(told["data"]["message"], "new")
        status, undone = self.xivo.rest("POST", f"/revisions/{before + 1}/rollback", {"mode": "undo"})
        self.assertEqual(status, 200, undone)
        self.assertEqual(self.xivo.rest("GET", f"/users/{user['id']}")[0], 404)
        self.assertEqual(self.xivo.rest("GET", f"/users/{user['id']}?at={before + 1}")[1]["firstname"], "Dora")
        again = self.listen(f"?cursor={hello['cursor']}")
        self.assertEqual([m["data"]["revision"] for m in again.until(lambda m: m.get("cursor") == told["cursor"] + 1)[1:]],
                         [before + 1, before + 2])

    def test_a_cursor_of_the_last_run_is_told_to_look_anew(self):
        cursor = self.listen().message()["cursor"]
        self.xivo.stop()
        self.xivo.start()
        events = self.listen(f"?cursor={cursor}")
        self.assertEqual([events.message()["type"], events.message()["type"]], ["hello", "resync"])

    def test_root_needs_no_password_at_the_unix_socket(self):
        path = self.xivo.var / "run" / "api.sock"
        self.assertEqual(path.stat().st_mode & 0o777, 0o660)
        link = UnixConnection(path)
        link.request("POST", "/api/v1/users", json.dumps({"firstname": "Eve"}), {"Content-Type": "application/json"})
        self.assertEqual(link.getresponse().status, 201)
        link.close()
        revision = self.xivo.rest("GET", f"/revisions/{self.revision()}")[1]
        self.assertEqual(revision["author"], "root")

    def get(self, path, headers=None):
        link = http.client.HTTPConnection("127.0.0.1", self.xivo.http, timeout=20)
        link.request("GET", path, headers=headers or {})
        answer = link.getresponse()
        body = answer.read()
        link.close()
        return answer, body

    def test_the_pages_are_served(self):
        answer, body = self.get("/users/12")
        self.assertEqual((answer.status, body), (200, b"<!doctype html><title>XiVO</title>"))
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        answer, body = self.get("/assets/index-BkX3q9aZ.js", {"Accept-Encoding": "gzip"})
        self.assertIn("immutable", answer.headers["Cache-Control"])
        self.assertEqual(gzip.decompress(body), b"let a" * 100)
        self.assertEqual(self.get("/assets/../../etc/passwd")[0].status, 400)

    def test_why_a_phone_is_not_registered(self):
        line = self.xivo.rest("GET", "/lines?name=" + self.xivo.phones["102"]["account"])[1]["items"][0]
        path = f"/lines/{line['id']}/registration"
        self.assertEqual(self.xivo.rest("GET", path)[1]["state"], "never")
        events = self.listen()
        events.message()
        phone = Peer(self.xivo, account=line["name"], secret="not the password")
        self.addCleanup(phone.close)
        phone.register()
        told = wait_for("it is refused", lambda: self.xivo.rest("GET", path)[1]["failures"])
        self.assertEqual(told[0]["reason"], "wrong-secret")
        self.assertEqual(events.until(lambda m: m.get("topic") == "registration")[-1]["type"], "failed")

    def test_a_call_is_told_from_its_start_to_its_end(self):
        phone = self.xivo.phones["101"]
        peer = Peer(self.xivo, account=phone["account"], secret=phone["secret"])
        self.addCleanup(peer.close)
        events = self.listen()
        peer.register()
        registered = events.until(lambda m: m.get("type") == "registered")[-1]
        self.assertEqual(registered["data"]["line"], phone["account"])
        call = peer.call("*55")
        self.assertEqual(call.status, 200)
        begun = events.until(lambda m: m.get("type") == "feature")
        self.assertIn("started", [m["type"] for m in begun])
        uuid = begun[-1]["data"]["id"]
        live = self.xivo.rest("GET", f"/calls/{uuid}")[1]
        self.assertEqual(live["dialled"], "*55")
        self.assertIn("INVITE", live["trace"]["entries"][0]["text"])
        peer.hang_up(call)
        ended = events.until(lambda m: m.get("type") == "ended")[-1]
        self.assertEqual((ended["data"]["id"], ended["data"]["disposition"]), (uuid, "ANSWERED"))
        self.assertEqual(self.xivo.rest("GET", f"/calls/{uuid}")[0], 404)
        record = wait_for("its record", lambda: self.xivo.rest("GET", "/call-records?search=55")[1]["items"])[0]
        self.assertEqual(record["uuid"], uuid)


if __name__ == "__main__":
    unittest.main(verbosity=2)
