#include "runtime/dns/answer.hpp"

#include <cstdlib>

using namespace xivo::runtime;

// The first byte chooses what was asked for; the rest is the answer to "a.example". Whatever is read must be within
// bounds, and reading it twice must give the same.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr DnsType kTypes[] = {DnsType::A, DnsType::Aaaa, DnsType::Srv, DnsType::Naptr};
  const auto type = kTypes[data[0] % 4];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  for (const auto* name : {"a.example", "_sip._udp.a.example"}) {
    const auto answer = read_dns_answer(bytes, name, type);
    if (!answer) continue;
    const auto again = read_dns_answer(bytes, name, type);
    if (!again || again->records != answer->records || answer->records.size() > 64) std::abort();
    if ((answer->status == DnsAnswer::Status::Found) == answer->records.empty()) std::abort();
    for (const auto& record : answer->records) {
      if (record.target.size() > 255 || record.service.size() > 255) std::abort();
    }
  }
  return 0;
}
