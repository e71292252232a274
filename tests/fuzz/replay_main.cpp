// replay FOLDER [ROUNDS]: a fuzz target without its fuzzer, for every build and compiler: each input that is kept in the
// folder, then ROUNDS inputs at random, whose numbers are their seeds.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "runtime/rng.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::uint64_t kBytesMax = 300;

void run(const std::string& name, const std::string& bytes) {
  std::fprintf(stderr, "%s\n", name.c_str());  // the last one written is the one that broke it
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string at_random(std::uint64_t seed) {
  xivo::runtime::SeededRng rng(seed);
  std::string bytes(20 + rng.below(kBytesMax), '\0');
  for (char& c : bytes) c = static_cast<char>(rng.below(256));
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    run(entry.path().filename(), {std::istreambuf_iterator<char>(file), {}});
    ++inputs;
  }
  const int rounds = argc > 2 ? xivo::text::parse_decimal<int>(argv[2]).value_or(0) : 0;
  for (int seed = 0; seed < rounds; ++seed)
    run("seed " + std::to_string(seed), at_random(static_cast<std::uint64_t>(seed)));
  return inputs > 0 ? 0 : 1;
}
