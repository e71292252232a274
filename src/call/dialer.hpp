#pragma once

#include <vector>

#include "call/leg.hpp"

namespace xivo::call {

/// What a call asks of the endpoints: ring one line, or call a number by one trunk.
struct Dial {
  CallId call;
  model::SipLineId line;
  std::string exten;              // the number that was called
  Party caller;                   // shown on the ringing phone, or by the operator
  media::Description offer;       // the caller's; no codecs = the line's own codecs are offered
  media::SessionId beside;        // whose media loop the new legs share
  int max_forwards = 70;          // RFC 3261 §8.1.1.6

  // Where `trunk` names one, `line` does not.
  model::TrunkId trunk{};
  std::string number{};           // to dial there, in the trunk's form
  bool anonymous = false;         // the called is not to know the caller; the operator is
  std::string diverted_by{};      // the number of ours that forwarded the call; empty: none
};

/// Creates outgoing legs. endpoint:: implements it over SIP, a test as it likes.
/// Thread  the shard's.
class Dialer {
 public:
  virtual ~Dialer() = default;

  /// One leg per contact of the line, or one by the trunk, added to the registry under `dial.call`; all ring. One that
  /// cannot even begin has ended by the time this returns.
  virtual std::vector<LegId> dial(const Dial& dial) = 0;
  /// Contacts that dial() would ring now.
  [[nodiscard]] virtual int contacts_of(model::SipLineId line) const = 0;
  /// False: the trunk is known not to take calls now.
  [[nodiscard]] virtual bool trunk_usable(model::TrunkId) const { return true; }
};

}  // namespace xivo::call
