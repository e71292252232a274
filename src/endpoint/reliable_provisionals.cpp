// Provisional responses that are acknowledged.                                                      RFC 3262
#include "endpoint/reliable_provisionals.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::uint64_t kFirstRSeqBelow = std::uint64_t{1}
                                          << 30;  // §3 asks for 1..2^31-1, and it must not wrap

}  // namespace

std::optional<RAck> RAck::parse(std::string_view value) {
  std::string_view words[3];
  std::size_t found = 0;
  for (const auto word : text::split(value, ' ')) {
    const auto trimmed = text::trim(word);
    if (trimmed.empty()) continue;
    if (found == 3) return std::nullopt;
    words[found++] = trimmed;
  }
  const auto rseq = text::parse_decimal<std::uint32_t>(words[0]);
  const auto cseq = text::parse_decimal<std::uint32_t>(words[1]);
  if (found != 3 || !rseq || !cseq) return std::nullopt;
  return RAck{*rseq, *cseq, sip::method_from(words[2])};
}

std::uint32_t ReliableProvisionals::next_rseq() {
  if (rseq_ == 0) {
    rseq_ = static_cast<std::uint32_t>(1 + scheduler_.rng.below(kFirstRSeqBelow));
  } else if (queue_.size() < kQueuedMax) {
    ++rseq_;
  }
  return rseq_;
}

void ReliableProvisionals::send(int status, std::string bytes, bool described) {
  if (queue_.size() >= kQueuedMax) return;
  queue_.push_back({rseq_, status, std::move(bytes), described});
  if (queue_.size() == 1) send_first();
}

bool ReliableProvisionals::description_waits() const {
  for (const auto& queued : queue_) {
    if (queued.described) return true;
  }
  return false;
}

void ReliableProvisionals::send_first() {
  interval_ = timers_.t1;
  waited_ = {};
  const auto& first = queue_.front();
  timer_ = scheduler_.timers.set(interval_, [this] { on_timer(); });
  user_.send(first.status, first.bytes);
}

void ReliableProvisionals::on_timer() {
  timer_ = {};
  waited_ += interval_;
  if (waited_ >= timers_.t1 * 64) {
    queue_.clear();
    return user_.given_up();
  }
  interval_ = std::min(interval_ * 2, timers_.t1 * 64 - waited_);
  timer_ = scheduler_.timers.set(interval_, [this] { on_timer(); });
  user_.send(queue_.front().status, queue_.front().bytes);
}

bool ReliableProvisionals::on_prack(const RAck& rack, std::uint32_t invite_cseq) {
  if (rack.cseq != invite_cseq || rack.method != sip::Method::Invite || rack.rseq == 0) return false;
  if (queue_.empty() || queue_.front().rseq != rack.rseq)
    return std::exchange(unacknowledged_, 0) == rack.rseq;
  scheduler_.timers.cancel(timer_);
  timer_ = {};
  queue_.pop_front();
  return true;
}

void ReliableProvisionals::proceed() {
  if (!queue_.empty() && !timer_) send_first();
}

void ReliableProvisionals::stop() {
  scheduler_.timers.cancel(timer_);
  timer_ = {};
  if (!queue_.empty()) unacknowledged_ = queue_.front().rseq;
  queue_.clear();
}

bool ReliableOrder::take(std::uint32_t rseq) {
  if (rseq == 0 || (last_ != 0 && rseq != last_ + 1)) return false;
  last_ = rseq;
  return true;
}

}  // namespace xivo::endpoint
