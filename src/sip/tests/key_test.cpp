#include "sip/transaction/key.hpp"

#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

namespace xivo::sip::testing {
namespace {

class Key : public ::testing::Test {
 protected:
  TransactionKey server(const RequestText& request) { return of(request, &KeyMaker::server); }
  TransactionKey merged(const RequestText& request) { return of(request, &KeyMaker::merged); }

  runtime::SeededRng rng{5};
  KeyMaker keys{rng};

 private:
  TransactionKey of(const RequestText& request, TransactionKey (KeyMaker::*make)(const Message&) const) {
    auto text = request.text();
    const auto message = Message::parse(text.data(), text.size());
    EXPECT_TRUE(message.has_value());
    return (keys.*make)(*message);
  }
};

TEST_F(Key, DiffersBetweenProcesses) {
  KeyMaker other(rng);
  EXPECT_NE(keys.client("z9hG4bK-1", "INVITE"), other.client("z9hG4bK-1", "INVITE"));
}

TEST_F(Key, OfAckAndCancelIsTheInvites) {
  const RequestText invite;
  EXPECT_EQ(server(invite), server(invite.as("ACK", "t1")));
  EXPECT_EQ(server(invite), server(invite.as("CANCEL")));
  EXPECT_NE(server(invite), server(invite.as("BYE")));
}

TEST_F(Key, DoesNotRunItsPartsTogether) {
  EXPECT_NE(keys.client("ab", "c"), keys.client("a", "bc"));
  EXPECT_NE(keys.client("a", ""), keys.client(std::string_view("a\0", 2), ""));
  EXPECT_NE(keys.client("12345678", ""), keys.client("1234567", "8"));
}

TEST_F(Key, OfAMergedRequestIgnoresTheWayItCame) {
  RequestText one;
  RequestText other;
  other.via = "SIP/2.0/TCP 192.0.2.99;branch=z9hG4bK-b";
  EXPECT_EQ(merged(one), merged(other));
  EXPECT_NE(server(one), server(other));
  other.from_tag = "f2";
  EXPECT_NE(merged(one), merged(other));
}

TEST_F(Key, OfOneRequestIsNoOtherSortsToo) {
  const RequestText invite;
  EXPECT_NE(server(invite), merged(invite));
  EXPECT_NE(server(invite), keys.client("z9hG4bK-a1", "INVITE"));
}

}  // namespace
}  // namespace xivo::sip::testing
