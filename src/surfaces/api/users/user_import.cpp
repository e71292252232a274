#include "api/users/user_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "api/users/user_columns.hpp"
#include "api/users/user_holdings.hpp"
#include "api/users/user_permissions.hpp"
#include "base/text.hpp"
#include "model/schema.hpp"
#include "model/utf8.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::Field;
using model::FieldType;
using model::Language;
using model::Value;

constexpr std::size_t kSecretSize = 16;  // 82 bits
constexpr std::size_t kProblemsMax = 200;
constexpr std::string_view kExtenColumn = "exten";

std::string_view kind_of(UserPart part) {
  switch (part) {
    case UserPart::User: return "user";
    case UserPart::Line: return "line";
    case UserPart::Voicemail: return "voicemail";
    case UserPart::Permission: return "call_permission";
    default: return "extension";
  }
}

/// What a cell says, as the field wants it. A text that is no such value stays a text: the model words what is wrong.
Value value_of(const Field& field, const std::string& cell) {
  if (field.type == FieldType::Boolean) {
    if (cell == "1" || text::equal_ignoring_case(cell, "true")) return true;
    if (cell == "0" || text::equal_ignoring_case(cell, "false")) return false;
  }
  if (field.type == FieldType::Integer) {
    const bool negative = cell.starts_with('-');
    const auto number = text::parse_decimal<std::int64_t>(std::string_view(cell).substr(negative ? 1 : 0));
    if (number) return negative ? -*number : *number;
  }
  if (field.type == FieldType::TextList) return Value(texts_of_cell(cell));
  return cell;
}

/// Whether an empty cell is a value: of a text that may be empty it is, of all else it means "as it is".
bool empty_clears(const Field& field) {
  return field.type == FieldType::Text && !field.required && !field.read_only;
}

class Reading {
 public:
  Reading(const model::Config& config, const std::vector<csv::Row>& table, const UserImportOptions& options,
          runtime::Rng& rng)
      : users_(config), permissions_(config), table_(table), options_(options), rng_(rng) {}

  UserImport run() {
    if (table_.empty()) {
      wrong(1, "", "required", "Le fichier est vide ; sa première ligne nomme les colonnes",
            "The file is empty; its first row names the columns");
      return std::move(out_);
    }
    read_header(table_.front());
    if (!out_.problems.empty()) return std::move(out_);
    for (std::size_t i = 1; i < table_.size() && out_.problems.size() < kProblemsMax; ++i)
      read_row(table_[i]);
    write_permissions();
    for (const IgnoredColumn& column : ignored_user_columns()) note_ignored(column.name, column.reason);
    note_ignored("uuid", {"l'utilisateur est nouveau ici : il reçoit un autre UUID",
                          "the user is new here and gets another UUID"});
    out_.rows = table_.size() - 1;
    return std::move(out_);
  }

 private:
  // ---------------------------------------------------------------------------------------------- the table

