// Our parser of SIP messages beside two that telephones have met for twenty years: what they make of a message is
// compared, point by point. A difference must be one that was judged (differences.cpp), or the test fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "differences.hpp"
#include "mutation.hpp"
#include "source_dir.hpp"

namespace xivo::oracle {
namespace {

constexpr std::uint64_t kSeed = 20'261'127;
constexpr int kRespelled = 2'000;
constexpr int kDamaged = 10'000;
constexpr std::size_t kFailuresShown = 5;

struct Sample {
  std::string name;
  std::string bytes;
};

std::vector<Sample> read_corpus() {
  std::vector<Sample> samples;
  for (const auto* folder : {"rfc4475", "sip_message", "oracle"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(tests::source_dir() / "tests/corpus" / folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      samples.push_back({entry.path().filename(), {std::istreambuf_iterator<char>(file), {}}});
    }
  }
  std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return samples;
}

/// Those that all parsers read alike: what is mutated.
std::vector<Sample> agreed_samples() {
  auto samples = read_corpus();
  std::erase_if(samples, [](const Sample& sample) {
    bool agreed = our_parser().read(sample.bytes).accepted;
    for (const Parser* parser : oracles()) agreed = agreed && differences(sample.bytes, *parser).empty();
    return !agreed;
  });
  return samples;
}

class Oracle : public testing::Test {
 protected:
  void SetUp() override {
    if (oracles().empty()) GTEST_SKIP() << "neither libsofia-sip-ua-dev nor libosip2-dev is installed";
  }

  void compare(const std::string& name, const std::string& bytes) {
    for (const Parser* parser : oracles()) {
      for (const auto& difference : differences(bytes, *parser)) {
        const Known* const known = judged(difference);
        if (known != nullptr) {
          ++seen_[known->name];
        } else if (++failures_ <= kFailuresShown) {
          ADD_FAILURE() << name << ", " << parser->name() << ", " << difference.point << ": ours \""
                        << difference.our_value << "\", theirs \"" << difference.their_value << "\", in\n"
                        << bytes;
        }
      }
    }
  }

  std::map<std::string_view, int> seen_;
  std::size_t failures_ = 0;
};

TEST_F(Oracle, every_message_of_the_corpus_is_read_alike) {
  for (const auto& sample : read_corpus()) compare(sample.name, sample.bytes);
  EXPECT_EQ(failures_, 0u);
}

TEST_F(Oracle, another_spelling_changes_nothing_for_anybody) {
  const auto samples = agreed_samples();
  runtime::SeededRng rng(kSeed);
  for (int i = 0; i < kRespelled; ++i) {
    const auto& sample = samples[rng.below(samples.size())];
    const auto bytes = respelled(sample.bytes, rng);
    const auto reading = our_parser().read(bytes);
    ASSERT_TRUE(reading.accepted) << reading.why << "\n" << bytes;
    ASSERT_EQ(reading.fields, our_parser().read(sample.bytes).fields) << bytes;
    compare(sample.name, bytes);
  }
  EXPECT_EQ(failures_, 0u) << "seed " << kSeed;
}

// An excuse that nothing needs any more would one day hide a mistake.
TEST_F(Oracle, damage_is_taken_or_refused_alike_and_every_excuse_is_needed) {
  for (const auto& sample : read_corpus()) compare(sample.name, sample.bytes);
  const auto samples = agreed_samples();
  ASSERT_GE(samples.size(), 25u);
  runtime::SeededRng rng(kSeed);
  for (int i = 0; i < kDamaged; ++i) {
    const auto& sample = samples[rng.below(samples.size())];
    compare(sample.name, damaged(sample.bytes, rng));
  }
  EXPECT_EQ(failures_, 0u) << "seed " << kSeed;
  if (oracles().size() < 2) return;  // some excuses are for one of them only
  for (const auto& known : all_known()) EXPECT_GT(seen_[known.name], 0) << known.name << ": " << known.why;
}

}  // namespace
}  // namespace xivo::oracle
