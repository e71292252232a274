#include "endpoint/defence/ban_list.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "endpoint/defence/failure_memory.hpp"

namespace xivo::endpoint {
namespace {

metrics::Counter bans_now("xivo_sip_bans", "networks that are banned now");
metrics::Counter bans_added("xivo_sip_bans_added_total", "bans made, by the system or by a person");
metrics::Counter bans_released("xivo_sip_bans_released_total", "bans that a person released");

constexpr std::array kNames = {std::pair{BanReason::WrongSecrets, std::string_view("wrong_secrets")},
                               std::pair{BanReason::UnknownUsers, std::string_view("unknown_users")},
                               std::pair{BanReason::Scanning, std::string_view("scanning")},
                               std::pair{BanReason::Malformed, std::string_view("malformed")},
                               std::pair{BanReason::Manual, std::string_view("manual")}};

constexpr auto kTimerMax = std::chrono::hours(1);  // the clock on the wall may be set meanwhile

/// A text that may stand in quotes in a log line.
std::string quotable(std::string_view text, std::size_t bytes_max) {
  auto safe = printable(text, bytes_max);
  std::replace(safe.begin(), safe.end(), '"', '\'');
  return safe;
}

}  // namespace

std::string_view name(BanReason reason) {
  return std::find_if(kNames.begin(), kNames.end(), [&](const auto& row) { return row.first == reason; })
      ->second;
}

std::optional<BanReason> ban_reason_from(std::string_view text) {
  for (const auto& [reason, reason_name] : kNames) {
    if (reason_name == text) return reason;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- what is read

BanSnapshot::BanSnapshot(const std::map<std::int64_t, Ban>& bans) {
  all_.reserve(bans.size());
  for (const auto& [id, ban] : bans) {
    all_.push_back(ban);
    const auto same = [&](const auto& set) { return set.first == ban.network.prefix; };
    auto set = std::find_if(by_prefix_.begin(), by_prefix_.end(), same);
    if (set == by_prefix_.end()) set = by_prefix_.insert(set, {ban.network.prefix, {}});
    set->second.insert(ban.network.address);
  }
}

bool BanSnapshot::contains(const IpAddress& ip) const {
  return std::any_of(by_prefix_.begin(), by_prefix_.end(), [&](const auto& set) {
    return set.second.contains(IpNetwork::cut(ip, set.first).address);
  });
}

// ---------------------------------------------------------------- what is changed

BanList::BanList(const runtime::Scheduler& scheduler, BanBoard& board, BanStorage* storage)
    : scheduler_(scheduler), board_(board), storage_(storage) {}

BanList::~BanList() {
  scheduler_.timers.cancel(timer_);
  scheduler_.timers.cancel(publishing_);
}

Result<Ban> BanList::add(Request request) {
  const auto existing = by_network_.find(request.network);
  if (existing != by_network_.end()) {
    const auto& held = bans_.at(existing->second);
    if (held.reason == BanReason::Manual && request.reason != BanReason::Manual) return held;
    drop(held.id);
  } else if (bans_.size() >= kBansMax && !make_room()) {
    return fail("too many bans");
  }
  Ban ban;
  ban.id = next_id_++;
  ban.network = request.network;
  ban.reason = request.reason;
  ban.detail = printable(request.detail, kDetailBytesMax);
  ban.author = printable(request.author, kAuthorBytesMax);
  ban.since = scheduler_.clock.wall();
  if (request.lasts)
    ban.until = ban.since + std::chrono::duration_cast<std::chrono::milliseconds>(*request.lasts);
  by_network_[ban.network] = ban.id;
  bans_[ban.id] = ban;
  if (storage_ != nullptr) storage_->save(ban);
  bans_added.add();
  log::notice("security",
              R"(security event="banned" remote="{}" reason="{}" seconds="{}" by="{}" detail="{}")",
              ban.network.to_string(), name(ban.reason),
              request.lasts ? std::chrono::duration_cast<std::chrono::seconds>(*request.lasts).count() : 0,
              quotable(ban.author, kAuthorBytesMax), quotable(ban.detail, kDetailBytesMax));
  publish_soon();
  arm();
  return ban;
}

bool BanList::make_room() {
  const auto first = std::min_element(bans_.begin(), bans_.end(), [](const auto& a, const auto& b) {
    const auto end = [](const Ban& ban) {
      return ban.reason == BanReason::Manual ? runtime::WallTime::max()
                                             : ban.until.value_or(runtime::WallTime::max());
    };
    return end(a.second) < end(b.second);
  });
  if (first == bans_.end() || first->second.reason == BanReason::Manual) return false;
  drop(first->first);
  return true;
}

void BanList::drop(std::int64_t id) {
  const auto found = bans_.find(id);
  if (found == bans_.end()) return;
  by_network_.erase(found->second.network);
  bans_.erase(found);
  if (storage_ != nullptr) storage_->remove(id);
}

bool BanList::release(std::int64_t id, std::string_view author) {
  const auto found = bans_.find(id);
  if (found == bans_.end()) return false;
  const auto network = found->second.network;
  drop(id);
  bans_released.add();
  log::notice("security", R"(security event="released" remote="{}" by="{}")", network.to_string(),
              quotable(author, kAuthorBytesMax));
  publish();
  if (on_release) on_release(network);
  return true;
}

std::vector<Ban> BanList::release(const IpNetwork& network, std::string_view author) {
  std::vector<Ban> ended;
  const bool host = network == IpNetwork::host(network.address);
  for (const auto& [id, ban] : bans_) {
    if (ban.network == network || (host && ban.network.contains(network.address))) ended.push_back(ban);
  }
  for (const auto& ban : ended) release(ban.id, author);
  return ended;
}

void BanList::restore(std::vector<Ban> bans) {
  const auto now = scheduler_.clock.wall();
  for (auto& ban : bans) {
    next_id_ = std::max(next_id_, ban.id + 1);
    const bool over = ban.until && *ban.until <= now;
    if (over || bans_.size() >= kBansMax || by_network_.contains(ban.network)) {
      if (storage_ != nullptr) storage_->remove(ban.id);
      continue;
    }
    by_network_[ban.network] = ban.id;
    bans_[ban.id] = std::move(ban);
  }
  publish();
  arm();
}

void BanList::publish_soon() {
  if (bans_.size() <= kPublishedAtOnceMax) return publish();
  if (scheduler_.timers.pending(publishing_)) return;
  publishing_ = scheduler_.timers.set(kPublishEvery, [this] { publish(); });
}

void BanList::publish() {
  bans_now.set(static_cast<std::int64_t>(bans_.size()));
  board_.publish(std::make_shared<const BanSnapshot>(bans_));
}

void BanList::expire() {
  timer_ = {};
  const auto now = scheduler_.clock.wall();
  std::vector<std::int64_t> over;
  for (const auto& [id, ban] : bans_) {
    if (ban.until && *ban.until <= now) over.push_back(id);
  }
  for (const auto id : over) drop(id);
  if (!over.empty()) publish();
  arm();
}

void BanList::arm() {
  scheduler_.timers.cancel(timer_);
  timer_ = {};
  std::optional<runtime::WallTime> first;
  for (const auto& [id, ban] : bans_) {
    if (ban.until && (!first || *ban.until < *first)) first = ban.until;
  }
  if (!first) return;
  const auto wait =
      std::clamp<runtime::Duration>(*first - scheduler_.clock.wall(), runtime::Duration::zero(), kTimerMax);
  timer_ = scheduler_.timers.set(wait, [this] { expire(); });
}

}  // namespace xivo::endpoint