  void read_header(const csv::Row& header) {
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
      const std::string name(text::trim(header.cells[i]));
      const auto& unserved = ignored_user_columns();
      const bool known =
          find_user_column(name) != nullptr ||
          std::any_of(unserved.begin(), unserved.end(), [&](const auto& c) { return c.name == name; });
      if (!known) {
        wrong(header.line, name, "unknown-column", "cette colonne n'existe pas", "there is no such column");
      } else if (!places_.emplace(name, i).second) {
        wrong(header.line, name, "repeated", "cette colonne est nommée deux fois",
              "this column is named twice");
      }
    }
    if (out_.problems.empty() && !places_.contains("firstname") && !options_.update)
      wrong(header.line, "firstname", "required", "cette colonne est nécessaire", "this column is needed");
  }

  void read_row(const csv::Row& row) {
    row_ = &row;
    if (row.cells.size() != table_.front().cells.size()) {
      wrong(row.line, "", "wrong-length",
            fmt::format("{} cellules, alors que la première ligne nomme {} colonnes", row.cells.size(),
                        table_.front().cells.size()),
            fmt::format("{} cells, while the first row names {} columns", row.cells.size(),
                        table_.front().cells.size()));
      return;
    }
    if (!is_text()) return;
    for (const IgnoredColumn& column : ignored_user_columns()) {
      if (!cell(column.name).empty() && cell(column.name) != "0") ++ignored_[column.name];
    }
    const model::User* user = find_user();
    if (user != nullptr && !options_.update) {
      wrong(row.line, "uuid", "already-exists",
            fmt::format("« {} » existe déjà ; demandez la mise à jour (update=true) pour le modifier",
                        user->full_name()),
            fmt::format("\"{}\" exists already; ask for an update (update=true) to change it",
                        user->full_name()));
      return;
    }
    if (user != nullptr && !named_.insert(user->id.value).second) {
      wrong(row.line, "", "repeated", fmt::format("« {} » est déjà dans une autre ligne", user->full_name()),
            fmt::format("\"{}\" stands in another row already", user->full_name()));
      return;
    }
    if (user == nullptr && !cell("uuid").empty()) ++ignored_["uuid"];
    if (dependencies_hold(user)) write_changes(user);
  }

  /// Refuses what no spreadsheet should have sent: text that is not UTF-8.
  bool is_text() {
    for (const auto& [name, place] : places_) {
      std::string_view rest = row_->cells[place];
      while (!rest.empty()) {
        const std::size_t size = model::utf8_sequence(rest);
        if (size == 0) {
          wrong(row_->line, name, "encoding",
                "ce texte n'est pas en UTF-8 ; enregistrez le fichier en « CSV UTF-8 »",
                "this text is not UTF-8; save the file as \"CSV UTF-8\"");
          return false;
        }
        rest.remove_prefix(size);
      }
    }
    return true;
  }

  /// The user whom the row is about, when there is one: by uuid, else by e-mail, else by number.
  const model::User* find_user() {
    if (const auto* user = users_.by_uuid(cell("uuid"))) return user;
    if (!options_.update) return nullptr;  // the model tells of a mail address or a number that is somebody's
    if (const auto* user = users_.by_email(cell("email"))) return user;
    return cell(kExtenColumn).empty() ? nullptr : users_.by_number(cell(kExtenColumn), cell("context"));
  }

  bool dependencies_hold(const model::User* user) {
    const std::size_t before = out_.problems.size();
    const UserHoldings owned = user == nullptr ? UserHoldings() : users_.holdings(user->id);
    const auto needs = [&](std::string_view column, std::string_view other, bool there_already) {
      if (cell(column).empty() || !cell(other).empty() || there_already) return;
      wrong(row_->line, other, "required", fmt::format("nécessaire avec « {} »", column),
            fmt::format("needed with \"{}\"", column));
    };
    needs("exten", "context", owned.extension != nullptr);
    needs("incall_exten", "incall_context", owned.incall != nullptr);
    needs("incall_ring_seconds", "incall_exten", owned.incall != nullptr);
    needs("sip_username", "line_protocol", owned.line != nullptr);
    needs("sip_secret", "line_protocol", owned.line != nullptr);
    needs("voicemail_number", "voicemail_name", owned.voicemail != nullptr);
    needs("voicemail_number", "voicemail_context", owned.voicemail != nullptr);
    for (const auto column : {"voicemail_name", "voicemail_email", "voicemail_password"})
      needs(column, "voicemail_number", owned.voicemail != nullptr);
    const std::string& protocol = cell("line_protocol");
    if (!protocol.empty() && protocol != "sip") {
      wrong(row_->line, "line_protocol", "unknown-choice",
            fmt::format("« {} » n'est pas servi ; seul « sip » l'est", protocol),
            fmt::format("\"{}\" is not served; only \"sip\" is", protocol));
    }
    return out_.problems.size() == before;
  }

  // -------------------------------------------------------------------------------------------- the changes

  void write_changes(const model::User* user) {
    const UserHoldings owned = user == nullptr ? UserHoldings() : users_.holdings(user->id);
    const Value reference = user == nullptr ? Value(temporary()) : Value(user->id.value);
    Value fields = fields_of(UserPart::User);
    const std::optional<Value> box = write_voicemail(owned.voicemail);
    if (box) fields.set("voicemail", *box);
    put("user", UserPart::User, user == nullptr ? 0 : user->id.value, std::move(fields));
    write_line(owned, reference);
    write_extension(owned.extension, UserPart::Extension, reference);
    write_extension(owned.incall, UserPart::Incall, reference);
    give_permissions(user == nullptr ? temporary() : user->id.value);
  }

  void give_permissions(std::int64_t user) {
    constexpr std::string_view kColumn = "call_permissions";
    if (cell(kColumn).empty()) return;
    const std::string missing = permissions_.give(user, texts_of_cell(cell(kColumn)), row_->line);
    if (missing.empty()) return;
    wrong(row_->line, kColumn, "reference-missing",
          fmt::format("la permission d'appel « {} » n'existe pas", missing),
          fmt::format("there is no call permission \"{}\"", missing));
  }

  /// Rows share permissions: each is changed once, for all of them.
  void write_permissions() {
    for (auto& changed : permissions_.changed()) {
      out_.changes.push_back({.kind = std::string(kind_of(UserPart::Permission)),
                              .op = Change::Op::Update,
                              .id = changed.permission,
                              .fields = Value::object({{"users", std::move(changed.users)}})});
      out_.origins.push_back({.line = changed.lines.front(), .part = "permission", .also = changed.lines});
    }
  }

  /// The part's fields that the row says something of.
  Value fields_of(UserPart part) {
    const model::KindSchema& kind = *model::find_kind(kind_of(part));
    Value fields = Value::object();
    for (const UserColumn& column : user_columns()) {
      const Field* field = column.part == part ? kind.field(column.field) : nullptr;
      if (field == nullptr || field->read_only || !places_.contains(column.name)) continue;
      const std::string& content = cell(column.name);
      if (!content.empty() || empty_clears(*field)) fields.set(field->name, value_of(*field, content));
    }
    return fields;
  }

  void write_line(const UserHoldings& owned, const Value& user) {
    Value fields = fields_of(UserPart::Line);
    const bool wanted =
        !cell("line_protocol").empty() || !cell("sip_username").empty() || !cell("sip_secret").empty();
    if (!wanted) return;
    if (owned.line != nullptr) {
      // Who moves to another zone calls from there, too.
      const std::string before =
          owned.extension == nullptr ? "" : users_.context_name(owned.extension->context);
      if (!cell("context").empty() && cell("context") != before &&
          (owned.extension == nullptr || owned.extension->context == owned.line->context))
        fields.set("context", cell("context"));
      return put("line", UserPart::Line, owned.line->id.value, std::move(fields));
    }
    const bool unnamed = cell("sip_username").empty();
    if (unnamed && !cell(kExtenColumn).empty()) fields.set("name", free_line_name(cell(kExtenColumn)));
    if (cell("sip_secret").empty()) fields.set("secret", rng_.token(kSecretSize));
    if (!cell("context").empty()) fields.set("context", cell("context"));
    fields.set("user", user);
    put("line", UserPart::Line, 0, std::move(fields));
    out_.origins.back().named_by_number = unnamed;
  }

  void write_extension(const model::Extension* known, UserPart part, const Value& user) {
    const bool incall = part == UserPart::Incall;
    const std::string& exten = cell(incall ? "incall_exten" : kExtenColumn);
    const std::string& context = cell(incall ? "incall_context" : "context");
    const std::string& ring = incall ? cell("incall_ring_seconds") : kNothing;
    if (exten.empty() && (known == nullptr || ring.empty())) return;
    Value fields = Value::object();
    if (!exten.empty()) fields.set("exten", exten);
    if (!context.empty() && !exten.empty()) fields.set("context", context);
    if (known == nullptr || !ring.empty()) {
      Value destination = Value::object({{"type", "user"}, {"user", user}});
      if (const auto seconds = text::parse_decimal<std::int64_t>(ring)) {
        destination.set("ring_seconds", *seconds);
      } else if (!ring.empty()) {
        destination.set("ring_seconds", ring);
      }
      fields.set("destination", std::move(destination));
    }
    put(incall ? "incall" : "extension", part, known == nullptr ? 0 : known->id.value, std::move(fields));
  }

  /// The user's mailbox, made or changed; nothing when the row names none. Two users may share one.
  std::optional<Value> write_voicemail(const model::Voicemail* known) {
    if (cell("voicemail_number").empty() && known == nullptr) return std::nullopt;
    const std::string key = number_key(cell("voicemail_number"), cell("voicemail_context"));
    if (const auto made = boxes_.find(key); made != boxes_.end()) return made->second;
    if (known == nullptr && options_.update)
      known = users_.voicemail(cell("voicemail_number"), cell("voicemail_context"));
    const Value box = known == nullptr ? Value(temporary()) : Value(known->id.value);
    if (!cell("voicemail_number").empty()) boxes_.emplace(key, box);
    put("voicemail", UserPart::Voicemail, known == nullptr ? 0 : known->id.value,
        fields_of(UserPart::Voicemail));
    return box;
  }

  /// `id` 0: the object is to be created.
  void put(std::string_view part, UserPart kind, std::int64_t id, Value fields) {
    if (id != 0 && fields.members()->empty()) return;
    Change change;
    change.kind = kind_of(kind);
    change.op = id == 0 ? Change::Op::Create : Change::Op::Update;
    change.id = id;
    if (id == 0 && kind != UserPart::Extension && kind != UserPart::Incall) change.id = temporary();
    change.fields = std::move(fields);
    out_.changes.push_back(std::move(change));
    out_.origins.push_back({.line = row_->line, .part = part});
  }

  std::string free_line_name(const std::string& wished) {
    std::string name = wished;
    for (int i = 2; users_.config().line_by_name(name) != nullptr || line_names_.contains(name); ++i)
      name = fmt::format("{}-{}", wished, i);
    line_names_.insert(name);
    return name;
  }

  /// The number by which what the row creates is referred to within the transaction.
  [[nodiscard]] std::int64_t temporary() const { return -static_cast<std::int64_t>(row_ - table_.data()); }

  // ----------------------------------------------------------------------------------------------- the words

  [[nodiscard]] const std::string& cell(std::string_view column) const {
    const auto place = places_.find(column);
    return place == places_.end() ? kNothing : row_->cells[place->second];
  }

  void wrong(std::size_t line, std::string_view column, std::string_view rule, std::string_view french,
             std::string_view english) {
    if (out_.problems.size() == kProblemsMax) return;
    Value problem = Value::object(
        {{"rule", rule},
         {"message",
          at_cell(line, column, options_.language == Language::French ? french : english, options_.language)},
         {"row", static_cast<std::int64_t>(line)}});
    if (!column.empty()) problem.set("column", column);
    out_.problems.push_back(std::move(problem));
  }

  void note_ignored(std::string_view column, model::Words reason) {
    const auto count = ignored_.find(column);
    if (count == ignored_.end()) return;
    out_.ignored.push_back(Value::object(
        {{"column", column}, {"rows", count->second}, {"reason", reason.in(options_.language)}}));
  }

  static inline const std::string kNothing;
  const UserDirectory users_;
  UserPermissions permissions_;
  const std::vector<csv::Row>& table_;
  const UserImportOptions& options_;
  runtime::Rng& rng_;
  const csv::Row* row_ = nullptr;
  std::map<std::string, std::size_t, std::less<>> places_;  // of the columns
  std::map<std::string_view, std::int64_t> ignored_;  // rows that had something in a column without effect
  std::set<std::int64_t> named_;  // users whom rows were about
  std::set<std::string> line_names_;
  std::map<std::string, Value> boxes_;  // mailboxes that rows named, "101@default"
  UserImport out_;
};

