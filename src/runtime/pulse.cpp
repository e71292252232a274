#include "runtime/pulse.hpp"

#include <algorithm>
#include <mutex>

namespace xivo::runtime {
namespace {

struct Pulses {
  std::mutex lock;
  std::vector<const Pulse*> all;  // under lock
};

Pulses& pulses() {
  static Pulses the;
  return the;
}

}  // namespace

Pulse::Pulse(const char* name) : name_(name) {
  const std::lock_guard lock(pulses().lock);
  pulses().all.push_back(this);
}

Pulse::~Pulse() {
  const std::lock_guard lock(pulses().lock);
  std::erase(pulses().all, this);
}

std::vector<Pulse::Seen> Pulse::all() {
  const std::lock_guard lock(pulses().lock);
  std::vector<Seen> seen;
  seen.reserve(pulses().all.size());
  for (const auto* pulse : pulses().all) seen.push_back({pulse, pulse->name(), pulse->turn()});
  return seen;
}

}  // namespace xivo::runtime
