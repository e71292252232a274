#pragma once

#include <string>
#include <unordered_map>

#include "base/address.hpp"
#include "runtime/scheduler.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// Answers that go out a while after they were made: each wrong secret is answered later than the one before.
/// What finds no room goes out at once.
/// Thread  the shard's.
class DelayedAnswers {
 public:
  static constexpr std::size_t kHeldMax = 4'096;
  static constexpr std::size_t kHeldPerSourceMax = 16;

  DelayedAnswers(const runtime::Scheduler& scheduler, sip::TransactionLayer& transactions)
      : scheduler_(scheduler), transactions_(transactions) {}
  ~DelayedAnswers();
  DelayedAnswers(const DelayedAnswers&) = delete;
  DelayedAnswers& operator=(const DelayedAnswers&) = delete;

  void answer(sip::ServerTransactionId id, int status, std::string bytes, runtime::Duration delay,
              const IpAddress& to);
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  struct Held {
    int status;
    std::string bytes;
    IpAddress to;
    runtime::TimerId timer;
  };
  void send(sip::ServerTransactionId id);

  const runtime::Scheduler scheduler_;
  sip::TransactionLayer& transactions_;
  std::unordered_map<sip::ServerTransactionId, Held> held_;
  std::unordered_map<IpAddress, std::size_t> by_source_;
};

}  // namespace xivo::endpoint
