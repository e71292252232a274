#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/scheduler.hpp"
#include "sip/message.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// RAck: which provisional a PRACK acknowledges.                                                    RFC 3262 §7.2
struct RAck {
  std::uint32_t rseq = 0;
  std::uint32_t cseq = 0;
  sip::Method method = sip::Method::Unknown;

  /// Errors  nothing when it is not "number number METHOD"
  static std::optional<RAck> parse(std::string_view value);
};

/// The provisional responses of one INVITE that its caller wants acknowledged: one at a time, in order, repeated until its PRACK
/// comes or 64*T1 have passed.
/// Thread  the shard's.
/// Source  RFC 3262 §3
class ReliableProvisionals {
 public:
  /// Provisionals that wait for the one before them; more are left out, as the next one says more anyway.
  static constexpr std::size_t kQueuedMax = 8;

  struct User {
    std::function<void(int status, const std::string& bytes)> send;
    /// Nobody acknowledges: the INVITE is to be refused with a 5xx.
    std::function<void()> given_up;
  };

  ReliableProvisionals(const runtime::Scheduler& scheduler, const sip::TransactionTimers& timers, User user)
      : scheduler_(scheduler), timers_(timers), user_(std::move(user)) {}
  ~ReliableProvisionals() { stop(); }
  ReliableProvisionals(const ReliableProvisionals&) = delete;
  ReliableProvisionals& operator=(const ReliableProvisionals&) = delete;

  /// The number that the next response to be queued must bear.
  std::uint32_t next_rseq();
  /// `bytes`: with `Require: 100rel` and the `RSeq` of the last next_rseq(). `described`: it holds a session description.
  void send(int status, std::string bytes, bool described);
  /// One waits for its PRACK; `described`: one that holds a description, before whose PRACK no 2xx may be sent.
  [[nodiscard]] bool waits() const { return !queue_.empty(); }
  [[nodiscard]] bool description_waits() const;
  /// A PRACK for it has come: it is repeated no more. False: it matches none (answer 481).
  bool on_prack(const RAck& rack, std::uint32_t invite_cseq);
  /// Sends the next, after the PRACK has been answered.
  void proceed();
  /// A final response has been sent: nothing is repeated any more, while a late PRACK is still known.
  void stop();

 private:
  struct Queued {
    std::uint32_t rseq;
    int status;
    std::string bytes;
    bool described;
  };
  void send_first();
  void on_timer();

  const runtime::Scheduler scheduler_;
  const sip::TransactionTimers timers_;
  User user_;
  std::deque<Queued> queue_;
  std::uint32_t rseq_ = 0;  // of the last one queued; 0 = none yet
  std::uint32_t unacknowledged_ = 0;  // of the one that was under way when the final response was sent
  runtime::Duration interval_{};
  runtime::Duration waited_{};
  runtime::TimerId timer_;
};

/// The other role: which reliable provisionals of one early dialog are to be taken, and acknowledged by PRACK.
/// Source  RFC 3262 §4
class ReliableOrder {
 public:
  /// True: it is the next one, so take it and send a PRACK. False: a repeat or out of order; it must be left alone.
  bool take(std::uint32_t rseq);

 private:
  std::uint32_t last_ = 0;
};

}  // namespace xivo::endpoint
