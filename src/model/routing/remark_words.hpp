#pragma once

#include <span>
#include <string_view>

#include "model/routing/trace_text.hpp"

/// How remarks are told; for the files of this folder only.
namespace xivo::model::routing {

/// {name} stands for a fact, {name,} for a decimal number, {cause_words} for the words of the fact `cause`.
struct RemarkWords {
  Remark remark;
  std::string_view name;  // on the wire
  Words words;
};
std::span<const RemarkWords> remark_words();

/// Sentences that come as they are, in English, from layers that know no languages.
std::span<const Words> plain_words();

}  // namespace xivo::model::routing
