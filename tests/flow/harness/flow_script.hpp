#pragma once

#include <string>
#include <vector>

namespace xivo::flow {

/// One sentence of a flow: "alice calls 102", cut into words; quoted text is one word.
struct Sentence {
  int line = 0;
  std::string text;
  std::vector<std::string> words;
};

/// One test of a .flow file.
struct FlowTest {
  std::string name;
  std::string file;
  int line = 0;
  std::vector<Sentence> sentences;
};

/// Reads a .flow file: `test "name"` starts a test; sentences stand one a line or are separated by ';'; '#' starts a
/// comment; sentences before the first test open every test of the file.
std::vector<FlowTest> read_flow_file(const std::string& path);

/// Runs a test; returns "" or what failed, with file and line.
std::string run_flow(const FlowTest& test, unsigned long long seed, unsigned shards = 1);

}  // namespace xivo::flow
