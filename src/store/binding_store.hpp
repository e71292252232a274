#pragma once

#include <string>
#include <vector>

#include "model/ids.hpp"
#include "runtime/clock.hpp"
#include "store/batch_writer.hpp"

namespace xivo::store {

/// A registered contact, as the registrar wants it back after a restart. Opaque here.
struct BindingRow {
  model::SipLineId line;
  std::string key;         // the registrar's identity of the binding within the line
  std::string contact;     // URI
  std::string flow;        // transport and addresses it came over
  std::string path;        // RFC 3327, may be empty
  std::string instance;    // +sip.instance, may be empty
  std::string user_agent;
  std::string call_id;
  std::int64_t reg_id = 0;
  std::int64_t cseq = 0;
  std::int64_t q_milli = 1000;  // q=1.0 -> 1000
  runtime::WallTime registered{};
  runtime::WallTime expires{};
  std::string extra;       // anything else, as JSON or empty
  bool operator==(const BindingRow&) const = default;
};

/// The registrar's memory across restarts. Writing never blocks and takes effect in the order given.
/// Thread  any.
class BindingStore {
 public:
  explicit BindingStore(BatchWriter& writer) : writer_(writer) {}

  /// All bindings of a database of calls, by line and key, expired ones included. Blocks; for the start.
  static Result<std::vector<BindingRow>> load(const std::string& path);

  /// Each returns false when the writer's queue is full.
  bool upsert(BindingRow row);
  bool erase(model::SipLineId line, std::string key);
  bool erase_line(model::SipLineId line);
  bool erase_expired(runtime::WallTime now);

 private:
  BatchWriter& writer_;
};

}  // namespace xivo::store
