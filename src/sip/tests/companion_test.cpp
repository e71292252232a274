#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// RFC 3261 §17.1.1.3, §9.1
namespace xivo::sip::testing {
namespace {

TEST(Companion, IsAnAckMadeOutOfTheInviteAndTheRefusal) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(486, "INVITE", "busy");
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(bench.wire.sent[1].flow, bench.flow);
  EXPECT_EQ(bench.wire.sent[1].bytes,
            "ACK sip:102@192.0.2.7 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=" +
                bench.branch +
                ";rport\r\n"
                "Max-Forwards: 70\r\n"
                "Route: <sip:192.0.2.7;lr>\r\n"
                "From: \"Al\" <sip:101@example.com>;tag=u1\r\n"
                "To: <sip:102@example.com>;tag=busy\r\n"
                "Call-ID: out-1\r\n"
                "CSeq: 5 ACK\r\n"
                "Content-Length: 0\r\n\r\n");
}

TEST(Companion, IsACancelMadeOutOfTheInviteAndWhatTheUserAdds) {
  Bench bench;
  const auto id = bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  bench.layer.cancel(id, "Reason: SIP;cause=200\r\n");
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(bench.wire.sent[1].bytes,
            "CANCEL sip:102@192.0.2.7 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=" +
                bench.branch +
                ";rport\r\n"
                "Max-Forwards: 70\r\n"
                "Route: <sip:192.0.2.7;lr>\r\n"
                "From: \"Al\" <sip:101@example.com>;tag=u1\r\n"
                "To: <sip:102@example.com>\r\n"
                "Reason: SIP;cause=200\r\n"
                "Call-ID: out-1\r\n"
                "CSeq: 5 CANCEL\r\n"
                "Content-Length: 0\r\n\r\n");
  bench.layer.cancel(id);
  EXPECT_EQ(bench.wire.count("CANCEL "), 1);
}

}  // namespace
}  // namespace xivo::sip::testing
