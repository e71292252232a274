#include "flow_script.hpp"

#include <fstream>
#include <utility>

namespace xivo::flow {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && (c == ' ' || c == '\t')) {
      if (any) words.push_back(std::exchange(word, {}));
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

std::vector<std::string> sentences_of(const std::string& line) {
  std::vector<std::string> sentences(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == '#' && !quoted) break;
    if (c == ';' && !quoted) {
      sentences.emplace_back();
    } else {
      sentences.back() += c;
    }
  }
  return sentences;
}

}  // namespace

std::vector<FlowTest> read_flow_file(const std::string& path) {
  std::vector<FlowTest> tests;
  std::vector<Sentence> opening;
  std::ifstream in(path);
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    for (const auto& sentence_text : sentences_of(text)) {
      Sentence sentence{line, sentence_text, words_of(sentence_text)};
      if (sentence.words.empty()) continue;
      if (sentence.words[0] == "test" && sentence.words.size() == 2) {
        tests.push_back({sentence.words[1], path, line, opening});
      } else if (tests.empty()) {
        opening.push_back(std::move(sentence));
      } else {
        tests.back().sentences.push_back(std::move(sentence));
      }
    }
  }
  return tests;
}

}  // namespace xivo::flow
