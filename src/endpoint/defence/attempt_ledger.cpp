#include "endpoint/defence/attempt_ledger.hpp"

#include <algorithm>
#include <functional>

namespace xivo::endpoint {
namespace {

/// `first`, doubled `times` times, at most `most`.
runtime::Duration doubled(runtime::Duration first, std::uint32_t times, runtime::Duration most) {
  while (times-- > 0 && first < most) first *= 2;
  return std::min(first, most);
}

}  // namespace

AttemptLedger::AttemptLedger(const runtime::Scheduler& scheduler, const Limits& limits)
    : scheduler_(scheduler), limits_(limits) {}

AttemptLedger::Key AttemptLedger::key_of(std::string_view account) {
  // Keeps memory per attempt small whatever name is tried. Who finds two names with one hash shares counts with himself.
  return std::hash<std::string_view>{}(account);
}

const AttemptLedger::Source* AttemptLedger::find(const IpAddress& from) const {
  const auto found = sources_.find(IpNetwork::holder(from));
  return found == sources_.end() ? nullptr : &*found->second;
}

bool AttemptLedger::is_proven(const IpAddress& from) const {
  const auto* source = find(from);
  return source != nullptr && source->proven_until > scheduler_.clock.now();
}

bool AttemptLedger::is_locked(std::string_view account, const IpAddress& from) const {
  const auto* source = find(from);
  if (source == nullptr) return false;
  const auto now = scheduler_.clock.now();
  const auto held = source->accounts.find(key_of(account));
  const bool held_here = held != source->accounts.end();
  if (held_here && held->second.locked_until > now) return true;
  const bool proven = held_here && held->second.proven_until > now;
  return source->locked_until > now && !proven;
}

/// Strangers and proven sources make room among their own kind only: a flood of the former never costs one of the latter.
AttemptLedger::Source& AttemptLedger::source_of(const IpAddress& from, bool proven) {
  const auto network = IpNetwork::holder(from);
  const auto found = sources_.find(network);
  const bool known = found != sources_.end();
  const bool among_proven = proven || (known && found->second->proven_until > scheduler_.clock.now());
  auto& list = among_proven ? proven_ : strangers_;
  if (known) {
    list.splice(list.begin(), found->second->among_proven ? proven_ : strangers_, found->second);
  } else {
    list.emplace_front();
    list.front().network = network;
    sources_[network] = list.begin();
  }
  list.front().among_proven = among_proven;
  if (list.size() > kSourcesMax) {
    sources_.erase(list.back().network);
    list.pop_back();
  }
  return list.front();
}

void AttemptLedger::settle(Source& source, runtime::Instant now) const {
  if (source.failures != 0 && now - source.last_failure >= limits_.forget_after &&
      source.locked_until <= now) {
    source.failures = 0;
    source.tried_existing = false;
  }
  if (source.locks != 0 && now - source.locked_until >= limits_.proof_keeps) source.locks = 0;
}

/// A lock that is over starts a new count, and the source is not charged for the old one any longer when it is a proven
/// one: a single telephone with a wrong secret must not use up what a whole office has.
void AttemptLedger::settle(Source& source, Account& account, runtime::Instant now) const {
  if (account.locked_until > now) return;
  const bool lock_over =
      account.locked_until != runtime::Instant{} && account.failures >= limits_.account_max;
  const bool old = account.failures != 0 && now - account.last_failure >= limits_.forget_after;
  if (lock_over || old) {
    if (source.proven_until > now) source.failures -= std::min(source.failures, account.failures);
    account.failures = 0;
  }
  if (account.locks != 0 && now - account.locked_until >= limits_.proof_keeps) account.locks = 0;
}

AttemptLedger::Account* AttemptLedger::account_of(Source& source, Key key, runtime::Instant now) {
  const auto found = source.accounts.find(key);
  if (found != source.accounts.end()) return &found->second;
  if (source.accounts.size() >= kAccountsMax) {
    std::erase_if(source.accounts, [&](const auto& entry) {
      return entry.second.proven_until <= now && entry.second.locked_until <= now &&
             now - entry.second.last_failure >= limits_.forget_after;
    });
  }
  return source.accounts.size() < kAccountsMax ? &source.accounts[key] : nullptr;
}

runtime::Duration AttemptLedger::lock_of(std::uint32_t locks) const {
  return doubled(limits_.lock_first, locks, limits_.lock_max);
}

runtime::Duration AttemptLedger::delay_of(std::uint32_t failures) const {
  if (failures <= limits_.free) return {};
  return doubled(limits_.delay_first, failures - limits_.free - 1, limits_.delay_max);
}

void AttemptLedger::lock_source(Source& source, bool proven, runtime::Instant now,
                                Consequence& consequence) const {
  consequence.locked_for = lock_of(source.locks++);
  source.locked_until = now + consequence.locked_for;
  consequence.failures = source.failures;
  source.failures = 0;  // what comes after the lock is a new count
  consequence.source_locked = true;
  consequence.shut_out = !proven;
  consequence.only_unknown = !source.tried_existing;
  source.tried_existing = false;
}

AttemptLedger::Consequence AttemptLedger::failed(std::string_view account, const IpAddress& from,
                                                 bool exists) {
  const auto now = scheduler_.clock.now();
  auto& source = source_of(from, false);
  settle(source, now);
  auto* held = account_of(source, key_of(account), now);
  if (held != nullptr) settle(source, *held, now);
  Consequence consequence;
  ++source.failures;
  source.last_failure = now;
  source.tried_existing |= exists;
  consequence.delay = delay_of(source.failures);
  if (held != nullptr) {
    ++held->failures;
    held->last_failure = now;
    if (held->failures >= limits_.account_max) {
      consequence.account_locked = true;
      consequence.locked_for = lock_of(held->locks++);
      held->locked_until = now + consequence.locked_for;
    }
  }
  if (source.failures >= limits_.source_max) lock_source(source, source.proven_until > now, now, consequence);
  return consequence;
}

AttemptLedger::Consequence AttemptLedger::refused(const IpAddress& from, bool exists) {
  const auto now = scheduler_.clock.now();
  Consequence consequence;
  auto& source = source_of(from, false);
  settle(source, now);
  consequence.delay = limits_.delay_max;
  const bool proven = source.proven_until > now;
  if (proven) return consequence;  // a telephone that keeps trying must not cost the others of its office
  if (source.locked_until > now) return consequence;
  ++source.failures;
  source.last_failure = now;
  source.tried_existing |= exists;
  if (source.failures >= limits_.source_max) lock_source(source, proven, now, consequence);
  return consequence;
}

bool AttemptLedger::succeeded(std::string_view account, const IpAddress& from) {
  const auto now = scheduler_.clock.now();
  auto& source = source_of(from, true);
  settle(source, now);
  source.proven_until = now + limits_.proof_keeps;
  auto* held = account_of(source, key_of(account), now);
  if (held == nullptr) return false;
  const bool news = held->failures != 0 || held->locks != 0 ||
                    source.proven_until - held->proven_until >= limits_.proof_keeps / 10;
  if (!news) return false;
  source.failures -= std::min(source.failures, held->failures);
  *held = Account{};
  held->proven_until = source.proven_until;
  return true;
}

void AttemptLedger::apply(const AttemptNote& note) {
  switch (note.kind) {
    case AttemptNote::Kind::Failed: failed(note.account, note.from, note.exists); break;
    case AttemptNote::Kind::Refused: refused(note.from, note.exists); break;
    case AttemptNote::Kind::Succeeded: succeeded(note.account, note.from); break;
  }
}

void AttemptLedger::forgive(const IpNetwork& network) {
  const auto pardon = [&](Source& source) {
    if (!network.contains(source.network.address) && !source.network.contains(network.address)) return;
    source.failures = 0;
    source.locks = 0;
    source.locked_until = {};
    for (auto& [key, account] : source.accounts) {
      account.failures = 0;
      account.locks = 0;
      account.locked_until = {};
    }
  };
  for (auto& source : strangers_) pardon(source);
  for (auto& source : proven_) pardon(source);
}

}  // namespace xivo::endpoint
