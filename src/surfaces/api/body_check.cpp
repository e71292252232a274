#include "api/body_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/utf8.hpp"

namespace xivo::api {

using model::Value;

void BodyCheck::wrong(std::string_view field, std::string_view rule, std::string_view french,
                      std::string_view english) {
  problems_.push_back(
      Value::object({{"rule", rule}, {"message", exchange_.say(french, english)}, {"field", field}}));
}

void BodyCheck::only(const std::vector<std::string_view>& known) {
  for (const auto& member : *body_.members()) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    wrong(member.name, "unknown-field", "Ce champ n'existe pas ici", "There is no such field here");
  }
}

std::string BodyCheck::text(std::string_view field, std::size_t min, std::size_t max) {
  const Value* value = body_.find(field);
  if (value == nullptr || value->is_null()) {
    if (min > 0) {
      wrong(field, "required", fmt::format("« {} » est obligatoire", field),
            fmt::format("\"{}\" is required", field));
    }
    return {};
  }
  const std::string* text = value->text();
  if (text == nullptr) {
    wrong(field, "wrong-type", fmt::format("« {} » doit être un texte", field),
          fmt::format("\"{}\" has to be a text", field));
    return {};
  }
  if (text->size() < min) {
    wrong(field, "too-short", fmt::format("« {} » est trop court (au moins {} octets)", field, min),
          fmt::format("\"{}\" is too short (at least {} bytes)", field, min));
    return {};
  }
  if (text->size() > max) {
    wrong(field, "too-long", fmt::format("« {} » est trop long (au plus {} octets)", field, max),
          fmt::format("\"{}\" is too long (at most {} bytes)", field, max));
    return {};
  }
  if (!model::printable_length(*text)) {
    wrong(field, "pattern", fmt::format("« {} » contient un caractère de commande", field),
          fmt::format("\"{}\" has a control character in it", field));
    return {};
  }
  return *text;
}

bool BodyCheck::finish() {
  if (problems_.empty()) return true;
  ProblemDocument document;
  document.refusal = Refusal::Invalid;
  document.detail = problems_.front().text_at("message");
  document.problems = std::move(problems_);
  exchange_.refuse(document);
  return false;
}

}  // namespace xivo::api
