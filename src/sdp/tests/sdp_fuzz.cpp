#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/offer_answer.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

/// Any bytes: parse must not misbehave, what it accepts must survive write and parse unchanged, and an answer to it
/// must be a description of its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xivo::sdp;
  const auto session = parse({reinterpret_cast<const char*>(bytes), size});
  if (!session) return 0;
  const std::string text = write(*session);
  if (text.size() <= kBytesMax) {
    const auto again = parse(text);
    if (!again || *again != *session) std::abort();
  }
  Capabilities local;
  local.rtp = {xivo::IpAddress::v4(0x7f000001), 4000};
  local.formats = {make_format(8, "PCMA", 8000), make_format(0, "PCMU", 8000),
                   make_format(101, "telephone-event", 8000, 1, "0-16")};
  const auto reply = answer(*session, local, session->origin);
  if (!reply) return 0;
  if (reply->medias.size() != session->medias.size()) std::abort();
  if (!accept_offer(*session, *reply) || !accept_answer(*session, *reply)) std::abort();
  if (write(*reply).size() <= kBytesMax && !parse(write(*reply))) std::abort();
  return 0;
}
