#include "app/web/invite_preview.hpp"

#include <gtest/gtest.h>

namespace xivo::app {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(InvitePreview, SaysWhatAnOperatorWouldBeSent) {
  model::Trunk trunk;
  trunk.host = "192.0.2.1";
  trunk.diversion_out = true;
  model::routing::TrunkAttempt attempt;
  attempt.number = "0123456789";
  attempt.caller_number = "0100000000";
  attempt.anonymous = true;
  const auto sent = preview_of(trunk, attempt, "102");
  EXPECT_EQ(sent.request_uri, "sip:0123456789@192.0.2.1");
  EXPECT_EQ(sent.headers, (Headers{{"From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>"},
                                   {"To", "<sip:0123456789@192.0.2.1>"},
                                   {"P-Asserted-Identity", "<sip:0100000000@192.0.2.1>"},
                                   {"Privacy", "id"},
                                   {"Diversion", "<sip:102@192.0.2.1>;reason=unconditional"}}));
}

TEST(InvitePreview, LeavesOutWhatTheTrunkIsNotTold) {
  model::Trunk trunk;
  trunk.host = "192.0.2.1";
  trunk.identity_out = "none";
  model::routing::TrunkAttempt emergency;
  emergency.number = "18";
  emergency.caller_number = "0100000000";
  const auto sent = preview_of(trunk, emergency, "102");
  EXPECT_EQ(sent.headers, (Headers{{"From", "<sip:0100000000@192.0.2.1>"}, {"To", "<sip:18@192.0.2.1>"}}));
}

}  // namespace
}  // namespace xivo::app
