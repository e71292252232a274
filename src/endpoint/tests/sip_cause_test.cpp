#include "endpoint/sip_cause.hpp"

#include <gtest/gtest.h>

#include <string>

namespace xivo::endpoint {
namespace {

std::optional<call::Cause> cause_of_bye(const std::string& reason) {
  std::string bytes =
      "BYE sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKx\r\nFrom: <sip:b@x>;tag=1\r\n"
      "To: <sip:a@x>;tag=2\r\nCall-ID: c\r\nCSeq: 2 BYE\r\nMax-Forwards: 70\r\n" +
      reason + "Content-Length: 0\r\n\r\n";
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  EXPECT_TRUE(message);
  return message ? reason_cause(*message) : std::nullopt;
}

TEST(SipCause, a_reason_of_another_protocol_is_no_q850_cause) {
  EXPECT_FALSE(cause_of_bye("Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"));
}

TEST(SipCause, a_cause_that_is_no_number_is_ignored) {
  EXPECT_FALSE(cause_of_bye("Reason: Q.850;cause=busy\r\n"));
  EXPECT_FALSE(cause_of_bye("Reason: Q.850;cause=999\r\n"));
  EXPECT_FALSE(cause_of_bye("Reason: Q.850\r\n"));
}

TEST(SipCause, the_q850_value_is_found_among_several) {
  EXPECT_EQ(cause_of_bye("Reason: SIP;cause=486, q.850 ; cause=17 ; text=\"User busy\"\r\n"),
            call::Cause::UserBusy);
}

TEST(SipCause, our_own_reason_line_is_understood) {
  EXPECT_EQ(cause_of_bye(reason_line(call::Cause::NoAnswer)), call::Cause::NoAnswer);
}

TEST(SipCause, causes_and_statuses_agree_where_the_issue_names_them) {
  EXPECT_EQ(status_for(call::Cause::UnallocatedNumber), 404);
  EXPECT_EQ(status_for(call::Cause::UserBusy), 486);
  EXPECT_EQ(status_for(call::Cause::SubscriberAbsent), 480);
  EXPECT_EQ(cause_for(486), call::Cause::UserBusy);
  EXPECT_EQ(cause_for(603), call::Cause::CallRejected);
  EXPECT_EQ(cause_for(699), call::Cause::CallRejected);
}

}  // namespace
}  // namespace xivo::endpoint