/// The column that a problem's field stands in; empty: no single one.
std::string_view column_of(const UserImport::Origin& origin, const std::string& field) {
  if (origin.named_by_number && field == "name") return kExtenColumn;
  if (origin.part == "line" && field == "context") return "context";
  const auto part = origin.part == "user"         ? UserPart::User
                    : origin.part == "line"       ? UserPart::Line
                    : origin.part == "extension"  ? UserPart::Extension
                    : origin.part == "incall"     ? UserPart::Incall
                    : origin.part == "permission" ? UserPart::Permission
                                                  : UserPart::Voicemail;
  for (const UserColumn& column : user_columns()) {
    if (column.part == part && column.field == field) return column.name;
  }
  return {};
}

}  // namespace

std::string at_cell(std::size_t line, std::string_view column, std::string_view message, Language language) {
  const bool french = language == Language::French;
  if (column.empty())
    return fmt::format(fmt::runtime(french ? "Ligne {} : {}" : "Row {}: {}"), line, message);
  return fmt::format(fmt::runtime(french ? "Ligne {}, colonne « {} » : {}" : "Row {}, column \"{}\": {}"),
                     line, column, message);
}

UserImport read_users(const model::Config& config, const std::vector<csv::Row>& table,
                      const UserImportOptions& options, runtime::Rng& rng) {
  return Reading(config, table, options, rng).run();
}

