#include "cli/rest/directory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::cli {
namespace {

using model::Value;

constexpr std::int64_t kPage = 1'000;
constexpr std::size_t kLabelTexts = 2;

template <class Fits>
std::vector<std::int64_t> ids_where(const std::vector<Value>& objects, Fits fits) {
  std::vector<std::int64_t> ids;
  for (const Value& object : objects) {
    if (fits(object)) ids.push_back(object.integer_at("id"));
  }
  return ids;
}

}  // namespace

Outcome<const std::vector<Value>*> Directory::all(const KindInfo& kind) {
  const auto known = objects_.find(kind.name);
  if (known != objects_.end()) return &known->second;
  Objects objects;
  for (std::int64_t total = 1; std::ssize(objects) < total;) {
    const auto reply =
        api_.get(kind.singleton ? kind.path()
                                : fmt::format("{}?limit={}&offset={}", kind.path(), kPage, objects.size()));
    if (!reply) return Unexpected{reply.error()};
    if (kind.singleton) {
      objects.push_back(reply->json);
      break;
    }
    const Value* items = reply->json.find("items");
    if (items == nullptr || items->items() == nullptr || items->items()->empty()) break;
    objects.insert(objects.end(), items->items()->begin(), items->items()->end());
    total = reply->json.integer_at("total");
  }
  return &objects_.emplace(kind.name, std::move(objects)).first->second;
}

Outcome<std::vector<std::int64_t>> Directory::named(const KindInfo& kind, const Objects& objects,
                                                    std::string_view text) {
  if (const FieldInfo* key = kind.chosen_key()) {
    auto ids = ids_where(objects, [&](const Value& o) { return o.text_at(key->name) == text; });
    if (!ids.empty()) return ids;
  }
  if (const FieldInfo* local = kind.local_name()) {
    std::vector<std::int64_t> ids;
    for (const Value& object : objects) {
      const auto whole = name(kind, object);
      if (!whole) return Unexpected{whole.error()};
      if (*whole == text || object.text_at(local->name) == text) ids.push_back(object.integer_at("id"));
    }
    if (!ids.empty()) return ids;
  }
  if (const auto id = text::parse_decimal<std::int64_t>(text))
    return ids_where(objects, [&](const Value& o) { return o.integer_at("id") == *id; });
  auto ids = ids_where(objects, [&](const Value& object) {
    return std::any_of(kind.fields.begin(), kind.fields.end(), [&](const FieldInfo& field) {
      return field.unique && field.unique_within.empty() && object.text_at(field.name) == text;
    });
  });
  if (ids.empty())
    ids = ids_where(objects, [&](const Value& o) { return text::equal_ignoring_case(label(kind, o), text); });
  return ids;
}

Outcome<std::int64_t> Directory::find(const KindInfo& kind, std::string_view text) {
  const auto objects = all(kind);
  if (!objects) return Unexpected{objects.error()};
  Outcome<std::vector<std::int64_t>> ids = std::vector<std::int64_t>();
  if (text.starts_with('#')) {
    const auto id = text::parse_decimal<std::int64_t>(text.substr(1)).value_or(0);
    ids = ids_where(**objects, [&](const Value& o) { return o.integer_at("id") == id; });
  } else if (!text.empty()) {
    ids = named(kind, **objects, text);
  }
  if (!ids) return Unexpected{ids.error()};
  if (ids->size() == 1) return ids->front();
  const auto language = api_.language();
  if (ids->empty())
    return failed(
        kCommandFailed,
        fmt::format(fmt::runtime(in(language, "{} « {} » : il n'y en a pas", "there is no {} \"{}\"")),
                    kind.name, text));
  std::string which;
  for (const auto id : *ids) which += fmt::format("{}#{}", which.empty() ? "" : ", ", id);
  return failed(kCommandFailed, fmt::format(fmt::runtime(in(language, "{} « {} » : il y en a plusieurs ({})",
                                                            "{} \"{}\": there are several ({})")),
                                            kind.name, text, which));
}

Outcome<const Value*> Directory::by_id(const KindInfo& kind, std::int64_t id) {
  const auto objects = all(kind);
  if (!objects) return Unexpected{objects.error()};
  const auto found =
      std::lower_bound((*objects)->begin(), (*objects)->end(), id,
                       [](const Value& o, std::int64_t wanted) { return o.integer_at("id") < wanted; });
  return found != (*objects)->end() && found->integer_at("id") == id ? &*found : nullptr;
}

Outcome<std::string> Directory::name(const KindInfo& kind, const Value& object) {
  if (const std::string key = kind.file_key(); !key.empty()) return object.text_at(key);
  const FieldInfo* local = kind.local_name();
  if (local == nullptr) return fmt::format("#{}", object.integer_at("id"));
  const FieldInfo* within = kind.field(local->unique_within);
  std::string scope;
  if (const KindInfo* other = within == nullptr ? nullptr : schema_.kind(within->reference)) {
    const auto found = by_id(*other, object.integer_at(within->name));
    if (!found) return Unexpected{found.error()};
    if (*found != nullptr) scope = label(*other, **found);
  }
  return fmt::format("{}@{}", object.text_at(local->name), scope);
}

std::string Directory::label(const KindInfo& kind, const Value& object) {
  if (const FieldInfo* key = kind.chosen_key()) return object.text_at(key->name);
  if (kind.local_name() != nullptr) {
    if (const auto whole = name(kind, object)) return *whole;
  }
  std::string label;
  std::size_t texts = 0;
  for (const FieldInfo& field : kind.fields) {
    if (!field.listed || field.type != "text" || texts == kLabelTexts) continue;
    ++texts;
    const std::string text = object.text_at(field.name);
    if (!text.empty()) label += (label.empty() ? "" : " ") + text;
  }
  return label.empty() ? fmt::format("#{}", object.integer_at("id")) : label;
}

std::string Directory::label(std::string_view kind_name, std::int64_t id) {
  const KindInfo* kind = schema_.kind(kind_name);
  if (kind != nullptr) {
    // Who may not read the other kind sees its number.
    if (const auto object = by_id(*kind, id); object && *object != nullptr) return label(*kind, **object);
  }
  return fmt::format("#{}", id);
}

}  // namespace xivo::cli
