// A peer that is known by name: finding it, and going on to its next place when one does not answer.        RFC 3263 §4.3
#include "call/call_registry.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"

namespace xivo::endpoint {
namespace {

/// How long one of several places may say nothing at all. The transaction itself would wait for 32 s.
constexpr auto kSilenceMax = std::chrono::seconds(4);
/// The same of an operator's last place: the next trunk is to be tried while the caller still waits.
constexpr auto kOperatorSilenceMax = std::chrono::seconds(8);

}  // namespace

void SipLeg::locate() {
  const auto& where = *outgoing_->where;
  remark(Remark::LookedFor, {{"host", where.host}});
  if (agent_.locator() == nullptr) return cannot_be_found();
  search_ =
      agent_.locator()->locate(where, [&agent = agent_, leg = id()](const std::vector<sip::Target>& targets) {
        agent.on_located(leg, targets);
      });
}

void SipLeg::on_located(std::vector<sip::Target> targets) {
  if (!search_ || state_ == call::LegState::Ended) return;
  search_ = {};
  outgoing_->targets = std::move(targets);
  if (!try_next_target()) cannot_be_found();
}

void SipLeg::cannot_be_found() {
  remark(Remark::NotFound, {{"host", outgoing_->where->host}});
  end({call::Cause::DestinationOutOfOrder, 503, true});
  release();
}

// False: there is none, and what is known of the last one stands.
bool SipLeg::try_next_target() {
  agent_.scheduler().timers.cancel(target_timer_);
  if (state_ == call::LegState::Up || state_ == call::LegState::Ended || !outgoing_) return false;
  while (!outgoing_->targets.empty()) {
    const auto target = outgoing_->targets.front();
    outgoing_->targets.erase(outgoing_->targets.begin());
    const auto flow = agent_.wire().flow_to_host(target.transport, target.address, outgoing_->where->host);
    if (flow.local.port == 0) continue;  // of a family or by a transport that we do not have
    flow_ = flow;
    if (!offers_.session() && !prepare(outgoing_->beside)) {
      end({call::Cause::Congestion, 0, false});
      release();
      return true;
    }
    remark(Remark::FoundAt, {{"host", outgoing_->where->host}, {"address", flow_.to_string()}});
    early_ = {};
    heard_tag_ = {};
    send_invite();
    if (state_ == call::LegState::Ended) return true;
    if (!outgoing_->targets.empty()) {
      watch_target(kSilenceMax);
    } else if (side_) {
      watch_target(kOperatorSilenceMax);
    }
    return true;
  }
  return false;
}

void SipLeg::watch_target(runtime::Duration patience) {
  target_timer_ =
      agent_.scheduler().timers.set(patience, [&agent = agent_, leg = id()] { agent.on_target_silent(leg); });
}

void SipLeg::on_target_silent() {
  const auto silent = client_;
  remark(Remark::NoAnswerFromNetwork);
  const bool next = try_next_target();
  if (!next && !side_) return;
  // Should it wake up after all, its phone is not to ring.
  agent_.transactions().cancel(silent);
  agent_.transactions().forget(silent);
  if (next) return;
  end({call::Cause::NoUserResponding, 408, true});
  release();
}

}  // namespace xivo::endpoint
