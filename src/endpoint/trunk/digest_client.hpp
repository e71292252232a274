#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/rng.hpp"
#include "sip/digest.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// Answers the challenges that a server and the proxies before it put to us, and answers them again in later requests without
/// being asked, as long as the nonce serves.
/// Thread  the owner's.
/// Source  RFC 3261 §22.2, §22.3; RFC 7616; RFC 8760 §2.4 (the first challenge that we can answer)
class DigestClient {
 public:
  /// Realms of one path; a challenge of one more is refused.
  static constexpr std::size_t kRealmsMax = 4;
  /// Challenges in a row without a success in between.
  static constexpr int kRoundsMax = 4;

  enum class Verdict : std::uint8_t {
    Answer,  // send the request again, with lines()
    Refused,  // what we said was wrong: the same secret will not do
    Unanswerable,  // no challenge that we can answer: no Digest, an algorithm we have not, no credentials
  };

  explicit DigestClient(sip::digest::Credentials credentials) : credentials_(std::move(credentials)) {}

  /// Takes a 401 or 407.
  Verdict challenged(const sip::Message& response);
  /// Authorization and Proxy-Authorization lines for the next request, each with CRLF; empty before a challenge. Counts.
  [[nodiscard]] std::string lines(std::string_view method, std::string_view uri, runtime::Rng& rng);
  /// A request was taken: what we say is right, so a later challenge is about an old nonce.
  void succeeded();
  /// Starts anew: forgets nonces and what was refused.
  void reset();

 private:
  struct Realm {
    bool proxy = false;
    sip::digest::Parameters challenge;
    std::uint32_t used = 0;
    bool proven = false;
  };

  bool take(bool proxy, sip::digest::Parameters challenge, bool& refused);

  sip::digest::Credentials credentials_;
  std::vector<Realm> realms_;
  int rounds_ = 0;
};

}  // namespace xivo::endpoint
