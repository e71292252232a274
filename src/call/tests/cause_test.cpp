#include "call/cause.hpp"

#include <gtest/gtest.h>

namespace xivo::call {
namespace {

TEST(Cause, a_value_without_a_name_is_unknown) { EXPECT_EQ(describe(static_cast<Cause>(99)), "Unknown"); }

TEST(Cause, what_a_person_did_counts_more_than_what_a_machine_did) {
  EXPECT_EQ(stronger(Cause::NoUserResponding, Cause::UserBusy), Cause::UserBusy);
  EXPECT_EQ(stronger(Cause::UserBusy, Cause::NoUserResponding), Cause::UserBusy);
  EXPECT_EQ(stronger(Cause::UserBusy, Cause::CallRejected), Cause::CallRejected);
}

TEST(Cause, a_cause_without_rank_never_wins_over_one_with_a_rank) {
  EXPECT_EQ(stronger(Cause::Interworking, Cause::SubscriberAbsent), Cause::SubscriberAbsent);
  EXPECT_EQ(stronger(Cause::SubscriberAbsent, Cause::Interworking), Cause::SubscriberAbsent);
}

}  // namespace
}  // namespace xivo::call
