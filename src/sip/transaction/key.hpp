#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/rng.hpp"
#include "sip/message.hpp"

namespace xivo::sip {

/// What a message is matched by, as 128 bits of a hash keyed per process: two identities with the same key do not happen,
/// by chance or on purpose, so a table needs to keep nothing else of the message.
struct TransactionKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const TransactionKey&) const = default;
};

/// A key is a hash already.
struct TransactionKeyHash {
  std::size_t operator()(const TransactionKey& key) const noexcept { return key.low; }
};

/// Thread  any, once made.
class KeyMaker {
 public:
  explicit KeyMaker(runtime::Rng& rng) : k0_(rng.next()), k1_(rng.next()) {}

  /// The server transaction a request belongs to; ACK and CANCEL get the key of the INVITE they are about.
  /// Source  RFC 3261 §17.2.3, both forms; §9.2
  [[nodiscard]] TransactionKey server(const Message& request) const;
  /// Equal for copies of one request that came by different ways.        RFC 3261 §8.2.2.2
  [[nodiscard]] TransactionKey merged(const Message& request) const;
  /// RFC 3261 §17.1.3
  [[nodiscard]] TransactionKey client(std::string_view branch, std::string_view method) const;
  /// A To tag that is the same for each repeat of the request.            RFC 3261 §8.2.7
  [[nodiscard]] std::string stateless_tag(const Message& request) const;

 private:
  std::uint64_t k0_;
  std::uint64_t k1_;
};

}  // namespace xivo::sip
