#include "runtime/dns/cache.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xivo::runtime {
namespace {

std::string key_of(const std::string& name, DnsType type) {
  auto key = fmt::format("{} {}", static_cast<unsigned>(type), name);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

}  // namespace

DnsCache::DnsCache(const Scheduler& scheduler, DnsResolver& below, const Limits& limits)
    : scheduler_(scheduler), below_(below), limits_(limits), alive_(std::make_shared<bool>(true)) {}

DnsCache::~DnsCache() { *alive_ = false; }

void DnsCache::ask(const std::string& name, DnsType type, Done done) {
  const auto key = key_of(name, type);
  auto found = entries_.find(key);
  if (found != entries_.end() && !found->second.asking && scheduler_.clock.now() < found->second.until) {
    return tell_later(std::move(done), found->second.answer);
  }
  if (waiting_ >= limits_.waiting_max) return tell_later(std::move(done), {});
  if (found == entries_.end()) {
    make_room();
    found = entries_.try_emplace(key).first;
  }
  auto& entry = found->second;
  entry.waiting.push_back(std::move(done));
  ++waiting_;
  if (entry.asking) return;
  entry.asking = true;
  below_.ask(name, type, [this, key, alive = alive_](const DnsAnswer& answer) {
    if (*alive) on_answer(key, answer);
  });
}

void DnsCache::on_answer(const std::string& key, const DnsAnswer& answer) {
  auto& entry = entries_[key];
  entry.asking = false;
  keep(entry, answer);
  const auto told = entry.answer;  // whoever is told may ask, and so move the entry
  const auto waiting = std::exchange(entry.waiting, {});
  waiting_ -= waiting.size();
  for (const auto& done : waiting) done(told);
}

void DnsCache::keep(Entry& entry, const DnsAnswer& answer) {
  const auto now = scheduler_.clock.now();
  const std::chrono::seconds said(answer.ttl);
  if (answer.status == DnsAnswer::Status::Failed) {
    if (entry.answer.status != DnsAnswer::Status::Found || now >= entry.found_until) entry.answer = answer;
    entry.until = now + limits_.failed_for;
    return;
  }
  entry.answer = answer;
  if (answer.status == DnsAnswer::Status::Found) {
    entry.until = now + std::clamp(said, limits_.found_min, limits_.found_max);
    entry.found_until = entry.until + limits_.stale_max;
  } else {
    entry.until = now + std::clamp(said, limits_.nothing_min, limits_.nothing_max);
  }
}

void DnsCache::make_room() {
  if (entries_.size() < limits_.entries_max) return;
  const auto now = scheduler_.clock.now();
  std::erase_if(entries_, [&](const auto& each) { return !each.second.asking && each.second.until <= now; });
  if (entries_.size() >= limits_.entries_max) clear();
}

void DnsCache::clear() {
  std::erase_if(entries_, [](const auto& each) { return !each.second.asking; });
}

void DnsCache::tell_later(Done done, const DnsAnswer& answer) {
  scheduler_.defer([done = std::move(done), answer, alive = alive_] {
    if (*alive) done(answer);
  });
}

}  // namespace xivo::runtime
