#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/codec/tone_detector.hpp"
#include "media/g711.hpp"
#include "runtime/scheduler.hpp"
#include "sim_network.hpp"
#include "sip/dialog.hpp"
#include "sip/digest.hpp"
#include "sip/transaction.hpp"

namespace xivo::flow {

/// A telephone as simple as telephones come: registers, calls, rings, talks with a voice of its own (one byte repeated),
/// and remembers what it heard.
class SimPhone final : public sip::TransactionUser {
 public:
  struct Account {
    std::string name;
    std::string number;
    std::string secret;
  };
  enum class State { Idle, Calling, RingBack, Ringing, Talking, Ended };

  /// One call as the phone sees it.
  struct CallSide {
    State state = State::Calling;
    bool incoming = false;
    std::string call_id;
    std::string local_tag;
    std::string number;  // dialled
    std::string from;  // shown caller: display name and number
    std::string from_number;
    std::string asked_for;  // user part of the Request-URI of the incoming INVITE
    std::string addressed_to;  // and of its To
    std::optional<sip::Dialog> dialog;
    sip::ServerTransactionId invite;
    std::string invite_copy;  // bytes of the incoming INVITE
    sip::ClientTransactionId client;
    std::uint32_t cseq = 1;
    bool tried_credentials = false;
    bool early_media = false;
    bool on_hold = false;
    std::optional<SocketAddress> remote_video;
    std::string video_direction;  // as the other side said it last
    int last_status = 0;
    std::vector<int> provisionals;  // statuses that were told before the answer
    std::string diverted_by;  // number in the Diversion of the incoming INVITE
    std::string reason;  // Reason field of what ended it
    std::optional<SocketAddress> remote_rtp;
    std::vector<std::string> infos;
    std::vector<int> agreed;  // payload types, best first
    std::vector<int> wanted;  // what it asks for; empty: all that the phone has
    sip::ClientTransactionId change;  // its re-INVITE or UPDATE under way
    std::string change_body;
    int request_status = 0;  // of its last request inside the dialog
    int refreshes = 0;  // re-INVITEs and UPDATEs of the other side that were taken
    int collisions = 0;  // 491 sent or got
    std::uint32_t rseq = 0;  // of the last reliable provisional, sent or got
    bool pracked = false;
    std::uint32_t ignored_rseqs = 0;
    std::string early_sdp;
    bool answer_waits = false;  // for the PRACK
    bool acknowledged = false;
    std::string session_lines;  // for the 200
    std::uint32_t session = 0;  // seconds that were agreed on
    bool refresher = false;
  };
  /// How the phone handles session timers; 0 = not at all.                                   RFC 4028
  struct Session {
    std::uint32_t expires = 0;
    std::uint32_t least = 0;  // answers 422 below
    bool refreshes = false;  // wants to be the refresher
  };

  SimPhone(const runtime::Scheduler& scheduler, SimNetwork& network, const IpAddress& ip,
           const SocketAddress& server, Account account, char voice);
  ~SimPhone() override;

  // ---- what a person does
  void register_at(std::uint32_t expires = 3600, std::string_view contact_user = {});
  void call(const std::string& number);
  void answer();
  void reject(int status);
  void hang_up();
  void hold(bool on);
  void press(char key);  // RFC 4733
  void press_tone(char key);  // in its sound
  void send_info(char key);  // SIP INFO, application/dtmf-relay
  void forget_secret() { account_.secret = "not the secret"; }
  /// RFC 5626, RFC 5627: says which device it is and, unless 0, which of its flows this is.
  void set_instance(std::string_view urn, int flow);
  void remember_secret() { account_.secret = secret_; }
  void set_ringing_silently(bool on) { silent_ = on; }  // no 180, no answer to INVITE
  void set_sound_before_answer(bool on) { early_ = on; }  // answers 183 with SDP instead of 180
  void set_busy_when_talking(bool on) { busy_when_talking_ = on; }
  /// What its calls show as their caller, instead of its account.
  void set_presented(std::string number) { presented_ = std::move(number); }
  void set_late_offer(bool on) { late_offer_ = on; }  // INVITE without SDP, the ACK answers

