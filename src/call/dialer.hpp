#pragma once

#include <vector>

#include "call/leg.hpp"

namespace xivo::call {

/// What a call asks of the endpoints: ring one line.
struct Dial {
  CallId call;
  model::SipLineId line;
  std::string exten;              // the number that was called
  Party caller;                   // shown on the ringing phone
  media::Description offer;       // the caller's; no codecs = the line's own codecs are offered
  media::SessionId beside;        // whose media loop the new legs share
  int max_forwards = 70;          // RFC 3261 §8.1.1.6
};

/// Creates outgoing legs. endpoint:: implements it over SIP, a test as it likes.
/// Thread  the shard's.
class Dialer {
 public:
  virtual ~Dialer() = default;

  /// One leg per contact of the line, added to the registry under `dial.call`; all ring. One that
  /// cannot even begin has ended by the time this returns.
  virtual std::vector<LegId> dial(const Dial& dial) = 0;
  /// Contacts that dial() would ring now.
  [[nodiscard]] virtual int contacts_of(model::SipLineId line) const = 0;
};

}  // namespace xivo::call
