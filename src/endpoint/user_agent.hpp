#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "call/call_registry.hpp"
#include "call/dialer.hpp"
#include "call/negotiation.hpp"
#include "endpoint/defence/authenticator.hpp"
#include "endpoint/defence/delayed_answers.hpp"
#include "endpoint/defence/doorkeeper.hpp"
#include "endpoint/defence/failure_memory.hpp"
#include "endpoint/hops.hpp"
#include "endpoint/message_relay.hpp"
#include "endpoint/nat/keeper.hpp"
#include "endpoint/notify/notifier.hpp"
#include "endpoint/registrar.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/trunk/parting.hpp"
#include "endpoint/trunk/trunk_group.hpp"
#include "endpoint/trunk/trunk_ledger.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/locate.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// The SIP side of one shard: hands requests to the registrar, to the legs of calls or to a new call, and dials.
/// A dialog is found without a table: our tags name the leg ("s<shard>-<leg>-<random>").
/// Thread  the shard's.
class UserAgent final : public sip::TransactionUser, public call::Dialer {
 public:
  struct Options {
    unsigned shard = 0;
    std::string server = "XiVO";  // User-Agent and Server
    std::string realm = "xivo";
    std::vector<sip::digest::Algorithm> digest = {sip::digest::Algorithm::Md5};  // offered, in order
    Registrar::Limits registrar;
    Doorkeeper::Limits door;
    AttemptLedger::Limits attempts;
    std::optional<sip::TemporaryGruus::Key> gruu_key;  // none: temporary GRUUs end with the process
    sip::TransactionTimers timers;
    sip::TransactionLayer::Limits transactions;
    SessionTimer::Options session_timer;
    MessageRelay::Limits messages;
    Notifier::Limits notifier;
    std::uint32_t retry_after_seconds = 5;  // told when a limit is reached
    std::chrono::seconds nat_interval =
        NatKeeper::kIntervalDefault;  // between keep-alives to phones behind NAT
    std::string trunk_key;  // TrunkGroup's; empty: registrars see other contacts of us after a restart
  };

  struct Parts {
    sip::Wire& wire;
    media::Engine& media;
    call::CallRegistry& calls;
    const model::ConfigSource& config;
    BindingStorage& bindings;
    runtime::DnsResolver* resolver = nullptr;  // without one, hosts that are known by name cannot be reached
    const ContactSource* contacts =
        nullptr;  // of a shard that takes no registrations and looks after no trunks; none: its own registrar
    TrunkBoard* trunks = nullptr;  // shared by the shards; none: a shard alone
    std::shared_ptr<sip::digest::NonceLedger> nonces{};  // likewise
  };

  UserAgent(const runtime::Scheduler& scheduler, const Parts& parts, const Options& options);
  ~UserAgent() override;

  [[nodiscard]] sip::TransactionLayer& transactions() { return transactions_; }
  [[nodiscard]] Registrar& registrar() { return registrar_; }
  [[nodiscard]] FailureMemory& failures() { return failures_; }
  [[nodiscard]] TrunkGroup* trunks() { return trunk_group_ ? &*trunk_group_ : nullptr; }  // of one shard
  [[nodiscard]] TrunkLedger& trunk_ledger() { return trunk_ledger_; }
  [[nodiscard]] Parting& parting() { return parting_; }
  [[nodiscard]] Notifier& notifier() { return notifier_; }
  [[nodiscard]] Doorkeeper& doorkeeper() { return doorkeeper_; }
  /// Whether a message goes on to transactions(): asked before anything is parsed.
  bool admit(const sip::Flow& flow, char* bytes, std::size_t size);
  /// A stream is gone: transactions and bindings that came by it are told.
  void on_flow_failed(const sip::Flow& flow);

  // ---- for legs
  [[nodiscard]] const runtime::Scheduler& scheduler() const { return scheduler_; }
  [[nodiscard]] media::Engine& media() { return media_; }
  [[nodiscard]] call::CallRegistry& calls() { return calls_; }
  [[nodiscard]] sip::Wire& wire() { return wire_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] sip::Locator* locator() { return locator_ ? &*locator_ : nullptr; }
  void on_located(call::LegId leg, const std::vector<sip::Target>& targets);
  void on_target_silent(call::LegId leg);
  /// Where that host is, if that is known by now; otherwise it will be known the next time.
  [[nodiscard]] std::optional<sip::Target> known_place(const sip::Whereabouts& where);
  [[nodiscard]] std::string new_tag(call::LegId leg);
  [[nodiscard]] std::string new_call_id();
  /// "Server: XiVO/1.0" with its line end.
  [[nodiscard]] std::string server_line() const { return "Server: " + options_.server + "\r\n"; }
  /// "Retry-After: 5" with its line end: what a limit that is reached says.
  [[nodiscard]] std::string retry_after_line() const;
  /// Our Contact for that path; `sips`: of a dialog that is to be secure all the way.
  [[nodiscard]] std::string contact(const sip::Flow& flow, bool sips = false) const;
  /// Remembers which leg an INVITE transaction of a phone belongs to, until forget_invite().
  void remember_invite(sip::ServerTransactionId id, call::LegId leg) { invites_[id] = leg; }
  void forget_invite(sip::ServerTransactionId id) { invites_.erase(id); }

