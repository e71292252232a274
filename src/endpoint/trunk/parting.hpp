#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/slot_map.hpp"
#include "endpoint/trunk/digest_client.hpp"
#include "runtime/scheduler.hpp"
#include "sip/dialog.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// BYEs to operators, which may challenge them when the leg that sent them is already gone: else the operator would believe,
/// and charge for, a call that is over.
/// Thread  the shard's.
/// Source  RFC 3261 §15.1.1, §22
class Parting {
 public:
  static constexpr std::uint64_t kTokenBit = std::uint64_t{1} << 61;
  static bool is_token(std::uint64_t token) { return (token & kTokenBit) != 0; }
  static constexpr std::size_t kUnderWayMax = 10'000;  // more are sent and not watched

  Parting(const runtime::Scheduler& scheduler, sip::TransactionLayer& transactions)
      : scheduler_(scheduler), transactions_(transactions) {}

  /// Sends a BYE in that dialog. Shape   lines: further header fields, each with CRLF
  void bye(const sip::Dialog& dialog, const sip::Flow& flow, const DigestClient& digest, std::string lines);
  void on_response(std::uint64_t token, const sip::Message& response);
  void on_failure(std::uint64_t token);
  [[nodiscard]] std::size_t under_way() const { return byes_.size(); }

 private:
  struct Bye {
    sip::Dialog dialog;
    sip::Flow flow;
    DigestClient digest;
    std::string lines;
  };
  using ByeId = SlotMap<Bye>::Id;

  /// False: nothing will come of it.
  bool send(Bye& bye, std::uint64_t token);

  const runtime::Scheduler scheduler_;
  sip::TransactionLayer& transactions_;
  SlotMap<Bye> byes_;
};

}  // namespace xivo::endpoint
