#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/leg.hpp"
#include "endpoint/response_template.hpp"
#include "media/engine.hpp"
#include "sip/dialog.hpp"
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
/// Thread  the shard's.
class SipLeg final : public call::Leg, public media::SessionUser {
 public:
  struct IncomingInvite {
    sip::ServerTransactionId transaction;
    const sip::Message& request;
    sip::Flow flow;
    std::string channel;
  };
  struct OutgoingInvite {
    sip::Flow flow;
    std::string request_uri;
    std::string exten;  // for To
    call::Party caller;  // for From
    std::string channel;
    std::vector<media::Codec> offer;
    int max_forwards = 70;
  };

  SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, IncomingInvite invite);
  SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, OutgoingInvite invite);
  ~SipLeg() override;

  /// Takes the offer of an incoming INVITE (an empty session: none, we shall offer) and opens the media session.
  /// Errors  "no codec in common", "no free media port"
  Result<void> prepare(const sdp::Session* offer, const std::vector<std::string>& line_codecs);
  /// Opens the media session beside that of the caller and sends the INVITE. False: no media port; the leg may be dropped.
  bool prepare(media::SessionId beside);
  void start();

  /// Ties the leg to the dialog that its INVITE asks for: our tag names the leg's id, so this follows its adoption.
  void bind_dialog(const sip::Message& request);
  [[nodiscard]] sip::ClientTransactionId invite_transaction() const { return client_; }
  [[nodiscard]] bool matches(std::string_view our_tag, std::string_view call_id) const;

  // ---- call::Leg
  [[nodiscard]] media::SessionId media() const override { return session_.id; }
  [[nodiscard]] const media::Description& remote() const override { return remote_; }
  [[nodiscard]] const std::vector<media::Codec>& negotiated() const override { return negotiated_; }
  [[nodiscard]] std::string remote_address() const override { return flow_.remote.to_string(); }
  void ring() override;
  void progress(const media::Description& ours) override;
  void answer(const media::Description& ours) override;
  void hang_up(call::Cause cause, bool elsewhere) override;
  void send_info(std::string_view content_type, std::string_view body) override;
  void play(std::string_view sound, std::string_view language, bool loop) override;
  void stop_playing() override;
  void echo(bool on) override;

  // ---- from the user agent
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  void on_ack(const sip::Message& ack);
  void on_cancel();
  void on_ack_timeout(sip::ServerTransactionId id);
  void on_response(sip::ClientTransactionId id, const sip::Message& response, const sip::Flow& flow);
  void on_failure(sip::ClientTransactionId id, sip::ClientFailure failure);

  // ---- media::SessionUser
  void on_play_ended(media::SessionId id, bool reached_end) override;
  void on_digit(media::SessionId id, char digit, std::chrono::milliseconds held) override;
  void on_closed(media::SessionId id, const media::Statistics& statistics) override;

 private:
  // sip_leg.cpp: what both directions share
  void trace_sent(std::string_view text);
  void trace_received(const sip::Message& message);
  void respond_in_dialog(sip::ServerTransactionId id, const sip::Message& request, int status,
                         std::string_view lines = {});
  void send_request(sip::Method method, std::string_view lines = {}, std::string_view content_type = {},
                    std::string_view body = {});
  void send_ack(const sip::Message& response);
  void send_bye(call::Cause cause);
  void end(const call::Ending& ending);
  void release();
  void gone(const media::Statistics& statistics);
  void update_remote();
  [[nodiscard]] sip::Flow next_flow() const;
  [[nodiscard]] std::string local_offer();
  [[nodiscard]] bool take_answer(std::string_view body);

  // sip_leg_incoming.cpp
  void send_final(int status, std::string_view lines);
  [[nodiscard]] std::string dialog_lines() const;
  [[nodiscard]] std::string answer_body(const std::vector<media::Codec>& codecs);

  // sip_leg_outgoing.cpp
  void on_provisional(const sip::Message& response);
  void on_success(const sip::Message& response, const sip::Flow& flow);
  void end_fork(const sip::Message& response);

  // sip_leg_dialog.cpp
  void on_reinvite(sip::ServerTransactionId id, const sip::Message& request);
  void on_bye(sip::ServerTransactionId id, const sip::Message& request);
  void on_info(sip::ServerTransactionId id, const sip::Message& request);

  UserAgent& agent_;
  sip::Flow flow_;
  std::string local_tag_;
  std::string call_id_;
  std::optional<sip::Dialog> dialog_;

  // The INVITE of a phone, until it is answered and acknowledged.
  sip::ServerTransactionId invite_;
  ResponseTemplate response_;
  std::unique_ptr<sdp::Session> offer_;  // theirs, until answered
  std::string progress_body_;  // the answer already given in a 183
  std::uint32_t invite_cseq_ = 0;
  bool awaiting_ack_ = false;
  bool offered_in_response_ = false;  // late offer: the ACK carries the answer
  std::optional<call::Cause> bye_after_ack_;
  sip::ServerTransactionId reinvite_;
  std::uint32_t reinvite_cseq_ = 0;

  // Our INVITE to a phone.
  std::unique_ptr<OutgoingInvite> outgoing_;
  sip::ClientTransactionId client_;
  bool early_answer_ = false;  // the answer has come in a provisional

  media::Engine::Opened session_;
  bool closing_ = false;
  std::uint64_t sdp_session_id_ = 0;
  std::uint64_t sdp_version_ = 0;
  media::Description remote_;
  std::vector<media::Codec> negotiated_;
  media::Direction direction_ = media::Direction::SendRecv;
};

}  // namespace xivo::endpoint
