// Runs every test of every tests/flow/*.flow file as a GoogleTest case, on an engine of one shard and on one of two.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "flow_script.hpp"
#include "source_dir.hpp"

namespace {

constexpr unsigned long long kSeed = 20'261'124;

class FlowCase : public testing::Test {
 public:
  FlowCase(xivo::flow::FlowTest test, unsigned shards) : test_(std::move(test)), shards_(shards) {}
  void TestBody() override {
    const auto problem = xivo::flow::run_flow(test_, kSeed, shards_);
    EXPECT_TRUE(problem.empty()) << problem << "\n  (seed " << kSeed << ")";
  }

 private:
  xivo::flow::FlowTest test_;
  unsigned shards_;
};

auto make_case(const xivo::flow::FlowTest& test, unsigned shards) {
  return [test, shards]() -> testing::Test* {
    return new FlowCase(test, shards);  // lint: allow raw-new GoogleTest takes it over
  };
}

std::string case_name(std::string name) {
  std::replace_if(name.begin(), name.end(), [](char c) { return !xivo::text::is_alnum(c); }, '_');
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  xivo::set_bugs_abort(true);
  xivo::log::set_level(xivo::log::Level::Error);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(xivo::tests::source_dir() / "tests/flow")) {
    if (entry.path().extension() == ".flow") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    for (const auto& test : xivo::flow::read_flow_file(file.string())) {
      for (const unsigned shards : {1u, 2u}) {
        const auto suite = (shards == 1 ? "Flow_" : "TwoShards_") + case_name(file.stem().string());
        testing::RegisterTest(suite.c_str(), case_name(test.name).c_str(), nullptr, nullptr, file.c_str(),
                              test.line, make_case(test, shards));
      }
    }
  }
  return RUN_ALL_TESTS();
}
