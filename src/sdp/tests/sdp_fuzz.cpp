#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/dtls.hpp"
#include "sdp/ice.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace {

void look_for_keys(const xivo::sdp::Session& session) {
  using namespace xivo::sdp;
  for (const Media& media : session.medias) {
    const auto fingerprint = fingerprint_of(session, media);
    if (fingerprint && parse_fingerprint(write_fingerprint(*fingerprint)) != fingerprint) std::abort();
    const auto ice = ice_credentials_of(session, media);
    if (ice && (ice->fragment.size() < 4 || ice->password.size() < 22)) std::abort();
    if (const auto setup = setup_of(session, media); setup && name(*setup).empty()) std::abort();
  }
}

}  // namespace

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
  look_for_keys(*session);
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
