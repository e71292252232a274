// A telephone of a few lines: registers, calls, answers, and sends a tone so that the sound can be measured.
import { createHash, randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { waitFor } from "./xivo.mjs";

const md5 = (text) => createHash("md5").update(text).digest("hex");
const token = (size = 6) => randomBytes(size).toString("hex");
const PACKET_MS = 20;

function parse(text) {
  const [head, body = ""] = text.split("\r\n\r\n");
  const [first, ...lines] = head.split("\r\n");
  const headers = new Map();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { first, lines, headers, body, status: first.startsWith("SIP/2.0") ? Number(first.split(" ")[1]) : 0 };
}

export class Phone {
  static async open(xivo, { account, secret }, { answers = true, agent = "Testphone 1.0" } = {}) {
    const phone = new Phone();
    Object.assign(phone, { xivo, account, secret, answers, agent, final: new Map(), dialogs: new Map(), timers: [] });
    phone.socket = dgram.createSocket("udp4");
    phone.sound = dgram.createSocket("udp4");
    await new Promise((resolve) => phone.socket.bind(0, "127.0.0.1", resolve));
    await new Promise((resolve) => phone.sound.bind(0, "127.0.0.1", resolve));
    phone.port = phone.socket.address().port;
    phone.soundPort = phone.sound.address().port;
    phone.socket.on("message", (data) => phone.hear(parse(data.toString())));
    return phone;
  }

  close() {
    for (const timer of this.timers) clearInterval(timer);
    this.socket.close();
    this.sound.close();
  }

  /** The status of the answer. */
  async register() {
    return this.ask("REGISTER", "sip:127.0.0.1", { to: `<sip:${this.account}@127.0.0.1>`, lines: ["Expires: 600"] });
  }

  /** The status of the final answer; a call that is answered has a dialog, and sends sound. */
  async call(number) {
    this.last = { id: token() };
    return this.ask("INVITE", `sip:${number}@127.0.0.1`, { to: `<sip:${number}@127.0.0.1>`, body: this.sdp(), id: this.last.id });
  }

  async hangUp() {
    const [id, dialog] = [...this.dialogs][0] ?? [];
    if (!dialog) return 0;
    return this.ask("BYE", dialog.target, { to: dialog.to, from: dialog.from, id, cseq: dialog.cseq + 1 });
  }

  sdp() {
    return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${this.soundPort} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`;
  }

  async ask(method, uri, { to, from, lines = [], body = "", id = token(), cseq = 1 }) {
    const tag = token();
    const key = (number) => `${id} ${number} ${method}`;
    const request = (number, extra) => [
      `${method} ${uri} SIP/2.0`, `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${token()};rport`, "Max-Forwards: 70",
      `From: ${from ?? `<sip:${this.account}@127.0.0.1>;tag=${tag}`}`, `To: ${to}`, `Call-ID: ${id}`, `CSeq: ${number} ${method}`,
      `Contact: <sip:${this.account}@127.0.0.1:${this.port}>`, `User-Agent: ${this.agent}`, ...lines, ...extra,
      ...(body ? ["Content-Type: application/sdp"] : []), `Content-Length: ${body.length}`, "", body,
    ].join("\r\n");
    const send = async (number, extra) => {
      const text = request(number, extra);
      this.sent = { ...this.sent, [key(number)]: text };
      this.say(text);
      return waitFor(`an answer to ${method} of ${this.account}`, () => this.final.get(key(number)));
    };
    let answer = await send(cseq, []);
    if (answer.status === 401) answer = await send(cseq + 1, [this.credentials(answer.headers.get("www-authenticate"), method, uri)]);
    if (method === "INVITE" && answer.status === 200) {
      const target = /<([^>]+)>/.exec(answer.headers.get("contact"))?.[1] ?? uri;
      this.dialogs.set(id, { target, to: answer.headers.get("to"), from: answer.headers.get("from"), cseq: cseq + 1 });
      this.play(answer.body);
    }
    return answer.status;
  }

  credentials(challenge, method, uri) {
    const [realm, nonce] = ["realm", "nonce"].map((name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)[1]);
    const response = md5(`${md5(`${this.account}:${realm}:${this.secret}`)}:${nonce}:00000001:c:auth:${md5(`${method}:${uri}`)}`);
    return `Authorization: Digest username="${this.account}", realm="${realm}", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, cnonce="c", response="${response}", algorithm=MD5`;
  }

  say(text) {
    this.socket.send(text, this.xivo.sip, "127.0.0.1");
  }

  hear(message) {
    if (message.status >= 200) this.hearFinal(message);
    else if (message.status === 0) this.hearRequest(message);
  }

  hearFinal(message) {
    const [number, method] = message.headers.get("cseq").split(" ");
    const key = `${message.headers.get("call-id")} ${number} ${method}`;
    if (method === "INVITE") {
      // The INVITE's own branch for a refusal (RFC 3261 section 17.1.1.3), a new one for an answer (section 13.2.2.4).
      const text = this.sent?.[key] ?? "";
      const invite = parse(text);
      const via = message.status >= 300 ? invite.headers.get("via") : `SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${token()};rport`;
      const uri = message.status >= 300 ? invite.first.split(" ")[1] : (/<([^>]+)>/.exec(message.headers.get("contact") ?? "")?.[1] ?? invite.first.split(" ")[1]);
      this.say([`ACK ${uri} SIP/2.0`, `Via: ${via}`, "Max-Forwards: 70", `From: ${message.headers.get("from")}`, `To: ${message.headers.get("to")}`,
        `Call-ID: ${message.headers.get("call-id")}`, `CSeq: ${number} ACK`, "Content-Length: 0", "", ""].join("\r\n"));
    }
    this.final.set(key, message);
  }

  hearRequest(message) {
    const method = message.first.split(" ")[0];
    if (method === "ACK") return;
    const id = message.headers.get("call-id");
    const known = message.headers.get("to");
    const to = known.includes(";tag=") ? known : `${known};tag=${md5(id + this.account).slice(0, 8)}`;
    const ringing = method === "INVITE" && !this.answers;
    const body = method === "INVITE" && !ringing ? this.sdp() : "";
    const copied = message.lines.filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
    this.say([`SIP/2.0 ${ringing ? "180 Ringing" : "200 OK"}`, ...copied, `To: ${to}`, `Contact: <sip:${this.account}@127.0.0.1:${this.port}>`,
      ...(body ? ["Content-Type: application/sdp"] : []), `Content-Length: ${body.length}`, "", body].join("\r\n"));
    if (body && !this.dialogs.has(id)) {
      const target = /<([^>]+)>/.exec(message.headers.get("contact") ?? "")?.[1] ?? "sip:127.0.0.1";
      this.dialogs.set(id, { target, to: message.headers.get("from"), from: to, cseq: 0 });
      this.play(message.body);
    }
    if (method === "BYE") this.dialogs.delete(id);
  }

  /** Silence is nothing to measure: a packet of A-law every 20 ms. */
  play(sdp) {
    const port = Number(/m=audio (\d+)/.exec(sdp)?.[1] ?? 0);
    if (port === 0) return;
    const packet = Buffer.alloc(12 + 160, 0xd5);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt32BE(randomBytes(4).readUInt32BE(), 8);
    let sequence = 0;
    this.timers.push(setInterval(() => {
      packet.writeUInt16BE(sequence & 0xffff, 2);
      packet.writeUInt32BE((sequence * 160) >>> 0, 4);
      sequence += 1;
      this.sound.send(packet, port, "127.0.0.1");
    }, PACKET_MS));
  }
}
