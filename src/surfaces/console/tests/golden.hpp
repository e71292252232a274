#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "console/interpreter.hpp"
#include "console/tests/fake_view.hpp"
#include "source_dir.hpp"

namespace xivo::console {

/// The output with a '$' before each line feed, so that blanks at the ends of lines are seen.
inline std::string with_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '$';
    out += c;
  }
  return out;
}

/// The text of tests/golden/NAME.txt, where ends of lines are shown as with_ends() shows them. With
/// XIVO_UPDATE_GOLDEN set the file becomes `now`; the difference is then to be reviewed like code.
inline std::string golden(const std::string& name, std::string_view now) {
  const auto path = tests::source_dir() / "src/surfaces/console/tests/golden" / (name + ".txt");
  if (std::getenv("XIVO_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void expect_golden(std::string_view text, const std::string& name) {
  const auto shown = with_ends(text);
  EXPECT_EQ(shown, golden(name, shown));
}

/// A console at the fake engine.
struct Console {
  FakeView view;
  Interpreter interpreter{view};
  Settings settings;

  Output execute(std::string_view line) {
    Output result{"(no answer)"};
    interpreter.execute(line, settings, [&result](Output output) { result = std::move(output); });
    return result;
  }
  std::string run(std::string_view line) { return execute(line).text; }
  std::vector<std::string> complete(std::string_view line) {
    std::vector<std::string> words{"(no answer)"};
    interpreter.complete(line, [&words](std::vector<std::string> found) { words = std::move(found); });
    return words;
  }
};

}  // namespace xivo::console
