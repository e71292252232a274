#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/trace_ring.hpp"
#include "call/cause.hpp"
#include "call/ids.hpp"
#include "media/description.hpp"
#include "media/engine.hpp"
#include "model/ids.hpp"
#include "runtime/clock.hpp"

namespace xivo::call {

/// Who is at the other end of a leg, as shown to the people on the call.
struct Party {
  std::string number;
  std::string name;
};

enum class LegState : std::uint8_t {
  Ring,     // incoming, not answered: the caller waits
  Dialing,  // outgoing, nothing heard yet
  Ringing,  // outgoing, the phone rings
  Up,       // answered
  Ended,
};
std::string_view name(LegState state);  // as Asterisk words it: "Ring", "Down", "Ringing", "Up"

/// How a key press came.
enum class KeyPress : std::uint8_t {
  Event,  // telephone-event packets, which the media plane passes on where the other party knows them (RFC 4733)
  Tone,  // in the sound, which the other party hears
  Info,  // SIP INFO
};

/// How a leg ended.
struct Ending {
  Cause cause = Cause::NormalClearing;
  int status = 0;  // the SIP status that said so; 0 = none
  bool by_remote = false;  // the phone, not we
  std::string redirect{};  // the number of ours that the phone sends the call on to (3xx); empty = none
};

/// What a leg tells about itself. For one leg: any number of the first group, then exactly one on_ended(), then exactly one
/// on_gone(), after which the leg is destroyed and its id names nothing.
/// Thread  the shard's.
class LegUser {
 public:
  virtual ~LegUser() = default;

  virtual void on_ringing(LegId leg) = 0;
  /// Sound before the answer, described by `early`.
  virtual void on_progress(LegId leg, const media::Description& early) = 0;
  /// An outgoing leg was answered.
  virtual void on_answered(LegId leg, const media::Description& answer) = 0;
  /// An incoming leg's answer has been confirmed by its phone.
  virtual void on_established(LegId leg) = 0;
  /// The phone put the call on hold, or took it back.
  virtual void on_held(LegId leg, bool held) = 0;
  /// In the call, the phone asks for codecs that are not those agreed on. To be answered by Leg::answer_offer(), now or later.
  virtual void on_offer(LegId leg, const media::Description& wanted) = 0;
  /// What Leg::renegotiate() came to. `agreed` false: everything is as it was.
  virtual void on_renegotiated(LegId leg, bool agreed) = 0;
  virtual void on_digit(LegId leg, char digit, KeyPress how) = 0;
  /// A message in the call that the system does not interpret (SIP INFO): for the other party.
  virtual void on_info(LegId leg, std::string_view content_type, std::string_view body) = 0;
  virtual void on_play_ended(LegId leg, bool reached_end) = 0;
  /// The phone has sent no sound, and no report either, for longer than it may.
  virtual void on_silent(LegId leg, std::chrono::seconds silence) = 0;
  /// No sound can pass between the phone and us, and none will: its keys could not be agreed on.
  virtual void on_media_lost(LegId leg) = 0;

  virtual void on_ended(LegId leg, const Ending& ending) = 0;
  virtual void on_gone(LegId leg, const media::Statistics& statistics) = 0;
};

/// One party's side of a call: signalling towards one phone, and that phone's media session. endpoint:: implements it over
/// SIP. Owned by the CallRegistry; named everywhere else by its id.
/// Thread  the shard's.
class Leg {
 public:
  virtual ~Leg() = default;

  [[nodiscard]] LegId id() const { return id_; }
  [[nodiscard]] CallId call() const { return call_; }
  [[nodiscard]] LegState state() const { return state_; }
  [[nodiscard]] bool incoming() const { return incoming_; }
  [[nodiscard]] bool held() const { return held_; }
  [[nodiscard]] model::SipLineId line() const { return line_; }
  [[nodiscard]] model::TrunkId trunk() const { return trunk_; }  // 0: not by one; then line() says whose
  [[nodiscard]] const std::string& channel() const { return channel_; }  // "SIP/101-0000001a"
  [[nodiscard]] const Party& party() const { return party_; }
  [[nodiscard]] runtime::WallTime created() const { return created_; }
  [[nodiscard]] runtime::WallTime answered() const { return answered_; }  // epoch = never

  /// The leg's media session; empty before there is one.
  [[nodiscard]] virtual media::SessionId media() const = 0;
  /// Its video, relayed beside it; empty when there is none.
  [[nodiscard]] virtual media::SessionId video() const { return {}; }
  /// What the phone offered or answered last; no codecs = nothing yet.
  [[nodiscard]] virtual const media::Description& remote() const = 0;
  /// What may flow on this leg, in the order of preference of the answer; empty before the answer.
  [[nodiscard]] virtual const std::vector<media::Codec>& negotiated() const = 0;
  /// How this phone's sound was in the last seconds; null before it is known.
  [[nodiscard]] virtual const media::QualitySample* quality() const { return nullptr; }
  /// "192.0.2.7:5060", for lists and records.
  [[nodiscard]] virtual std::string remote_address() const = 0;

  // Incoming legs. Commands that come too late (the caller gave up) do nothing.
  virtual void ring() = 0;
  /// The called party has sent the call on; said before anything rings.
  virtual void being_forwarded() {}
  /// Sound before the answer. `ours`: codecs to answer with, addresses are the leg's own business.
  virtual void progress(const media::Description& ours) = 0;
  virtual void answer(const media::Description& ours) = 0;

  // Answered legs.
  /// Answers on_offer() with these codecs; none = refused, and everything stays as it was.
  virtual void answer_offer(const media::Description& ours) = 0;
  /// Asks the phone to take these codecs instead of those agreed on; on_renegotiated() follows, unless the leg ends first.
  virtual void renegotiate(const media::Description& ours) = 0;

  /// Ends the leg from whatever state it is in. `elsewhere`: another phone has taken the call.
  virtual void hang_up(Cause cause, bool elsewhere = false) = 0;
  virtual void send_info(std::string_view content_type, std::string_view body) = 0;
  /// Passes a key press of the other party on in the way this phone takes them; nothing when it has it already.
  virtual void send_digit(char digit, KeyPress how) = 0;

  // What this phone hears, when it is not connected to another leg.
  virtual void play(std::string_view sound, std::string_view language, bool loop) = 0;
  virtual void stop_playing() = 0;
  virtual void echo(bool on) = 0;

 protected:
  Leg(bool incoming, model::SipLineId line, Party party)
      : incoming_(incoming), line_(line), party_(std::move(party)) {}

  LegState state_ = LegState::Dialing;
  model::TrunkId trunk_{};
  bool held_ = false;
  std::string channel_;
  runtime::WallTime answered_{};

 private:
  friend class CallRegistry;
  LegId id_;
  CallId call_;
  bool incoming_;
  model::SipLineId line_;
  Party party_;
  runtime::WallTime created_{};
};

}  // namespace xivo::call