  /// "" , "Supported" or "Require"
  void set_100rel(std::string field) { reliable_field_ = std::move(field); }
  /// Sends no sound from now on, which is most of what a simulation costs.
  void mute() { scheduler_.timers.cancel(talk_timer_); }
  void set_reliable(bool on) { reliable_ = on; }  // its 180 and 183 ask for a PRACK
  void set_pracks(bool on) { pracks_ = on; }
  void set_acknowledges(bool on) { acknowledges_ = on; }
  /// Has a camera and a screen. In a call it says so at once.
  void turn_video(bool on);
  /// The camera alone: the screen stays on.
  void turn_camera(bool on);
  void set_codecs(std::vector<int> payload_types) { codecs_ = std::move(payload_types); }
  void set_refuses_changes(bool on) { refuses_changes_ = on; }
  void set_updates(bool on) { updates_ = on; }  // says that it allows UPDATE
  void set_session(const Session& session) { session_ = session; }
  void set_forks(int phones) { forks_ = phones; }  // rings with so many tags; the last one answers
  void change_codecs(std::vector<int> payload_types);
  void update(std::string_view direction);  // "": without a description
  void refer(const std::string& target);
  void bye() {  // whatever the state is
    if (CallSide* call = current()) send_in_dialog(*call, sip::Method::Bye);
  }
  void redirect(const std::string& number);
  void write(const std::string& number, const std::string& text);
  void set_text_status(int status) { text_status_ = status; }
  /// A key with a lamp: subscribes to its number for so long, or again; 0 seconds: no longer.       RFC 6665, RFC 4235
  void watch(const std::string& number, std::uint32_t seconds = 3600);
  void forget_lamps() { lamps_.clear(); }  // as after a power cut

  // ---- what can be seen of it
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  [[nodiscard]] int text_answer() const { return text_answer_; }
  /// What a lamp is: how its SUBSCRIBE was answered, and what the last NOTIFY said.
  struct Lamp {
    std::string number;
    int status = 0;
    std::string state;  // "confirmed", "terminated"; empty: never told
    std::string subscription;  // Subscription-State
    int told = 0;
    std::string call_id;
    std::string tag;
    std::optional<sip::Dialog> dialog;
    std::uint32_t cseq = 0;
    std::uint32_t seconds = 0;
    bool tried_credentials = false;
  };
  [[nodiscard]] const Lamp* lamp(std::string_view number) const;
  [[nodiscard]] const std::string& last_challenge() const { return last_error_; }
  [[nodiscard]] State state() const;
  [[nodiscard]] CallSide* current();
  [[nodiscard]] int register_status() const { return register_status_; }
  [[nodiscard]] const IpAddress& ip() const { return ip_; }
  [[nodiscard]] char voice() const { return voice_; }
  [[nodiscard]] const Account& account() const { return account_; }
  /// Voices heard since the last look: packets by first payload byte.
  std::map<char, int> take_heard() { return std::exchange(heard_, {}); }
  /// The same of the pictures it sees.
  std::map<char, int> take_seen() { return std::exchange(seen_, {}); }
  [[nodiscard]] const std::string& digits_heard() const { return digits_heard_; }
  [[nodiscard]] const std::string& tones_heard() const { return tones_heard_; }
  [[nodiscard]] std::size_t open_transactions() const;
  [[nodiscard]] const std::vector<std::unique_ptr<CallSide>>& calls() const { return calls_; }

