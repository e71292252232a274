// What runs in the page of a browser phone: SIP.js, a tone instead of a microphone, and an ear for tones.
import { Inviter, Registerer, SessionState, UserAgent, Web } from "./sip.js/index.js";

/** A stream that sounds like one tone, and shows a moving picture if asked. */
async function toneStream(context, hz, video) {
  // A page that may use the microphone is told of all network interfaces.
  const permitted = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  const oscillator = new OscillatorNode(context, { frequency: hz });
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(out);
  oscillator.start();
  for (const track of permitted.getAudioTracks()) track.stop();
  return new MediaStream([...out.stream.getAudioTracks(), ...permitted.getVideoTracks()]);
}

export class Phone {
  constructor({ server, account, secret, hz, video, autoAnswer }) {
    this.context = new AudioContext();
    this.video = video;
    const factory = Web.defaultSessionDescriptionHandlerFactory(() => toneStream(this.context, hz, video));
    this.agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${account}@${new URL(server).hostname}`),
      transportOptions: { server },
      authorizationUsername: account,
      authorizationPassword: secret,
      logLevel: "warn",
      sessionDescriptionHandlerFactory: factory,
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 1000, peerConnectionConfiguration: { iceServers: [] } },
      delegate: {
        onInvite: (invitation) => {
          this.follow(invitation);
          if (autoAnswer) invitation.accept(this.options());
        },
      },
    });
    this.registerer = new Registerer(this.agent, { expires: 120 });
  }

  options() {
    return { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: this.video } } };
  }

  start() {
    return this.agent.start();
  }

  /** The status of the final answer. */
  register() {
    return this.ask("register");
  }
  unregister() {
    return this.ask("unregister");
  }
  ask(what) {
    return new Promise((resolve, reject) => {
      const tell = (response) => resolve(response.message.statusCode);
      this.registerer[what]({ requestDelegate: { onAccept: tell, onReject: tell } }).catch(reject);
    });
  }

  follow(session) {
    this.session = session;
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.listen(session);
    });
  }

  /** Calls; gives the status of a refusal, or 200. */
  async dial(number) {
    const inviter = new Inviter(this.agent, UserAgent.makeURI(`sip:${number}@${this.agent.configuration.uri.host}`), {
      ...this.options(),
      earlyMedia: true,
    });
    this.follow(inviter);
    return new Promise((resolve, reject) => {
      inviter.invite({
        requestDelegate: {
          onAccept: () => resolve(200),
          onReject: (response) => resolve(response.message.statusCode),
          onProgress: (response) => response.message.statusCode === 183 && setTimeout(() => this.listen(inviter), 100),
        },
      }).catch(reject);
    });
  }

  get connection() {
    return this.session.sessionDescriptionHandler.peerConnection;
  }

  /** Without an element that plays it, Chromium decodes no stream of a peer. */
  listen(session) {
    const stream = session.sessionDescriptionHandler.remoteMediaStream;
    this.player = document.createElement("video");
    Object.assign(this.player, { srcObject: stream, muted: true, autoplay: true });
    document.body.replaceChildren(this.player);
    this.ear = new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(this.context, { mediaStream: stream }).connect(this.ear);
  }

  /** The strongest tone it hears, {hz, db}; db is below -90 in silence. */
  heard() {
    if (!this.ear) return { hz: 0, db: -200 };
    const levels = new Float32Array(this.ear.frequencyBinCount);
    this.ear.getFloatFrequencyData(levels);
    let best = 3;
    for (let i = 3; i < levels.length; ++i) if (levels[i] > levels[best]) best = i;
    return { hz: (best * this.context.sampleRate) / this.ear.fftSize, db: levels[best] };
  }

  sees() {
    return this.player ? this.player.videoWidth : 0;
  }

  /** Puts the call on hold, or takes it back; the status of the final answer. */
  hold(on) {
    return new Promise((resolve, reject) => {
      const tell = (response) => resolve(response.message.statusCode);
      this.session
        .invite({ requestDelegate: { onAccept: tell, onReject: tell }, sessionDescriptionHandlerOptions: { hold: on } })
        .catch(reject);
    });
  }

  async hangUp() {
    return this.session.bye();
  }

  async statistics() {
    const found = {};
    for (const [, entry] of await this.connection.getStats()) {
      if (entry.type === "transport") Object.assign(found, { dtls: entry.dtlsState, ice: entry.iceState, srtp: entry.srtpCipher });
      if (entry.type === "remote-inbound-rtp" && entry.kind === "audio") found.roundTrip = entry.roundTripTime;
      if (entry.type === "inbound-rtp" && entry.kind === "audio") Object.assign(found, { lost: entry.packetsLost, received: entry.packetsReceived });
      if (entry.type === "codec" && entry.mimeType.startsWith("audio/")) found.codec = entry.mimeType;
    }
    return found;
  }
}
