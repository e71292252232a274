#include "store/config_history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/json.hpp"
#include "model/schema.hpp"
#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {
namespace {

using model::RevisionNumber;
using model::Value;

constexpr model::JsonLimits kOurJson{
    .bytes_max = 16 << 20, .depth_max = 32, .values_max = 1'000'000, .members_max = 10'000};

// The state of an object at revision ?N: the row that began by then and was not over yet.
constexpr std::string_view kStateOfOne =
    "SELECT body FROM object WHERE kind = ?1 AND id = ?2 AND revision <= ?3"
    " AND (superseded_by IS NULL OR superseded_by > ?3)";
constexpr std::string_view kStates =
    "SELECT touched.kind, touched.id, old.body, new.body FROM"
    " (SELECT DISTINCT kind, id FROM object WHERE revision > ?1 AND revision <= ?2 ORDER BY kind, id LIMIT "
    "?3) AS touched"
    " LEFT JOIN object AS old ON old.kind = touched.kind AND old.id = touched.id AND old.revision <= ?1"
    " AND (old.superseded_by IS NULL OR old.superseded_by > ?1)"
    " LEFT JOIN object AS new ON new.kind = touched.kind AND new.id = touched.id AND new.revision <= ?2"
    " AND (new.superseded_by IS NULL OR new.superseded_by > ?2)"
    " ORDER BY touched.kind, touched.id";
constexpr std::string_view kList =
    "SELECT number, author, message, wall_ms, CASE WHEN length(difference) <= ?1 THEN difference ELSE '' END,"
    " (SELECT COUNT(*) FROM object WHERE object.revision = revision.number)"
    " FROM revision WHERE (?2 = 0 OR number < ?2) AND (?3 = '' OR author = ?3)"
    " AND (?4 = '' OR EXISTS (SELECT 1 FROM object WHERE object.revision = revision.number AND object.kind = "
    "?4"
    " AND (?5 = 0 OR object.id = ?5)))"
    " ORDER BY number DESC LIMIT ?6";

RevisionRecord record_of(const Query& row) {
  return {row.integer(0), row.text(1), row.text(2), from_ms(row.integer(3)), row.text(4)};
}

Result<Value> body_of(const Query& row, int column) {
  if (row.is_null(column)) return Value();
  return model::parse_json(row.view(column), kOurJson);
}

/// As this program knows the kind: members it has no field for are gone, fields that are missing have their default.
Value normal(const model::KindSchema* kind, std::int64_t id, const Value& stored, std::string& label) {
  if (kind == nullptr || stored.is_null()) return stored;
  model::Problems ignored;
  const auto object = kind->from_value(stored, ignored);
  kind->set_id(object.get(), id);
  label = kind->label(object.get());
  return kind->to_value(object.get(), model::Secrets::Shown);
}

std::vector<std::string> differing(const Value& before, const Value& after) {
  std::vector<std::string> names;
  for (const Value* side : {&after, &before}) {
    if (side->members() == nullptr) continue;
    for (const auto& member : *side->members()) {
      const Value* was = before.find(member.name);
      const Value* is = after.find(member.name);
      const bool same = was != nullptr && is != nullptr && *was == *is;
      if (same || member.name == "id" || std::find(names.begin(), names.end(), member.name) != names.end())
        continue;
      names.push_back(member.name);
    }
  }
  return names;
}

/// The first row's only number, or 0 when there is no row.
Result<RevisionNumber> number_of(Result<Query> rows) {
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? rows->integer(0) : 0;
}

}  // namespace

std::optional<model::ResolvedChange> resolved_change(std::string_view kind_name, std::int64_t id,
                                                     const Value& before, const Value& after) {
  const model::KindSchema* kind = model::find_kind(kind_name);
  model::ResolvedChange change;
  change.kind = kind_name;
  change.id = id;
  change.name = fmt::format("{} {}", kind_name, id);
  change.before = normal(kind, id, before, change.name);
  change.after = normal(kind, id, after, change.name);
  if (change.before == change.after) return std::nullopt;
  change.op = change.before.is_null()  ? model::Change::Op::Create
              : change.after.is_null() ? model::Change::Op::Delete
                                       : model::Change::Op::Update;
  change.fields = differing(change.before, change.after);
  return change;
}

Result<std::unique_ptr<ConfigHistory>> ConfigHistory::open(const std::string& path) {
  auto database = open_configuration(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<ConfigHistory>(new ConfigHistory(std::move(*database)));
}

Result<RevisionNumber> ConfigHistory::newest() {
  return number_of(database_.query("SELECT COALESCE(MAX(number), 0) FROM revision"));
}

Result<std::vector<ListedRevision>> ConfigHistory::revisions(const RevisionFilter& filter) {
  auto rows = database_.query(kList, static_cast<std::int64_t>(kListedBytesMax), filter.before, filter.author,
                              filter.kind, filter.object, filter.limit);
  if (!rows) return Unexpected{rows.error()};
  std::vector<ListedRevision> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    found.push_back({record_of(*rows), rows->integer(5)});
  }
}

Result<std::optional<RevisionRecord>> ConfigHistory::revision(RevisionNumber number) {
  auto rows = database_.query(
      "SELECT number, author, message, wall_ms, difference FROM revision WHERE number = ?", number);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? std::optional(record_of(*rows)) : std::nullopt;
}

Result<RevisionNumber> ConfigHistory::last_change(std::string_view kind, std::int64_t id) {
  return number_of(
      database_.query("SELECT COALESCE(MAX(revision), 0) FROM object WHERE kind = ? AND id = ?", kind, id));
}

Result<RevisionNumber> ConfigHistory::last_change_of(std::string_view kind, std::int64_t id,
                                                     const std::vector<std::string>& fields,
                                                     RevisionNumber after) {
  auto rows = database_.query(
      "SELECT revision, body FROM object WHERE kind = ?1 AND id = ?2"
      " AND (superseded_by IS NULL OR superseded_by > ?3) ORDER BY revision",
      kind, id, after);
  if (!rows) return Unexpected{rows.error()};
  RevisionNumber last = 0;
  std::optional<Value> previous;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return last;
    auto body = body_of(*rows, 1);
    if (!body) return Unexpected{body.error()};
    if (previous) {
      const auto change = resolved_change(kind, id, *previous, *body);
      const auto is_wanted = [&](const std::string& name) {
        return std::find(fields.begin(), fields.end(), name) != fields.end();
      };
      if (change && std::any_of(change->fields.begin(), change->fields.end(), is_wanted))
        last = rows->integer(0);
    }
    previous = std::move(*body);
  }
}

