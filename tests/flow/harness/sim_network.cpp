#include "sim_network.hpp"

#include <memory>

namespace xivo::flow {

void SimNetwork::send(const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
  if (unplugged_.contains(from.ip)) return;
  if (tap_) tap_(from, to, bytes);
  if (weather_.loss_percent != 0 && rng_.below(100) < weather_.loss_percent) return;
  deliver_later(from, to, std::string(bytes));
  if (weather_.duplicate_percent != 0 && rng_.below(100) < weather_.duplicate_percent) {
    deliver_later(from, to, std::string(bytes));
  }
}

void SimNetwork::deliver_later(const SocketAddress& from, const SocketAddress& to, std::string bytes) {
  auto delay = weather_.delay;
  if (weather_.jitter.count() > 0) {
    delay += runtime::Duration(rng_.below(static_cast<std::uint64_t>(weather_.jitter.count())));
  }
  scheduler_.timers.set(delay, [this, from, to, kept = std::move(bytes)] {
    const auto host = hosts_.find(to.ip);
    if (host == hosts_.end()) return;
    ++delivered_;
    host->second(from, to, kept);
  });
}

}  // namespace xivo::flow
