#include "app/engine.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace xivo::app {
namespace {

class GruuKey : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-gruu-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::filesystem::path folder;
  runtime::SeededRng rng{1};
};

TEST_F(GruuKey, IsRefusedWhenItsFileIsCutShort) {
  std::ofstream(folder / "gruu.key") << "short";
  EXPECT_FALSE(gruu_key(folder / "gruu.key", rng));
  EXPECT_FALSE(gruu_key(folder / "no folder" / "gruu.key", rng));
}

TEST_F(GruuKey, IsTheSameAfterARestartAndNobodyElsesToRead) {
  const auto first = gruu_key(folder / "gruu.key", rng);
  ASSERT_TRUE(first);
  const auto second = gruu_key(folder / "gruu.key", rng);
  ASSERT_TRUE(second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(std::filesystem::status(folder / "gruu.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace xivo::app
