#include "store/call_record_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

constexpr std::string_view kColumns =
    "id, uuid, start_ms, answer_ms, end_ms, caller_line, caller_number, caller_name, dialled, called_user,"
    " called_number, called_name, disposition, cause, hung_up_by, config_revision";

/// ?1 since, ?2 until, ?3 caller, ?4 called, ?5 disposition, ?6 search, ?7 lines as a JSON list, ?8 called user; NULL, 0 and
/// the empty text do not restrict. instr() and not
/// LIKE: what a person types is no pattern.
constexpr std::string_view kWhere =
    " FROM call WHERE (?1 IS NULL OR start_ms >= ?1) AND (?2 IS NULL OR start_ms < ?2)"
    " AND (?3 = '' OR instr(lower(caller_number), lower(?3)) OR instr(lower(caller_name), lower(?3)))"
    " AND (?4 = '' OR instr(lower(dialled), lower(?4)) OR instr(lower(called_number), lower(?4))"
    " OR instr(lower(called_name), lower(?4))) AND (?5 = '' OR disposition = ?5)"
    " AND (?6 = '' OR instr(lower(caller_number), lower(?6)) OR instr(lower(caller_name), lower(?6))"
    " OR instr(lower(dialled), lower(?6)) OR instr(lower(called_number), lower(?6))"
    " OR instr(lower(called_name), lower(?6)))"
    " AND ((?7 = '' AND ?8 = 0) OR (?8 <> 0 AND called_user = ?8)"
    " OR caller_line IN (SELECT value FROM json_each(CASE ?7 WHEN '' THEN '[]' ELSE ?7 END))"
    " OR EXISTS (SELECT 1 FROM leg WHERE leg.call = call.id"
    " AND leg.line IN (SELECT value FROM json_each(CASE ?7 WHEN '' THEN '[]' ELSE ?7 END))))";

template <class Enum>
Enum from_name(std::string_view text, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  return Enum{};
}

CallRecord record_of(const Query& row) {
  CallRecord record;
  record.id = row.integer(0);
  record.uuid = row.text(1);
  record.start = from_ms(row.integer(2));
  record.answer = from_ms(row.optional_integer(3));
  record.end = from_ms(row.integer(4));
  record.caller_line.value = row.integer(5);
  record.caller_number = row.text(6);
  record.caller_name = row.text(7);
  record.dialled = row.text(8);
  record.called_user.value = row.integer(9);
  record.called_number = row.text(10);
  record.called_name = row.text(11);
  record.disposition = from_name(row.view(12), Disposition::Cancelled);
  record.cause = static_cast<int>(row.integer(13));
  record.hung_up_by = from_name(row.view(14), HungUpBy::System);
  record.config_revision = row.integer(15);
  return record;
}

LegRecord leg_of(const Query& row) {
  LegRecord leg;
  leg.number = static_cast<int>(row.integer(0));
  leg.role = from_name(row.view(1), LegRecord::Role::Called);
  leg.line.value = row.integer(2);
  leg.channel = row.text(3);
  leg.remote = row.text(4);
  leg.codec = row.text(5);
  leg.start = from_ms(row.integer(6));
  leg.answer = from_ms(row.optional_integer(7));
  leg.end = from_ms(row.integer(8));
  leg.cause = static_cast<int>(row.integer(9));
  leg.sip_status = static_cast<int>(row.integer(10));
  leg.statistics = row.text(11);
  return leg;
}

std::string lines_of(const CallFilter& filter) {
  return filter.lines.empty() ? std::string() : fmt::format("[{}]", fmt::join(filter.lines, ","));
}

std::string_view disposition_of(const CallFilter& filter) {
  return filter.disposition ? name(*filter.disposition) : std::string_view();
}

}  // namespace

