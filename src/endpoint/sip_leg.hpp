#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/leg.hpp"
#include "endpoint/offer_answer.hpp"
#include "endpoint/registrar.hpp"
#include "endpoint/reliable_provisionals.hpp"
#include "endpoint/response_template.hpp"
#include "endpoint/session/key_presses.hpp"
#include "endpoint/session/session_change.hpp"
#include "endpoint/session/session_timer.hpp"
#include "endpoint/trunk/trunk_side.hpp"
#include "media/engine.hpp"
#include "model/routing/trace_text.hpp"
#include "sip/dialog.hpp"
#include "sip/locate.hpp"
#include "sip/transaction.hpp"

namespace xivo::sdp {
struct Session;
}

namespace xivo::endpoint {

class UserAgent;

/// A leg over SIP: one INVITE dialog with one phone, and its media session.
///
/// Incoming: created from an INVITE that has been authenticated; the call rings, answers or refuses it. Outgoing: start()
/// sends the INVITE. on_ended() is told as soon as the call need not care any more; the leg itself lives on until
/// signalling is over (a CANCEL may be crossed by a 200, which is acknowledged and ended by BYE) and its media session has
/// told its figures; then on_gone().
///
/// What has states of its own is a machine of its own: OfferAnswer, ReliableProvisionals, SessionTimer, SessionChange.
/// Thread  the shard's.
class SipLeg final : public call::Leg, public media::SessionUser, private SessionChange::User {
 public:
  /// Phones behind a proxy that may answer one INVITE of ours, each with its own early dialog; more are not looked at.
  static constexpr std::size_t kEarlyDialogsMax = 8;
  /// How long one flow of a phone may be silent before the INVITE goes by the next.
  static constexpr auto kFlowSilenceMax = std::chrono::seconds(4);
  /// How long a browser whose WebSocket is gone has to come back by another one.
  static constexpr auto kReturnMax = std::chrono::seconds(10);
  /// How often an INVITE is sent again because of a 422.
  static constexpr int kRaisesMax = 3;

  struct IncomingInvite {
    sip::ServerTransactionId transaction;
    const sip::Message& request;
    sip::Flow flow;
    std::string channel;
    SessionTimer::Accepted session;  // what SessionTimer::judge() made of it
    std::optional<TrunkSide> trunk{};  // an operator calls
  };
  /// How one flow of a phone is reached.
  struct Way {
    sip::Flow flow;
    std::string request_uri;
    std::vector<std::string> route;  // RFC 3327
  };
  struct OutgoingInvite {
    sip::Flow flow;
    std::string request_uri;
    std::vector<std::string> route;
    std::vector<Way>
        others;  // further flows of the same phone, tried one after the other       RFC 5626 §5.3.1
    std::string exten;  // for To
    call::Party caller;  // for From
    std::string diverted_by{};  // the number of ours that sent the call on; for Diversion
    std::string channel;
    std::vector<media::Codec> offer;
    std::optional<media::Video> video{};  // of the caller
    int max_forwards = 70;
    /// The host has to be found first, and may be in several places; then `flow` says nothing yet.
    std::optional<sip::Whereabouts> where{};
    media::SessionId beside{};
    std::vector<sip::Target> targets{};  // that have not been tried
    std::optional<TrunkSide> trunk{};  // an operator is called
  };

  SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, IncomingInvite invite);
  SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, OutgoingInvite invite);
  ~SipLeg() override;

  /// Takes the offer of an incoming INVITE (null: none, we shall offer) and opens the media session.
  /// Errors  "no codec in common", "no free media port", those of takeable_audio()
  Result<void> prepare(const sdp::Session* offer, const call::Allowance& allowance);
  /// Opens the media session beside that of the caller and sends the INVITE. False: no media port.
  bool prepare(media::SessionId beside);
  void start();
  /// What the search for the host found; the best first.
  void on_located(std::vector<sip::Target> targets);
  /// Nothing has come from the place that was tried last, and there is another.
  void on_target_silent();

  /// Ties the leg to the dialog that its INVITE asks for: our tag names the leg's id, so this follows its adoption.
  void bind_dialog(const sip::Message& request);
  /// Counts the leg among the channels of its trunk, for as long as it lasts. False: there are `most` already (0: no limit).
  bool claim_channel(std::int64_t most);
  /// The caller asked for this one device of a line, by its GRUU.                               RFC 5627 §5.5
  void want_device(Registrar::Device device) { device_ = std::move(device); }
  [[nodiscard]] const std::optional<Registrar::Device>& wanted_device() const { return device_; }
  [[nodiscard]] sip::ClientTransactionId invite_transaction() const { return client_; }
  [[nodiscard]] bool matches(std::string_view our_tag, std::string_view call_id) const;
  /// Whether the dialog with that tag of the phone exists, answered or not.
  [[nodiscard]] bool has_dialog(std::string_view remote_tag) const;

  // ---- call::Leg
  [[nodiscard]] media::SessionId media() const override { return offers_.session(); }
  [[nodiscard]] const media::QualitySample* quality() const override {
    return quality_ ? &*quality_ : nullptr;
  }
  [[nodiscard]] media::SessionId video() const override { return offers_.video(); }
  [[nodiscard]] const media::Description& remote() const override { return offers_.remote(); }
  [[nodiscard]] const std::vector<media::Codec>& negotiated() const override { return offers_.negotiated(); }
  [[nodiscard]] std::string remote_address() const override { return flow_.remote.to_string(); }
  void ring() override;
  void being_forwarded() override;
  void progress(const media::Description& ours) override;
  void answer(const media::Description& ours) override;
  void answer_offer(const media::Description& ours) override;
  void renegotiate(const media::Description& ours) override;
  void hang_up(call::Cause cause, bool elsewhere) override;
  void send_info(std::string_view content_type, std::string_view body) override;
  void send_digit(char digit, call::KeyPress how) override;
  void play(std::string_view sound, std::string_view language, bool loop) override;
  void stop_playing() override;
  void echo(bool on) override;

  // ---- from the user agent
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  void on_ack(const sip::Message& ack);
  void on_cancel(sip::ServerTransactionId invite);
  void on_ack_timeout(sip::ServerTransactionId id);
  void on_response(sip::ClientTransactionId id, const sip::Message& response, const sip::Flow& flow);
  void on_failure(sip::ClientTransactionId id, sip::ClientFailure failure);
  /// A WebSocket is gone; when it is this leg's, its call ends unless a request comes by another one in time.
  void on_websocket_gone(const sip::Flow& flow);

  // ---- media::SessionUser
  void on_play_ended(media::SessionId id, bool reached_end) override;
  void on_digit(media::SessionId id, char digit, std::chrono::milliseconds held) override;
  void on_closed(media::SessionId id, const media::Statistics& statistics) override;
  void on_silent(media::SessionId id, std::chrono::seconds silence) override;
  void on_quality(media::SessionId id, const media::QualitySample& sample) override;
  void on_keys_agreed(media::SessionId id, std::string_view suite) override;
  void on_key_exchange_failed(media::SessionId id, std::string_view reason) override;

 private:
  /// The INVITE of a phone, until its 2xx is acknowledged.
  struct TheirInvite {
    sip::ServerTransactionId transaction;
    std::uint32_t cseq = 0;
    ResponseTemplate response;
    bool supports_100rel = false;
    bool requires_100rel = false;
    bool described = false;  // a description of ours has gone out in a provisional
    bool settled = false;  // and offer and answer are complete, each having been acknowledged
    std::string
        said;  // the answer of a 183 that is not acknowledged: the 200 says it again (RFC 3261 §13.2.1)
    SessionTimer::Accepted session;
    std::optional<media::Description> answer_waits;  // the 200 that must wait for a PRACK
    std::unique_ptr<ReliableProvisionals> reliable;
    bool awaiting_ack = false;
    bool ack_answers = false;  // late offer: the ACK carries the answer
    std::optional<call::Cause> bye_after_ack;
  };
  /// A re-INVITE or UPDATE of the phone that has not been answered.
  struct TheirChange {
    sip::ServerTransactionId transaction;
    std::uint32_t cseq = 0;
    bool invite = false;
    std::string remote_tag;
    std::string target;
    ResponseTemplate response;
    SessionTimer::Accepted session;
  };
  /// A re-INVITE that has got its 2xx and not sent its ACK.
  struct Unacknowledged {
    sip::ServerTransactionId transaction;
    std::uint32_t cseq = 0;
    bool ack_answers = false;
  };
  /// What one phone behind our INVITE has made of it so far.
  struct EarlyDialog {
    sip::Dialog dialog;
    ReliableOrder order;
    std::string answer;  // to our offer
    bool settled = false;  // the answer came reliably
  };

  // sip_leg.cpp: what both directions share
  void trace_sent(std::string_view text);
  void trace_received(const sip::Message& message);
  using Remark = model::routing::Remark;
  void remark(Remark what, model::routing::Facts facts = {}, TraceRing::Kind kind = TraceRing::Kind::State);
  [[nodiscard]] std::string dialog_lines() const;
  [[nodiscard]] std::string warning(int code) const;
  [[nodiscard]] std::string retry_soon() const;
  void respond_in_dialog(sip::ServerTransactionId id, const sip::Message& request, int status,
                         std::string_view lines = {}, std::string_view body = {});
  sip::ClientTransactionId send_request(sip::Dialog& dialog, sip::Method method, std::string_view lines = {},
                                        std::string_view content_type = {}, std::string_view body = {});
  void send_ack(const sip::Message& response);
  void send_bye(call::Cause cause);
  void end(const call::Ending& ending);
  void expect_answer_by_flow();
  bool try_next_flow();
  void release();
  void gone(const media::Statistics& statistics);
  void tell_held();
  [[nodiscard]] sip::Flow flow_of(const sip::Dialog& dialog) const;
  [[nodiscard]] sip::Dialog* dialog_with(std::string_view remote_tag);
  [[nodiscard]] call::Allowance allowance() const;
  void configure_media();
  [[nodiscard]] DtmfMode dtmf_mode() const;
  void play_digit(char digit);

  // sip_leg_incoming.cpp
  [[nodiscard]] std::string description_for(const media::Description& ours);
  void send_provisional(int status, const std::string& body);
  void send_final(int status, std::string_view lines);
  void on_prack(sip::ServerTransactionId id, const sip::Message& request);
  [[nodiscard]] std::optional<std::string> take_prack_body(const sip::Message& request, int& status);
  void on_prack_missing();

  // sip_leg_located.cpp
  void locate();
  bool try_next_target();
  void watch_target(runtime::Duration patience);
  void cannot_be_found();

  // sip_leg_trunk.cpp: what is different with an operator
  void take_side(std::optional<TrunkSide>& side);
  [[nodiscard]] std::string credentials(sip::Method method, std::string_view uri);
  [[nodiscard]] bool answer_challenge(const sip::Message& response);
  void leave_trunk(const call::Ending& ending);

  // sip_leg_outgoing.cpp
  void send_invite();
  [[nodiscard]] std::string from_value() const;
  [[nodiscard]] std::string diversion_line() const;
  [[nodiscard]] std::string to_value() const;
  void on_provisional(const sip::Message& response);
  void on_success(const sip::Message& response);
  void on_refusal(const sip::Message& response);
  [[nodiscard]] EarlyDialog* early_dialog(const sip::Message& response);
  [[nodiscard]] bool agree(const EarlyDialog* early, const sip::Message& response);
  [[nodiscard]] std::string redirect_of(const sip::Message& response) const;
  void end_fork(const sip::Message& response);

  // sip_leg_dialog.cpp
  void on_change(sip::ServerTransactionId id, const sip::Message& request);
  [[nodiscard]] int too_early(const sip::Message& request, bool describes) const;
  void take_change_offer(std::string_view description);
  void accept_change(const std::string& body, bool ack_answers);
  void refuse_change(int status, std::string_view lines);
  void on_bye(sip::ServerTransactionId id, const sip::Message& request);
  void on_info(sip::ServerTransactionId id, const sip::Message& request);
  void on_refer(sip::ServerTransactionId id, const sip::Message& request);

  // sip_leg_change.cpp: our re-INVITE and UPDATE
  void on_change_response(const sip::Message& response);
  void follow(const sip::Flow& flow);
  void on_session_expired();
  [[nodiscard]] bool may_change() const override;
  bool send_change(const SessionWish& wish) override;
  void on_change_failed(const SessionWish& wish, SessionChange::Outcome outcome) override;

  UserAgent& agent_;
  sip::Flow flow_;
  bool sips_ = false;  // the INVITE was for sips:, so our Contact has to be (RFC 3261 §12.1.1)
  std::string local_tag_;
  std::string call_id_;
  std::optional<sip::Dialog> dialog_;
  std::uint32_t invite_cseq_ = 0;

  std::unique_ptr<TheirInvite> invite_;
  std::unique_ptr<TheirChange> asking_;
  std::optional<Unacknowledged> unacknowledged_;

  // Our INVITE to a phone.
  std::optional<Registrar::Device> device_;
  runtime::TimerId flow_timer_;
  std::unique_ptr<OutgoingInvite> outgoing_;  // until its final response
  std::vector<EarlyDialog> early_;
  std::string heard_tag_;  // the early dialog whose answer is in force
  sip::ClientTransactionId client_;
  sip::Locator::Id search_;
  runtime::TimerId target_timer_;
  int raises_ = 0;
  std::unique_ptr<TrunkSide> side_;  // none: a phone, or a peer
  KeyQueue keys_;

  OfferAnswer offers_;
  SessionTimer timer_;
  SessionChange change_;
  sip::ClientTransactionId change_client_;
  bool change_by_invite_ = false;
  bool remote_updates_ = false;  // the phone allows UPDATE
  bool closing_ = false;
  std::optional<media::QualitySample> quality_;  // of the last seconds
  std::optional<media::Statistics> figures_;  // told, while those of the video are waited for
};

}  // namespace xivo::endpoint
