#include "call/toll_meter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::call {

namespace {

namespace guard = model::guard;
using model::numbering::CallClass;
using std::chrono::sys_seconds;

constexpr std::uint32_t kCountBits = 12;
constexpr std::uint32_t kCountMax = (1U << kCountBits) - 1;
constexpr std::uint32_t kMinuteMask = (1U << 20) - 1;

std::uint32_t minute_of(sys_seconds at) {
  return static_cast<std::uint32_t>(at.time_since_epoch().count() / 60) & kMinuteMask;
}

bool is_counted(CallClass of) { return of != CallClass::Internal && of != CallClass::Emergency; }

std::optional<guard::Reason> hourly_reason(std::string_view name) {
  for (const auto reason :
       {guard::Reason::Hourly, guard::Reason::InternationalHourly, guard::Reason::PremiumHourly}) {
    if (guard::name(reason) == name) return reason;
  }
  return std::nullopt;
}

}  // namespace

TollMeter::~TollMeter() {
  for (auto& book : books_) {
    for (auto& slot : book) {
      const std::unique_ptr<Chunk> chunk(slot.load());
      if (!chunk) continue;
      for (auto& counters : *chunk) std::unique_ptr<Counters>(counters.load()).reset();
    }
  }
}

TollMeter::Counters* TollMeter::find(Payer payer) const {
  if (payer.id <= 0 || payer.id >= kIdsMax) return nullptr;
  const auto index = static_cast<std::size_t>(payer.id);
  const Chunk* chunk = book(payer)[index / kChunk].load(std::memory_order_acquire);
  return chunk == nullptr ? nullptr : (*chunk)[index % kChunk].load(std::memory_order_acquire);
}

TollMeter::Counters& TollMeter::at(Payer payer) {
  if (Counters* known = find(payer)) return *known;
  const auto index = static_cast<std::size_t>(payer.id);
  auto& slot = books_[static_cast<std::size_t>(payer.kind)][index / kChunk];
  // Another shard may make the same meanwhile; then ours goes again.
  if (slot.load(std::memory_order_acquire) == nullptr) {
    auto made = std::make_unique<Chunk>();
    Chunk* none = nullptr;
    if (slot.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) (void)made.release();
  }
  auto& place = (*slot.load(std::memory_order_acquire))[index % kChunk];
  auto made = std::make_unique<Counters>();
  Counters* none = nullptr;
  if (place.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) (void)made.release();
  return *find(payer);
}

TollMeter::Charge TollMeter::charge(Payer payer, CallClass of, sys_seconds now) {
  if (!is_counted(of) || payer.id <= 0 || payer.id >= kIdsMax) return {};
  Counters& counters = at(payer);
  const auto place = static_cast<std::size_t>(of);
  const std::uint32_t minute = minute_of(now);
  auto& bucket =
      counters.begun[place][static_cast<std::size_t>(now.time_since_epoch().count() / 60 % kMinutes)];
  std::uint32_t seen = bucket.load(std::memory_order_relaxed);
  std::uint32_t next = 0;
  do {
    const std::uint32_t count = seen >> kCountBits == minute ? seen & kCountMax : 0;
    next = minute << kCountBits | std::min(count + 1, kCountMax);
  } while (!bucket.compare_exchange_weak(seen, next, std::memory_order_relaxed));
  counters.running[place].fetch_add(1, std::memory_order_relaxed);
  return Charge(counters.running[place]);
}

int TollMeter::begun(const Counters& counters, CallClass of, int minutes, sys_seconds now) {
  const std::uint32_t minute = minute_of(now);
  int sum = 0;
  for (const auto& bucket : counters.begun[static_cast<std::size_t>(of)]) {
    const std::uint32_t seen = bucket.load(std::memory_order_relaxed);
    if (((minute - (seen >> kCountBits)) & kMinuteMask) < static_cast<std::uint32_t>(minutes))
      sum += static_cast<int>(seen & kCountMax);
  }
  return sum;
}

int TollMeter::calls(Payer payer, CallClass of, std::chrono::seconds window, sys_seconds now) const {
  const Counters* counters = find(payer);
  if (counters == nullptr) return 0;
  if (window.count() == 0)
    return counters->running[static_cast<std::size_t>(of)].load(std::memory_order_relaxed);
  const auto minutes = std::clamp<std::int64_t>(window.count() / 60, 1, kMinutes);
  return begun(*counters, of, static_cast<int>(minutes), now);
}

