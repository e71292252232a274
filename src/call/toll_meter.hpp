#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "model/guard/guard.hpp"
#include "model/ids.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/routing/route.hpp"

namespace xivo::call {

/// How much every user and every trunk calls to the outside, for all shards of a process: what the toll-fraud guards count, and
/// who is blocked by them.
///
/// Memory: some 1.6 kB for each user and trunk that ever called out; never freed, because another shard may be looking.
/// What two shards begin in the same moment may exceed a limit by one call each.
/// Thread  any
class TollMeter {
 public:
  /// Whose calls are counted.
  struct Payer {
    enum class Kind : std::uint8_t { User, Trunk };
    Kind kind = Kind::User;
    std::int64_t id = 0;
    Payer(model::UserId user) : id(user.value) {}
    Payer(model::TrunkId trunk) : kind(Kind::Trunk), id(trunk.value) {}
    bool operator==(const Payer&) const = default;
  };
  /// A block, until somebody releases it.
  struct Block {
    model::guard::Reason reason = model::guard::Reason::Within;
    model::TollGuardId guard{};
    std::int64_t limit = 0;
    std::int64_t count = 0;
    std::chrono::sys_seconds since{};
  };
  /// One of those counted, as it is now.
  struct Account {
    Payer payer;
    int in_progress = 0;
    int hour = 0;
    int international_hour = 0;
    int premium_hour = 0;
    std::optional<Block> block;
  };
  /// Every payer of a kind that is counted is below this; larger ids are not counted and not limited.
  static constexpr std::int64_t kIdsMax = std::int64_t{4096} * 4096;
  static constexpr int kMinutes = 60;

  /// A call that is counted as in progress as long as this lives. It counts towards the hour from the moment it began.
  class [[nodiscard]] Charge {
   public:
    Charge() = default;
    Charge(Charge&& other) noexcept : running_(std::exchange(other.running_, nullptr)) {}
    Charge& operator=(Charge&& other) noexcept {
      std::swap(running_, other.running_);
      return *this;
    }
    ~Charge() {
      if (running_ != nullptr) running_->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class TollMeter;
    explicit Charge(std::atomic<int>& running) : running_(&running) {}
    std::atomic<int>* running_ = nullptr;
  };

  /// Where blocks are kept over a restart. Must not block: implementations queue.
  /// Thread  any
  class Storage {
   public:
    virtual ~Storage() = default;
    virtual void save(Payer who, const Block& block) = 0;
    virtual void remove(Payer who) = 0;
  };

  TollMeter() = default;
  ~TollMeter();
  TollMeter(const TollMeter&) = delete;
  TollMeter& operator=(const TollMeter&) = delete;

  /// Emergency and internal calls are never counted, and neither is nobody (id 0). The charge must not outlive the meter.
  Charge charge(Payer payer, model::numbering::CallClass of, std::chrono::sys_seconds now);

  /// As LiveState::external_calls_of: begun within `window` of at most an hour, to the minute; 0: in progress.
  [[nodiscard]] int calls(Payer payer, model::numbering::CallClass of, std::chrono::seconds window,
                          std::chrono::sys_seconds now) const;
  [[nodiscard]] bool blocked(Payer payer) const;

  /// Blocks whoever reached a limit of the hour in a decision; the trace has to be on.
  void learn(const model::routing::Plan& plan, std::chrono::sys_seconds now);
  /// Blocks as it was before a restart; nobody is told.
  void restore(Payer who, const Block& block_of_old) { (void)block(who, block_of_old); }
  /// Lifts a block and forgets the hour. False: nobody of that kind was blocked.
  bool release(Payer payer);
  /// Everybody who called out within the hour, calls out now, or is blocked; users first, by id.
  void for_each(std::chrono::sys_seconds now, const std::function<void(const Account&)>& visit) const;

  /// Blocks and releases are kept there from now on; it outlives the meter's use. Set before the first call.
  void keep_in(Storage& storage) { storage_ = &storage; }
  /// `tripped` hears of each new block, in the thread of the shard that found it. Set before the first call.
  void watch(std::function<void(Payer, const Block&)> tripped) { tripped_ = std::move(tripped); }

 private:
  static constexpr std::size_t kClasses = 8;
  static constexpr std::size_t kChunk = 4096;

  struct Counters {
    std::array<std::atomic<int>, kClasses> running{};
    /// By minute of the hour: which minute it speaks of (modulo 2^20) in the upper 20 bits, calls in the lower 12.
    std::array<std::array<std::atomic<std::uint32_t>, kMinutes>, kClasses> begun{};
    std::atomic<std::int64_t> blocked_since{0};  // seconds; 0: not blocked. Written last.
    std::atomic<std::int64_t> guard{0};
    std::atomic<std::int64_t> limit{0};
    std::atomic<std::int64_t> count{0};
    std::atomic<std::uint8_t> reason{0};
  };
  using Chunk = std::array<std::atomic<Counters*>, kChunk>;
  using Book = std::array<std::atomic<Chunk*>, kIdsMax / kChunk>;

  [[nodiscard]] const Book& book(Payer payer) const { return books_[static_cast<std::size_t>(payer.kind)]; }
  [[nodiscard]] Counters* find(Payer payer) const;
  Counters& at(Payer payer);
  bool block(Payer payer, const Block& block);
  [[nodiscard]] static int begun(const Counters& counters, model::numbering::CallClass of, int minutes,
                                 std::chrono::sys_seconds now);
  [[nodiscard]] static Account account_of(Payer payer, const Counters& counters,
                                          std::chrono::sys_seconds now);

  std::array<Book, 2> books_{};  // users, trunks; made when first needed
  std::function<void(Payer, const Block&)> tripped_;
  Storage* storage_ = nullptr;
};

}  // namespace xivo::call
