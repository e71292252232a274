#include "cli/rest/schema.hpp"

#include <algorithm>

namespace xivo::cli {
namespace {

using model::Value;

template <class Read>
auto each(const Value& value, std::string_view member, Read read) {
  std::vector<decltype(read(value))> all;
  const Value* list = value.find(member);
  if (list == nullptr || list->items() == nullptr) return all;
  for (const Value& item : *list->items()) all.push_back(read(item));
  return all;
}

FieldInfo field_of(const Value& value) {
  FieldInfo field{.name = value.text_at("name"),
                  .type = value.text_at("type"),
                  .title = value.text_at("title"),
                  .help = value.text_at("help"),
                  .group = value.text_at("group"),
                  .reference = value.text_at("reference"),
                  .unit = value.text_at("unit"),
                  .unique_within = value.text_at("unique_within"),
                  .pattern = value.text_at("pattern"),
                  .example = value.text_at("example"),
                  .required = value.boolean_at("required"),
                  .read_only = value.boolean_at("read_only"),
                  .write_only = value.boolean_at("write_only"),
                  .unique = value.boolean_at("unique"),
                  .listed = value.boolean_at("listed"),
                  .choices = {},
                  .fields = {}};
  field.choices = each(value, "choices", [](const Value& choice) {
    return std::pair(choice.text_at("value"), choice.text_at("title"));
  });
  field.fields = each(value, "fields", field_of);
  return field;
}

KindInfo kind_of(const Value& value) {
  KindInfo kind{.name = value.text_at("name"),
                .plural = value.text_at("plural"),
                .title = value.text_at("title"),
                .plural_title = value.text_at("plural_title"),
                .help = value.text_at("help"),
                .key = value.text_at("key"),
                .singleton = value.boolean_at("singleton"),
                .fixed = value.boolean_at("fixed"),
                .owned = {},
                .groups = {},
                .fields = {}};
  kind.owned = each(value, "owned", [](const Value& owned) {
    return OwnedInfo{owned.text_at("member"), owned.text_at("kind"), owned.text_at("field")};
  });
  kind.groups = each(value, "groups", [](const Value& group) {
    return std::pair(group.text_at("name"), group.text_at("title"));
  });
  kind.fields = each(value, "fields", field_of);
  return kind;
}

}  // namespace

const FieldInfo* KindInfo::field(std::string_view wanted) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& f) { return f.name == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

const FieldInfo* KindInfo::chosen_key() const {
  const FieldInfo* found = key.empty() ? nullptr : field(key);
  return found == nullptr || (found->read_only && !fixed) ? nullptr : found;
}

std::string KindInfo::file_key() const {
  const auto given =
      std::find_if(fields.begin(), fields.end(), [](const FieldInfo& f) { return f.read_only; });
  return fixed && given != fields.end() ? given->name : key;
}

const FieldInfo* KindInfo::local_name() const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [](const FieldInfo& f) { return !f.unique_within.empty(); });
  return found == fields.end() ? nullptr : &*found;
}

std::string KindInfo::path() const { return "/" + (singleton ? name : plural); }

Outcome<Schema> Schema::load(Api& api) {
  const auto reply = api.get("/schema");
  if (!reply) return Unexpected{reply.error()};
  Schema schema;
  schema.kinds = each(reply->json, "kinds", kind_of);
  schema.destinations = each(reply->json, "destinations", [](const Value& value) {
    return DestinationInfo{value.text_at("type"), value.text_at("title"), each(value, "fields", field_of)};
  });
  return schema;
}

const KindInfo* Schema::kind(std::string_view name) const {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindInfo& kind) {
    return kind.name == wanted || kind.plural == wanted;
  });
  return found == kinds.end() ? nullptr : &*found;
}

const DestinationInfo* Schema::destination(std::string_view type) const {
  const auto found = std::find_if(destinations.begin(), destinations.end(),
                                  [&](const DestinationInfo& d) { return d.type == type; });
  return found == destinations.end() ? nullptr : &*found;
}

}  // namespace xivo::cli
