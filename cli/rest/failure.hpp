#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "cli/exit_code.hpp"
#include "model/language.hpp"

namespace xivo::cli {

/// Why a command was not done: what to tell and how the program ends.
struct Failure {
  ExitCode code = kCommandFailed;
  std::string text;  // lines without "xivo: " before them
};

template <class T>
using Outcome = Result<T, Failure>;

inline Unexpected<Failure> failed(ExitCode code, std::string text) {
  return {Failure{code, std::move(text)}};
}

/// Either text, by the user's language.
inline std::string in(model::Language language, std::string_view french, std::string_view english) {
  return std::string(language == model::Language::French ? french : english);
}

}  // namespace xivo::cli