bool TollMeter::blocked(Payer payer) const {
  const Counters* counters = find(payer);
  return counters != nullptr && counters->blocked_since.load(std::memory_order_acquire) != 0;
}

bool TollMeter::block(Payer payer, const Block& block) {
  if (payer.id <= 0 || payer.id >= kIdsMax) return false;
  Counters& counters = at(payer);
  if (counters.blocked_since.load(std::memory_order_acquire) != 0) return false;
  counters.guard.store(block.guard.value, std::memory_order_relaxed);
  counters.limit.store(block.limit, std::memory_order_relaxed);
  counters.count.store(block.count, std::memory_order_relaxed);
  counters.reason.store(static_cast<std::uint8_t>(block.reason), std::memory_order_relaxed);
  std::int64_t free = 0;
  return counters.blocked_since.compare_exchange_strong(free, block.since.time_since_epoch().count(),
                                                        std::memory_order_release);
}

void TollMeter::learn(const model::routing::Plan& plan, sys_seconds now) {
  for (const auto& step : plan.trace) {
    if (step.rule != model::routing::Step::Rule::Guard || step.met) continue;
    const auto reason = hourly_reason(step.fact("reason"));
    if (!reason) continue;
    Block tripped{*reason, {}, 0, 0, now};
    tripped.limit = text::parse_decimal<std::int64_t>(step.fact("limit")).value_or(0);
    tripped.count = text::parse_decimal<std::int64_t>(step.fact("count")).value_or(0);
    std::optional<Payer> who;
    for (const auto& object : step.objects) {
      if (object.kind == "toll_guard") tripped.guard = {object.id};
      if (object.kind == "user") who = Payer(model::UserId{object.id});
      if (object.kind == "trunk") who = Payer(model::TrunkId{object.id});
    }
    if (!who || !block(*who, tripped)) continue;
    if (storage_ != nullptr) storage_->save(*who, tripped);
    if (tripped_) tripped_(*who, tripped);
  }
}

bool TollMeter::release(Payer payer) {
  Counters* counters = find(payer);
  if (counters == nullptr) return false;
  for (auto& minutes : counters->begun) {
    for (auto& bucket : minutes) bucket.store(0, std::memory_order_relaxed);
  }
  if (counters->blocked_since.exchange(0, std::memory_order_acq_rel) == 0) return false;
  if (storage_ != nullptr) storage_->remove(payer);
  return true;
}

TollMeter::Account TollMeter::account_of(Payer payer, const Counters& counters, sys_seconds now) {
  Account account{payer, 0, 0, 0, 0, std::nullopt};
  for (std::size_t of = 0; of < kClasses; ++of) {
    account.in_progress += counters.running[of].load(std::memory_order_relaxed);
    account.hour += begun(counters, static_cast<CallClass>(of), kMinutes, now);
  }
  account.international_hour = begun(counters, CallClass::International, kMinutes, now);
  account.premium_hour = begun(counters, CallClass::Premium, kMinutes, now);
  if (const auto since = counters.blocked_since.load(std::memory_order_acquire); since != 0) {
    account.block = Block{static_cast<guard::Reason>(counters.reason.load(std::memory_order_relaxed)),
                          {counters.guard.load(std::memory_order_relaxed)},
                          counters.limit.load(std::memory_order_relaxed),
                          counters.count.load(std::memory_order_relaxed),
                          sys_seconds{std::chrono::seconds{since}}};
  }
  return account;
}

void TollMeter::for_each(sys_seconds now, const std::function<void(const Account&)>& visit) const {
  for (std::size_t kind = 0; kind < books_.size(); ++kind) {
    for (std::size_t i = 0; i < books_[kind].size(); ++i) {
      const Chunk* chunk = books_[kind][i].load(std::memory_order_acquire);
      if (chunk == nullptr) continue;
      for (std::size_t j = 0; j < kChunk; ++j) {
        const Counters* counters = (*chunk)[j].load(std::memory_order_acquire);
        if (counters == nullptr) continue;
        const auto id = static_cast<std::int64_t>(i * kChunk + j);
        const Payer payer = kind == 0 ? Payer(model::UserId{id}) : Payer(model::TrunkId{id});
        const Account account = account_of(payer, *counters, now);
        if (account.in_progress > 0 || account.hour > 0 || account.block) visit(account);
      }
    }
  }
}

}  // namespace xivo::call
