#include "runtime/process.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstring>
#include <vector>

namespace xivo::runtime {
namespace {

TEST(Process, memory_in_use_is_counted) {
  const auto before = resident_bytes();
  ASSERT_GT(before, std::size_t{100} * 1024);
  constexpr std::size_t kSize = std::size_t{64} * 1024 * 1024;
  std::vector<char> used(kSize, 'x');
  EXPECT_GE(resident_bytes() + kSize / 4, before + kSize) << used[kSize / 2];
}

TEST(Process, the_limit_of_descriptors_is_the_one_in_force) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(descriptors_max(), limit.rlim_cur);
}

TEST(Process, takes_all_the_descriptors_that_the_system_allows) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  raise_descriptors_max();
  EXPECT_EQ(descriptors_max(), limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace
}  // namespace xivo::runtime