Result<void> insert(Database& database, const CallRecord& record) {
  auto done = database.run(
      "INSERT INTO call (uuid, start_ms, answer_ms, end_ms, caller_line, caller_number, caller_name, dialled,"
      " called_user, called_number, called_name, disposition, cause, hung_up_by, config_revision, trace)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      record.uuid, to_ms(record.start), to_ms(record.answer), to_ms(record.end), record.caller_line.value,
      record.caller_number, record.caller_name, record.dialled, record.called_user.value,
      record.called_number, record.called_name, name(record.disposition), record.cause,
      name(record.hung_up_by), record.config_revision, record.trace);
  if (!done) return done;
  const std::int64_t id = database.last_row_id();
  for (const LegRecord& leg : record.legs) {
    done = database.run("INSERT INTO leg VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", id, leg.number,
                        name(leg.role), leg.line.value, leg.channel, leg.remote, leg.codec, to_ms(leg.start),
                        to_ms(leg.answer), to_ms(leg.end), leg.cause, leg.sip_status, leg.statistics);
    if (!done) return done;
  }
  return {};
}

bool append(BatchWriter& writer, CallRecord record) {
  return writer.write([record = std::move(record)](Database& database) { return insert(database, record); });
}

Result<std::unique_ptr<CallRecordReader>> CallRecordReader::open(const std::string& path) {
  auto database = open_calls(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<CallRecordReader>(new CallRecordReader(std::move(*database)));
}

Result<std::vector<CallRecord>> CallRecordReader::list(const CallFilter& filter) {
  static const std::string kSql = "SELECT " + std::string(kColumns) + std::string(kWhere) +
                                  " ORDER BY start_ms DESC, id DESC LIMIT ?9 OFFSET ?10";
  auto rows = database_.query(kSql, to_ms(filter.since), to_ms(filter.until), filter.caller, filter.called,
                              disposition_of(filter), filter.search, lines_of(filter), filter.called_user,
                              std::clamp(filter.limit, 0, kLimitMax), std::max(filter.offset, 0));
  if (!rows) return Unexpected{rows.error()};
  std::vector<CallRecord> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    found.push_back(record_of(*rows));
  }
}

Result<std::int64_t> CallRecordReader::count(const CallFilter& filter) {
  static const std::string kSql = "SELECT COUNT(*)" + std::string(kWhere);
  auto rows = database_.query(kSql, to_ms(filter.since), to_ms(filter.until), filter.caller, filter.called,
                              disposition_of(filter), filter.search, lines_of(filter), filter.called_user);
  if (!rows) return Unexpected{rows.error()};
  if (const auto row = rows->next(); !row) return Unexpected{row.error()};
  return rows->integer(0);
}

Result<std::optional<CallRecord>> CallRecordReader::find(std::int64_t id) {
  static const std::string kSql = "SELECT " + std::string(kColumns) + ", trace FROM call WHERE id = ?";
  auto rows = database_.query(kSql, id);
  if (!rows) return Unexpected{rows.error()};
  return find_one(std::move(*rows));
}

Result<std::optional<CallRecord>> CallRecordReader::find_by_uuid(std::string_view uuid) {
  static const std::string kSql = "SELECT " + std::string(kColumns) + ", trace FROM call WHERE uuid = ?";
  auto rows = database_.query(kSql, uuid);
  if (!rows) return Unexpected{rows.error()};
  return find_one(std::move(*rows));
}

Result<std::optional<CallRecord>> CallRecordReader::find_one(Query query) {
  const auto row = query.next();
  if (!row) return Unexpected{row.error()};
  if (!*row) return std::optional<CallRecord>();
  CallRecord record = record_of(query);
  record.trace = query.text(16);
  if (const auto legs = read_legs(record); !legs) return Unexpected{legs.error()};
  return std::optional(std::move(record));
}

Result<void> CallRecordReader::read_legs(CallRecord& record) {
  auto rows = database_.query(
      "SELECT number, role, line, channel, remote, codec, start_ms, answer_ms, end_ms, cause, sip_status, "
      "statistics"
      " FROM leg WHERE call = ? ORDER BY number",
      record.id);
  if (!rows) return Unexpected{rows.error()};
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return {};
    record.legs.push_back(leg_of(*rows));
  }
}

}  // namespace xivo::store