  // ---- sip::TransactionUser
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) override;
  void on_ack(const sip::Message& ack, const sip::Flow& flow) override;
  void on_cancel(sip::ServerTransactionId invite) override;
  void on_ack_timeout(sip::ServerTransactionId invite) override;
  void on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                   const sip::Flow& flow) override;
  void on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure failure) override;
  void on_stray_response(const sip::Message& response, const sip::Flow& flow) override;

 private:
  static constexpr std::uint16_t kSipPort = 5060;
  static constexpr std::uint16_t kRtpPort = 20000;
  static constexpr std::uint16_t kVideoPort = 20002;
  static constexpr std::uint64_t kRegisterToken = 1'000'000;
  static constexpr std::uint64_t kTextToken = 1'000'001;
  static constexpr std::uint64_t kLampTokens = 2'000'000;  // and the lamp's place

  [[nodiscard]] std::string sdp(std::string_view direction = "sendrecv",
                                const std::vector<int>& payload_types = {});
  void say_again();  // in a call: what its description is now
  [[nodiscard]] std::string video_line(bool taken, std::string_view direction) const;
  [[nodiscard]] std::string answer_sdp(CallSide& call, std::string_view offer);
  [[nodiscard]] std::size_t token_of(const CallSide& call) const;
  // sim_phone_dialog.cpp
  void send_change(CallSide& call, sip::Method method, const std::string& body);
  void on_change_request(sip::ServerTransactionId id, const sip::Message& request, CallSide& call);
  void on_change_response(CallSide& call, const sip::Message& response);
  void on_prack(sip::ServerTransactionId id, const sip::Message& request, CallSide& call);
  void send_reliably(CallSide& call, int status, const std::string& body);
  void ring_as_forks(CallSide& call);
  void take_provisional(CallSide& call, const sip::Message& response);
  bool judge_session(CallSide& call, sip::ServerTransactionId id, const sip::Message& request);
  void start_session(CallSide& call, const sip::Message& response);
  void refresh_later(std::size_t index);
  void on_text(sip::ServerTransactionId id, const sip::Message& request);
  void send_text(const std::string& authorization);
  // sim_phone_lamps.cpp
  void send_subscribe(Lamp& lamp, const std::string& authorization);
  void on_subscribe_response(Lamp& lamp, const sip::Message& response);
  void on_notify(sip::ServerTransactionId id, const sip::Message& request);
  [[nodiscard]] std::string invite_lines() const;
  [[nodiscard]] std::string contact() const;
  [[nodiscard]] std::string uri_of(const CallSide& call) const;
  void send_register(const std::string& authorization);
  void send_invite(CallSide& call, const std::string& authorization);
  void send_in_dialog(CallSide& call, sip::Method method, std::string_view type = {},
                      std::string_view body = {});
  void send_ack(CallSide& call, const sip::Message& response);
  void respond(sip::ServerTransactionId id, const sip::Message& request, int status, std::string_view tag,
               std::string_view body = {}, std::string_view lines = {});
  void respond_to_invite(CallSide& call, int status, std::string_view body = {}, std::string_view lines = {});
  void on_invite(sip::ServerTransactionId id, const sip::Message& request);
  void on_invite_response(CallSide& call, const sip::Message& response);
  void on_register_response(const sip::Message& response);
  void end(CallSide& call, const sip::Message* because);
  void take_sdp(CallSide& call, std::string_view body);
  [[nodiscard]] CallSide* find(std::string_view call_id);
  [[nodiscard]] std::string credentials(const sip::Message& challenge, std::string_view method,
                                        std::string_view uri);
  void talk();
  [[nodiscard]] std::string next_sound(media::G711 law);
  void hear_tones(media::G711 law, std::string_view payload);
  void send_rtp(const SocketAddress& to, std::uint8_t payload_type, std::string_view payload, bool marker);
  void send_picture(const SocketAddress& to);
  void on_rtp(std::string_view bytes);

  const runtime::Scheduler scheduler_;
  SimNetwork& network_;
  IpAddress ip_;
  SocketAddress server_;
  Account account_;
  std::string secret_;  // the right one
  char voice_;
  SimWire wire_;
  sip::TransactionLayer transactions_;
  std::vector<std::unique_ptr<CallSide>> calls_;
  std::string register_call_id_;
  std::string contact_user_;
  std::string presented_;
  std::string contact_parameters_;
  std::string register_lines_;
  std::uint32_t register_cseq_ = 0;
  std::uint32_t register_expires_ = 3600;
  bool register_tried_credentials_ = false;
  int register_status_ = 0;
  bool silent_ = false;
  bool early_ = false;
  bool busy_when_talking_ = false;
  bool late_offer_ = false;
  runtime::TimerId talk_timer_;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t event_heard_ = 0xffffffff;
  std::string digits_heard_;
  std::vector<std::int16_t> tones_;  // still to be sent
  media::ToneDetector tone_detector_{8'000};
  std::string tones_heard_;
  std::map<char, int> heard_;
  std::map<char, int> seen_;
  bool video_ = false;
  bool camera_ = true;  // as far as there is video_
  bool has_said_video_ = false;  // in this call; a media line never goes away (RFC 3264 §8)
  std::uint64_t sdp_version_ = 0;
  std::string reliable_field_;
  bool reliable_ = false;
  bool pracks_ = true;
  bool acknowledges_ = true;
  bool refuses_changes_ = false;
  bool updates_ = false;
  int forks_ = 0;
  Session session_;
  std::vector<int> codecs_ = {8, 0, 101};
  std::uint32_t least_session_ = 0;  // learned by 422
  std::vector<Lamp> lamps_;
  std::vector<std::string> texts_;
  std::string text_number_;
  std::string text_call_id_;
  std::string text_tag_;
  std::string text_;
  int text_status_ = 200;
  int text_answer_ = 0;
  std::uint32_t text_cseq_ = 0;
  bool text_tried_ = false;
  std::string last_error_;
};

}  // namespace xivo::flow
