#include "store/config_store.hpp"

#include "base/log.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"
#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

using model::KindSchema;
using model::RevisionNumber;

constexpr model::JsonLimits kOurJson{
    .bytes_max = 16 << 20, .depth_max = 32, .values_max = 1'000'000, .members_max = 10'000};

model::AnyTable& table_of(model::ConfigBuilder& builder, const KindSchema& kind) {
  return builder.edit(kind.slot());
}

RevisionRecord revision_of(const Query& row) {
  return {row.integer(0), row.text(1), row.text(2), from_ms(row.integer(3)), row.text(4)};
}

/// Reads one stored object; what does not fit is told and left at its default.
Result<KindSchema::Object> read_object(const KindSchema& kind, std::int64_t id, std::string_view body) {
  const auto value = model::parse_json(body, kOurJson);
  if (!value) {
    log::error("store", "{} {} cannot be read: {}", kind.name(), id, value.error().what);
    return Unexpected{value.error()};
  }
  model::Problems problems;
  KindSchema::Object object = kind.from_value(*value, problems);
  kind.set_id(object.get(), id);
  for (const model::Problem& problem : problems) {
    log::warning("store", "loaded in part: {}", describe(problem, model::Language::English));
  }
  return object;
}

}  // namespace

Result<std::unique_ptr<ConfigStore>> ConfigStore::open(const std::string& path) {
  auto database = open_configuration(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<ConfigStore>(new ConfigStore(std::move(*database)));
}

Result<RevisionNumber> ConfigStore::newest() {
  auto row = database_.query("SELECT COALESCE(MAX(number), 0) FROM revision");
  if (!row) return Unexpected{row.error()};
  if (const auto there = row->next(); !there) return Unexpected{there.error()};
  return row->integer(0);
}

Result<model::ConfigSnapshot> ConfigStore::load() {
  const auto number = newest();
  if (!number) return Unexpected{number.error()};
  return load_at(*number);
}

Result<model::ConfigSnapshot> ConfigStore::load_at(RevisionNumber revision) {
  model::ConfigBuilder builder;
  builder.revision(revision);
  if (const auto loaded = load_objects(builder, revision); !loaded) return Unexpected{loaded.error()};
  if (const auto loaded = load_ids(builder); !loaded) return Unexpected{loaded.error()};
  return builder.build();
}

Result<void> ConfigStore::load_objects(model::ConfigBuilder& builder, RevisionNumber at) {
  for (const KindSchema* kind : model::kinds()) {
    auto rows = database_.query(
        "SELECT id, revision, body FROM object WHERE kind = ?1 AND revision <= ?2 AND body IS NOT NULL"
        " AND (superseded_by IS NULL OR superseded_by > ?2) ORDER BY id",
        kind->name(), at);
    if (!rows) return Unexpected{rows.error()};
    while (true) {
      const auto row = rows->next();
      if (!row) return Unexpected{row.error()};
      if (!*row) break;
      auto object = read_object(*kind, rows->integer(0), rows->view(2));
      if (!object) return Unexpected{object.error()};
      table_of(builder, *kind).put(rows->integer(0), std::move(*object), rows->integer(1));
    }
  }
  return {};
}

Result<void> ConfigStore::load_ids(model::ConfigBuilder& builder) {
  auto rows = database_.query("SELECT kind, next FROM next_id");
  if (!rows) return Unexpected{rows.error()};
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return {};
    if (const KindSchema* kind = model::find_kind(rows->view(0))) {
      table_of(builder, *kind).reserve_ids(rows->integer(1));
    }
  }
}

Result<std::vector<model::Value>> ConfigStore::stored(std::string_view kind) {
  auto rows = database_.query(
      "SELECT id, body FROM object WHERE kind = ? AND body IS NOT NULL AND superseded_by IS NULL ORDER BY id",
      kind);
  if (!rows) return Unexpected{rows.error()};
  std::vector<model::Value> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    auto value = model::parse_json(rows->view(1), kOurJson);
    if (!value) return Unexpected{value.error()};
    value->set("id", rows->integer(0));
    found.push_back(std::move(*value));
  }
}

Result<void> ConfigStore::commit(const model::Applied& applied) {
  if (applied.changes.empty()) return {};
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  const auto before = newest();
  if (!before) return Unexpected{before.error()};
  if (*before + 1 != applied.revision)
    return fail("configuration on disk is not the one that was changed", *before);
  auto written =
      database_.run("INSERT INTO revision VALUES (?, ?, ?, ?, ?)", applied.revision, applied.author,
                    applied.message, to_ms(applied.wall), model::to_json(model::difference(applied.changes)));
  if (!written) return written;
  for (const model::ResolvedChange& change : applied.changes) {
    if (written = write_change(change, applied.revision); !written) return written;
  }
  if (written = write_ids(*applied.config); !written) return written;
  return transaction->commit();
}

Result<void> ConfigStore::write_change(const model::ResolvedChange& change, RevisionNumber revision) {
  auto closed =
      database_.run("UPDATE object SET superseded_by = ? WHERE kind = ? AND id = ? AND superseded_by IS NULL",
                    revision, change.kind, change.id);
  if (!closed) return closed;
  const std::optional<std::string> body =
      change.after.is_null() ? std::nullopt : std::optional(model::to_json(change.after));
  return database_.run("INSERT INTO object (kind, id, revision, body) VALUES (?, ?, ?, ?)", change.kind,
                       change.id, revision, body);
}

Result<void> ConfigStore::write_ids(const model::Config& config) {
  for (const KindSchema* kind : model::kinds()) {
    auto written = database_.run(
        "INSERT INTO next_id VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET next = MAX(next, excluded.next)",
        kind->name(), model::table_of(config, *kind).next_id());
    if (!written) return written;
  }
  return {};
}

Result<std::vector<RevisionRecord>> ConfigStore::revisions(int limit, RevisionNumber before) {
  auto rows = database_.query(
      "SELECT number, author, message, wall_ms, difference FROM revision WHERE ?1 = 0 OR number < ?1"
      " ORDER BY number DESC LIMIT ?2",
      before, limit);
  if (!rows) return Unexpected{rows.error()};
  std::vector<RevisionRecord> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    found.push_back(revision_of(*rows));
  }
}

Result<std::optional<RevisionRecord>> ConfigStore::revision(RevisionNumber number) {
  auto rows = database_.query(
      "SELECT number, author, message, wall_ms, difference FROM revision WHERE number = ?", number);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? std::optional(revision_of(*rows)) : std::nullopt;
}

Result<model::Value> ConfigStore::object_at(std::string_view kind, std::int64_t id, RevisionNumber revision) {
  auto rows = database_.query(
      "SELECT body FROM object WHERE kind = ?1 AND id = ?2 AND revision <= ?3"
      " AND (superseded_by IS NULL OR superseded_by > ?3)",
      kind, id, revision);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  if (!*row || rows->is_null(0)) return model::Value();
  return model::parse_json(rows->view(0), kOurJson);
}

}  // namespace xivo::store
