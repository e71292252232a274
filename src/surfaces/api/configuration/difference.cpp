#include "api/configuration/difference.hpp"

#include "api/wording.hpp"
#include "model/history/revision_message.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr model::JsonLimits kStoredJson{
    .bytes_max = 64 << 20, .depth_max = 32, .values_max = 10'000'000, .members_max = 10'000};

bool is_empty(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  return (value->text() && value->text()->empty()) || (value->items() && value->items()->empty());
}

Value shown_fields(const Value& change, const model::KindSchema* kind, model::Language language) {
  Value::List shown;
  const Value* fields = change.find("fields");
  if (fields == nullptr || fields->items() == nullptr) return shown;
  const bool whole = change.text_at("op") != name(model::Change::Op::Update);
  for (const Value& field : *fields->items()) {
    if (whole && is_empty(field.find("before")) && is_empty(field.find("after"))) continue;
    const std::string name = field.text_at("name");
    const model::Field* declared = kind == nullptr ? nullptr : kind->field(name);
    const Value* before = field.find("before");
    const Value* after = field.find("after");
    shown.push_back(Value::object({{"name", name},
                                   {"title", declared ? std::string(declared->title.in(language)) : name},
                                   {"before", before ? *before : Value()},
                                   {"after", after ? *after : Value()}}));
  }
  return shown;
}

Value shown(const Value& difference, model::Language language, std::size_t limit) {
  Value::List all;
  if (difference.items() == nullptr) return all;
  for (const Value& change : *difference.items()) {
    if (all.size() == limit) break;
    const model::KindSchema* kind = model::find_kind(change.text_at("kind"));
    all.push_back(Value::object({{"kind", change.text_at("kind")},
                                 {"id", change.integer_at("id")},
                                 {"op", change.text_at("op")},
                                 {"name", change.text_at("name")},
                                 {"fields", shown_fields(change, kind, language)}}));
  }
  return all;
}

}  // namespace

Value shown_difference(const std::vector<model::ResolvedChange>& changes, model::Language language,
                       std::size_t limit) {
  if (changes.size() <= limit) return shown(model::difference(changes), language, limit);
  const std::vector<model::ResolvedChange> first(changes.begin(),
                                                 changes.begin() + static_cast<std::ptrdiff_t>(limit));
  return shown(model::difference(first), language, limit);
}

Value shown_difference(const std::string& stored, model::Language language, std::size_t limit) {
  const auto difference = model::parse_json(stored, kStoredJson);
  return difference ? shown(*difference, language, limit) : Value(Value::List{});
}

Value revision_head(const store::RevisionRecord& record, model::Language language) {
  return Value::object({{"number", record.number},
                        {"at", time_text(record.wall)},
                        {"author", record.author},
                        {"message", model::worded_message(record.message, language)}});
}

}  // namespace xivo::api
