#include "api/object_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "api/configuration/owned.hpp"
#include "api/wording.hpp"
#include "model/table.hpp"

namespace xivo::api {
namespace {

using model::Field;
using model::FieldType;
using model::KindSchema;
using model::Value;

/// A value as a query parameter writes it; a destination is its type.
std::string as_text(const Value& value) {
  if (value.is_object()) return value.text_at("type");
  if (const auto* text = value.text()) return *text;
  if (const auto number = value.integer()) return fmt::to_string(*number);
  if (const auto boolean = value.boolean()) return *boolean ? "true" : "false";
  return {};
}

/// A list matches when it holds the item; a missing reference is "0" or empty.
bool matches(const Value& value, const std::string& wanted) {
  if (const auto* items = value.items()) {
    return std::any_of(items->begin(), items->end(),
                       [&](const Value& item) { return as_text(item) == wanted; });
  }
  if (value.is_null()) return wanted.empty() || wanted == "0";
  return as_text(value) == wanted;
}

bool is_searched(const Field& field) {
  return field.type == FieldType::Text || field.type == FieldType::Choice;
}

class Selection {
 public:
  Selection(const KindSchema& kind, const ObjectQuery& query)
      : kind_(kind), query_(query), search_(folded(query.search)) {}

  void consider(std::int64_t id, const void* object) {
    for (const auto& [field, wanted] : query_.filters) {
      if (!matches(field->get(object), wanted)) return;
    }
    if (!found(object)) return;
    rows_.push_back({id, query_.order ? key_of(object) : Key(id)});
  }

  /// The ids of the wanted page.
  std::vector<std::int64_t> page() {
    const auto less = [this](const Row& a, const Row& b) {
      if (a.key == b.key) return a.id < b.id;
      return query_.descending ? b.key < a.key : a.key < b.key;
    };
    std::sort(rows_.begin(), rows_.end(), less);
    std::vector<std::int64_t> ids;
    const auto begin = std::min(static_cast<std::size_t>(query_.page.offset), rows_.size());
    const auto end = std::min(begin + static_cast<std::size_t>(query_.page.limit), rows_.size());
    for (std::size_t i = begin; i < end; ++i) ids.push_back(rows_[i].id);
    return ids;
  }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  using Key = std::variant<std::int64_t, std::string>;  // one alternative for all rows of a list
  struct Row {
    std::int64_t id;
    Key key;
  };

  [[nodiscard]] bool found(const void* object) const {
    if (search_.empty() || contains_folded(kind_.label(object), search_)) return true;
    return std::any_of(kind_.fields().begin(), kind_.fields().end(), [&](const Field& field) {
      if (!is_searched(field)) return false;
      const Value value = field.get(object);
      return value.text() && contains_folded(*value.text(), search_);
    });
  }

  [[nodiscard]] Key key_of(const void* object) const {
    const Value value = query_.order->get(object);
    const bool numeric =
        query_.order->type == FieldType::Integer || query_.order->type == FieldType::Reference;
    if (numeric) return value.integer().value_or(0);
    if (const auto* items = value.items())
      return items->empty() ? std::string() : folded(as_text(items->front()));
    return folded(as_text(value));
  }

  const KindSchema& kind_;
  const ObjectQuery& query_;
  const std::string search_;
  std::vector<Row> rows_;
};

}  // namespace

ObjectQuery ObjectQuery::read(Parameters& parameters, const KindSchema& kind) {
  ObjectQuery query;
  query.search = parameters.text("search").value_or("");
  std::vector<std::string_view> orders{"id"};
  for (const Field& field : kind.fields()) {
    if (field.write_only()) continue;
    orders.push_back(field.name);
    if (auto wanted = parameters.text(field.name)) query.filters.emplace_back(&field, std::move(*wanted));
  }
  query.order = kind.field(parameters.choice("order", orders));
  query.descending = parameters.choice("direction", {"asc", "desc"}) == "desc";
  query.page = Page::read(parameters);
  return query;
}

Value list_objects(const model::Config& config, const KindSchema& kind, const ObjectQuery& query) {
  Selection selection(kind, query);
  model::table_of(config, kind).for_each([&](std::int64_t id, const void* object) {
    selection.consider(id, object);
  });
  Value::List items;
  const auto page = selection.page();
  const auto owned = owned_ids(config, kind, {page.begin(), page.end()});
  for (const auto id : page) {
    Value item = model::object_value(config, kind, id);
    if (const auto members = owned.find(id); members != owned.end()) {
      for (const auto& member : *members->second.members()) item.append(member.name, member.value);
    }
    items.push_back(std::move(item));
  }
  return page_value(std::move(items), static_cast<std::int64_t>(selection.size()));
}

}  // namespace xivo::api