void name_cells(const UserImport& import, Value::List& problems, Language language) {
  for (Value& problem : problems) {
    const auto change = static_cast<std::size_t>(problem.integer_at("change"));
    if (change >= import.origins.size()) continue;
    const UserImport::Origin& origin = import.origins[change];
    const std::string_view column = column_of(origin, problem.text_at("field"));
    problem.set("message", at_cell(origin.line, column, problem.text_at("message"), language));
    problem.set("row", static_cast<std::int64_t>(origin.line));
    if (!column.empty()) problem.set("column", column);
    problem.erase("change");  // the client knows rows, not changes
  }
}

Value import_summary(const UserImport& import, const model::Applied& applied) {
  std::map<std::pair<std::string, std::int64_t>, const UserImport::Origin*> origins;
  for (std::size_t i = 0; i < import.changes.size(); ++i)
    origins.emplace(std::pair(import.changes[i].kind, applied.ids.at(i)), &import.origins[i]);
  std::set<std::size_t> created;
  std::set<std::size_t> touched;
  for (const auto& change : applied.changes) {
    const auto found = origins.find({change.kind, change.id});
    if (found == origins.end()) continue;
    const UserImport::Origin& origin = *found->second;
    touched.insert(origin.line);
    touched.insert(origin.also.begin(), origin.also.end());
    if (change.kind == "user" && change.op == Change::Op::Create) created.insert(origin.line);
  }
  return Value::object({{"rows", static_cast<std::int64_t>(import.rows)},
                        {"created", std::ssize(created)},
                        {"updated", std::ssize(touched) - std::ssize(created)},
                        {"unchanged", static_cast<std::int64_t>(import.rows - touched.size())},
                        {"ignored", import.ignored}});
}

}  // namespace xivo::api
