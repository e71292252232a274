#include <gtest/gtest.h>

#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

TEST(ReasonPhrase, IsTheRegistrysOrUnknown) {
  EXPECT_EQ(reason_phrase(100), "Trying");
  EXPECT_EQ(reason_phrase(423), "Interval Too Brief");
  EXPECT_EQ(reason_phrase(608), "Rejected");
  for (const int status : {0, 101, 299, 418, 699, 1000})
    EXPECT_EQ(reason_phrase(status), "Unknown") << status;
}

}  // namespace
}  // namespace xivo::sip