  /// An INVITE went unanswered on a flow of a phone.
  void on_flow_silent(model::SipLineId line, const sip::Flow& flow) {
    if (tell_flow_silent) return tell_flow_silent(line, flow);
    registrar_.on_flow_silent(line, flow);
  }
  /// Set where another shard keeps the registrations.
  std::function<void(model::SipLineId line, const sip::Flow& flow)> tell_flow_silent;

  // ---- call::Dialer
  std::vector<call::LegId> dial(const call::Dial& dial) override;
  [[nodiscard]] int contacts_of(model::SipLineId line) const override;
  [[nodiscard]] bool trunk_usable(model::TrunkId trunk) const override;

  // ---- sip::TransactionUser
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) override;
  void on_ack(const sip::Message& ack, const sip::Flow& flow) override;
  void on_cancel(sip::ServerTransactionId invite) override;
  void on_ack_timeout(sip::ServerTransactionId invite) override;
  void on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                   const sip::Flow& flow) override;
  void on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure failure) override;
  void on_stray_response(const sip::Message& response, const sip::Flow& flow) override;
  void on_malformed(const sip::Flow& flow) override { doorkeeper_.on_malformed(flow); }

 private:
  [[nodiscard]] SipLeg* leg_of_tag(std::string_view our_tag, std::string_view call_id) const;
  [[nodiscard]] SipLeg* leg_of(call::LegId id) const;
  void respond(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow, int status,
               std::string_view lines = {});
  /// Where the phones of a line are: paths and Request-URIs.
  [[nodiscard]] std::vector<MessageRelay::Target> targets_of(const model::SipLine& line,
                                                             const std::string& exten,
                                                             const Registrar::Device* only) const;
  void on_new_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  /// Who a new call is from, for its leg.
  struct NewCaller {
    model::SipLineId line;
    call::Party party;
    std::string name;  // of the channel
    call::Allowance allowance;
    std::optional<TrunkSide> trunk{};
  };
  /// The leg of a new call; null: it has been refused.
  std::unique_ptr<SipLeg> take_call(sip::ServerTransactionId id, const sip::Message& request,
                                    const sip::Flow& flow, NewCaller caller);
  bool start_trunk_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  std::vector<call::LegId> dial_trunk(const call::Dial& dial);
  void start_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                  const Authenticator::Known& caller);
  [[nodiscard]] call::Party caller_of(const sip::Message& request, const model::SipLine& line,
                                      bool by_address) const;
  bool refuse_new_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  bool refuse_replaces(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  void on_options(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  void on_subscribe(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  void on_text(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  [[nodiscard]] std::optional<Authenticator::Known> known_caller(sip::ServerTransactionId id,
                                                                 const sip::Message& request,
                                                                 const sip::Flow& flow);
  [[nodiscard]] bool is_ours(const sip::Message& request) const;
  [[nodiscard]] std::vector<std::vector<SipLeg::Way>> ways_to(const model::SipLine& line,
                                                              const std::string& exten,
                                                              const Registrar::Device* only) const;
  [[nodiscard]] std::optional<Registrar::Device> device_of(const sip::Message& request, bool& refused) const;
  bool refuse_outside_dialog(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);

  const runtime::Scheduler scheduler_;
  sip::Wire& wire_;
  media::Engine& media_;
  call::CallRegistry& calls_;
  const model::ConfigSource& config_;
  Options options_;
  sip::TransactionLayer transactions_;
  FailureMemory failures_;
  Authenticator authenticator_;
  Doorkeeper doorkeeper_;
  DelayedAnswers delayed_;
  Registrar registrar_;
  const ContactSource& contacts_;
  NatKeeper nat_keeper_;
  MessageRelay messages_;
  Notifier notifier_;
  std::unordered_map<sip::ServerTransactionId, call::LegId> invites_;
  Parting parting_;
  TrunkLedger trunk_ledger_;
  TrunkBoard own_board_;
  TrunkBoard& trunk_board_;
  std::optional<sip::Locator> locator_;
  std::optional<Hops> hops_;  // after locator_, which it asks
  std::optional<TrunkGroup> trunk_group_;  // the same
};

}  // namespace xivo::endpoint
