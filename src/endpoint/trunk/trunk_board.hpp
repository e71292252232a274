#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_network.hpp"
#include "model/ids.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// What every shard has to know of a trunk that is switched on.
struct KnownTrunk {
  model::TrunkId id{};
  bool registers = false;
  bool usable = true;  // false: known not to take calls now
  std::string line{};  // of its Contact; empty: it does not register
  std::string username{};
  std::vector<IpNetwork> networks{};  // whose calls are its own, whatever their port
  std::vector<SocketAddress> places{};  // the same, of hosts that the configuration names with a port
  std::vector<std::string> service_route{};

  [[nodiscard]] bool is_from(const sip::Flow& flow) const;
};

/// All of them, as they were at one moment. Immutable.
struct KnownTrunks {
  std::vector<KnownTrunk> all;  // by id

  [[nodiscard]] const KnownTrunk* find(model::TrunkId id) const;
  /// Whether some trunk's calls come from there.
  [[nodiscard]] bool is_source(const sip::Flow& flow) const;
};

/// Where they can be read, without waiting for the shard that looks after them.
/// Thread  any may read; one publishes.
class TrunkBoard {
 public:
  using Snapshot = std::shared_ptr<const KnownTrunks>;

  [[nodiscard]] Snapshot current() const { return std::atomic_load(&current_); }
  void publish(KnownTrunks next) {
    std::atomic_store(&current_, std::make_shared<const KnownTrunks>(std::move(next)));
  }

 private:
  Snapshot current_ = std::make_shared<const KnownTrunks>();
};

/// Which trunk a request outside dialogs belongs to.
struct TrunkMatch {
  const KnownTrunk* trunk = nullptr;  // null: none, or it cannot be told which
  bool by_line = false;
  bool ambiguous = false;  // several trunks' calls come from there
};
/// By the line parameter of the Contact that we registered; else by the source address. Of several trunks at one address the one
/// that does not register, else the one whose account the request is for. Never a guess.
TrunkMatch match_trunk(const KnownTrunks& trunks, const sip::Message& request, const sip::Flow& flow);

}  // namespace xivo::endpoint
