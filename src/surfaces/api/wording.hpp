#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "model/language.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// One text in both languages that may be made at run time.
struct Wording {
  std::string french;
  std::string english;

  Wording() = default;
  Wording(std::string in_french, std::string in_english)
      : french(std::move(in_french)), english(std::move(in_english)) {}
  Wording(const model::Words& words) : french(words.french), english(words.english) {}
  [[nodiscard]] const std::string& in(model::Language language) const {
    return language == model::Language::French ? french : english;
  }
};

/// The language the client likes best of those we speak; English when it does not say.          RFC 9110 §12.5.4
model::Language preferred_language(const http::Request& request);
std::string_view tag(model::Language language);  // "fr", "en"

/// "2026-11-25T08:00:00.000Z"                                                                   RFC 3339
std::string time_text(runtime::WallTime at);
/// Reads RFC 3339 with any offset, or a date alone (midnight UTC).
std::optional<runtime::WallTime> parse_time(std::string_view text);

/// Lower case without accents, so that "lefevre" finds "Lefèvre". Latin letters only; others stay as they are.
std::string folded(std::string_view text);
/// Whether `folded_part`, already folded, stands in `text`.
bool contains_folded(std::string_view text, std::string_view folded_part);

}  // namespace xivo::api
