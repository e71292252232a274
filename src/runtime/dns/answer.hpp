#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"

namespace xivo::runtime {

enum class DnsType : std::uint16_t { A = 1, Aaaa = 28, Srv = 33, Naptr = 35 };

/// One record of the type that was asked for; what another type would have stays empty.
struct DnsRecord {
  IpAddress address;            // A, AAAA
  std::string
      target;  // SRV: the host; NAPTR: the replacement. Lower case, without the final dot; "" is the root
  std::uint16_t priority = 0;  // SRV; NAPTR: order
  std::uint16_t weight = 0;  // SRV; NAPTR: preference
  std::uint16_t port = 0;  // SRV
  std::string flags;  // NAPTR
  std::string service;  // NAPTR
  bool operator==(const DnsRecord&) const = default;
};

struct DnsAnswer {
  enum class Status : std::uint8_t {
    Found,
    Nothing,  // the name does not exist, or has no such record
    Failed,  // nobody knows: no answer in time, or none that can be read
  };
  Status status = Status::Failed;
  std::vector<DnsRecord> records;
  std::uint32_t ttl = 0;  // seconds; of Nothing: what the zone allows; 0 = it does not say
};

/// Reads the answer of a server to the question for `name`: a chain of aliases (CNAME) and the records at its end.
/// Errors  what is not an answer at all, is cut short, points outside or in circles
/// Source  RFC 1035 §4, RFC 2782, RFC 3403, RFC 3596, RFC 2308 (nothing)
Result<DnsAnswer> read_dns_answer(std::string_view bytes, std::string_view name, DnsType type);

}  // namespace xivo::runtime
