#include "cli/rest/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xivo::cli {
namespace {
constexpr std::array<std::string_view, 13> kFlags{"force",        "json",    "dry-run", "yes",  "help",
                                                  "owned",        "return",  "desc",    "keep", "update",
                                                  "with-secrets", "version", "insecure"};
}  // namespace

bool is_flag(std::string_view name) { return std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end(); }

Arguments Arguments::parse(std::span<const std::string> arguments) {
  Arguments parsed;
  bool only_words = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string argument = arguments[i];
    if (argument == "-h") argument = "--help";
    if (argument == "-y") argument = "--yes";
    if (argument == "-s") argument = "--socket";
    if (only_words || !argument.starts_with("--")) {
      parsed.words_.push_back(argument);
      continue;
    }
    if (argument == "--") {
      only_words = true;
      continue;
    }
    Option option;
    const auto equals = argument.find('=');
    option.name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (equals != std::string::npos) {
      option.value = argument.substr(equals + 1);
    } else if (option.name.starts_with("no-")) {
      option.name.erase(0, 3);
      option.value = "false";
    } else if (!is_flag(option.name) && i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) {
      option.value = arguments[++i];
    }
    parsed.options_.push_back(std::move(option));
  }
  return parsed;
}

std::optional<std::string> Arguments::take(std::string_view name) {
  std::optional<std::string> value;
  for (const Option& option : options_) {
    if (option.name == name) value = option.value.value_or("");
  }
  std::erase_if(options_, [&](const Option& option) { return option.name == name; });
  return value;
}

bool Arguments::take_flag(std::string_view name) {
  const auto value = take(name);
  return value && *value != "false";
}

Outcome<void> Arguments::nothing_left(model::Language language) const {
  if (options_.empty()) return {};
  return failed(kUsage, fmt::format(fmt::runtime(in(language, "l'option --{} n'existe pas ici ; voyez --help",
                                                    "there is no option --{} here; see --help")),
                                    options_.front().name));
}

}  // namespace xivo::cli
