// Any bytes as a protected packet: refused or opened without a read or write beyond them. The first octet chooses the suite and
// whether they are RTP or RTCP; half the time they are protected first, so that what comes after authentication is met too.
#include <cstdlib>
#include <vector>

#include "rtp/srtp.hpp"
#include "srtp_samples.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xivo::rtp;
  if (size == 0) return 0;
  const auto suite = static_cast<SrtpSuite>(data[0] % kSrtpSuites);
  const bool rtcp = (data[0] & 0x10) != 0;
  const bool genuine = (data[0] & 0x20) != 0;
  auto receiver = *SrtpUnprotector::make(samples::key_of(suite));
  auto sender = *SrtpProtector::make(samples::key_of(suite));
  const samples::Octets plain(data + 1, data + size);
  if (!genuine) {
    auto bytes = plain;  // a block of its own: a read beyond its end is seen
    const auto opened = rtcp ? receiver.unprotect_rtcp(bytes) : receiver.unprotect_rtp(bytes);
    if (opened && *opened > bytes.size()) std::abort();
    return 0;
  }
  const auto bytes = rtcp ? samples::sealed_rtcp(sender, plain) : samples::sealed(sender, plain);
  if (bytes.empty()) return 0;
  const auto again = rtcp ? samples::opened_rtcp(receiver, bytes) : samples::opened(receiver, bytes);
  const bool readable = !rtcp || (plain[0] >> 6) == 2;
  if (readable && again != plain) std::abort();
  return 0;
}