Result<std::optional<model::ResolvedChange>> ConfigHistory::change_of(std::string_view kind, std::int64_t id,
                                                                      RevisionNumber from,
                                                                      RevisionNumber to) {
  Value states[2];
  const RevisionNumber at[2] = {from, to};
  for (int i = 0; i < 2; ++i) {
    auto rows = database_.query(kStateOfOne, kind, id, at[i]);
    if (!rows) return Unexpected{rows.error()};
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) continue;
    auto body = body_of(*rows, 0);
    if (!body) return Unexpected{body.error()};
    states[i] = std::move(*body);
  }
  return resolved_change(kind, id, states[0], states[1]);
}

Result<std::vector<model::ResolvedChange>> ConfigHistory::changes(RevisionNumber from, RevisionNumber to,
                                                                  std::size_t limit) {
  auto rows = database_.query(kStates, from, to, static_cast<std::int64_t>(limit));
  if (!rows) return Unexpected{rows.error()};
  std::vector<model::ResolvedChange> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    auto before = body_of(*rows, 2);
    if (!before) return Unexpected{before.error()};
    auto after = body_of(*rows, 3);
    if (!after) return Unexpected{after.error()};
    if (auto change = resolved_change(rows->view(0), rows->integer(1), *before, *after))
      found.push_back(std::move(*change));
  }
}

}  // namespace xivo::store
