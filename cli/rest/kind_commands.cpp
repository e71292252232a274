#include "cli/rest/kind_commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/rest/new_object.hpp"
#include "cli/rest/output.hpp"
#include "cli/rest/plan_commands.hpp"
#include "cli/rest/trunk_commands.hpp"
#include "cli/rest/user_table.hpp"
#include "cli/rest/values.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

// ------------------------------------------------------------------------------------------------ list and show

/// The fields of a list: those that --columns names, else the listed ones.
Outcome<std::vector<const FieldInfo*>> columns_of(Task& task, const KindInfo& kind) {
  std::vector<const FieldInfo*> columns;
  if (const auto wanted = task.arguments.take("columns")) {
    for (const auto name : text::split(*wanted, ',')) {
      const FieldInfo* field = kind.field(text::trim(name));
      if (field == nullptr)
        return failed(kUsage, fmt::format(fmt::runtime(in(task.language(), "{} n'a pas de champ « {} »",
                                                          "{} has no field \"{}\"")),
                                          kind.name, name));
      columns.push_back(field);
    }
    return columns;
  }
  for (const FieldInfo& field : kind.fields) {
    if (field.listed) columns.push_back(&field);
  }
  for (const FieldInfo& field : kind.fields) {
    if (columns.empty() && !field.write_only) columns.push_back(&field);
  }
  return columns;
}

/// The query of a list: search, order, page, revision, and a filter for each field that is named.
Outcome<std::string> query_of(Task& task, const KindInfo& kind) {
  std::string query;
  const auto add = [&](std::string_view name, std::string_view value) {
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, encoded(value));
  };
  for (const auto name : {"search", "order", "limit", "offset", "at"}) {
    if (const auto value = task.arguments.take(name)) add(name, *value);
  }
  if (task.arguments.take_flag("desc")) add("direction", "desc");
  for (const FieldInfo& field : kind.fields) {
    const auto wanted = field.write_only ? std::nullopt : task.arguments.take(field.name);
    if (!wanted) continue;
    FieldInfo item = field;
    if (field.type == "reference_list") item.type = "reference";
    if (field.type == "text_list" || field.type == "rows" || field.type == "destination") item.type = "text";
    const auto value = value_of(task.directory, item, *wanted);
    if (!value) return Unexpected{value.error()};
    const auto boolean = value->boolean();
    add(field.name, boolean            ? (*boolean ? "true" : "false")
                    : value->is_null() ? "0"
                    : value->integer() ? fmt::to_string(*value->integer())
                                       : *value->text());
  }
  return query;
}

/// All pages of a list unless a page was asked for.
Outcome<Value> fetch_list(Task& task, const KindInfo& kind, const std::string& query) {
  constexpr std::int64_t kPage = 1'000;
  const bool one_page =
      query.find("limit=") != std::string::npos || query.find("offset=") != std::string::npos;
  Value items = Value::list();
  std::int64_t total = 0;
  do {
    const std::string page = one_page ? query
                                      : fmt::format("{}{}limit={}&offset={}", query,
                                                    query.empty() ? "?" : "&", kPage, items.items()->size());
    const auto reply = task.api().get(kind.path() + page);
    if (!reply) return Unexpected{reply.error()};
    const Value* got = reply->json.find("items");
    if (got == nullptr || got->items() == nullptr) break;
    for (const Value& item : *got->items()) items.push(item);
    total = reply->json.integer_at("total");
    if (got->items()->empty()) break;
  } while (!one_page && std::ssize(*items.items()) < total);
  return Value::object({{"items", std::move(items)}, {"total", total}});
}

Outcome<void> list(Task& task, const KindInfo& kind) {
  const auto columns = columns_of(task, kind);
  if (!columns) return Unexpected{columns.error()};
  const auto query = query_of(task, kind);
  if (!query) return Unexpected{query.error()};
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto objects = fetch_list(task, kind, *query);
  if (!objects) return Unexpected{objects.error()};
  if (task.json) return print(pretty(*objects)), Outcome<void>();
  std::vector<std::string> head{"ID"};
  for (const FieldInfo* column : *columns) head.push_back(column->title);
  std::vector<std::vector<std::string>> rows;
  for (const Value& object : *objects->find("items")->items()) {
    auto& row = rows.emplace_back();
    row.push_back(fmt::to_string(object.integer_at("id")));
    for (const FieldInfo* column : *columns) {
      const Value* value = object.find(column->name);
      row.push_back(value == nullptr ? std::string() : shown(task.directory, *column, *value));
    }
  }
  print(table(head, rows));
  return {};
}

/// The object that the third word names; the singleton needs none.
Outcome<std::int64_t> named_object(Task& task, const KindInfo& kind) {
  if (kind.singleton) return std::int64_t{1};
  const std::string word = task.arguments.word(2);
  if (word.empty())
    return failed(
        kUsage,
        fmt::format(fmt::runtime(in(task.language(), "lequel ? xivo {} {} {}", "which one? xivo {} {} {}")),
                    kind.name, task.arguments.word(1), in(task.language(), "NOM|NUMÉRO", "NAME|ID")));
  return task.directory.find(kind, word);
}

std::string owned_text(Task& task, const KindInfo& kind, const Value& object) {
  std::string text;
  for (const OwnedInfo& owned : kind.owned) {
    const KindInfo* other = task.directory.schema().kind(owned.kind);
    if (other == nullptr || owned.field.empty()) continue;
    const auto ids = owned_objects(task.directory, kind, owned, object);
    std::string names;
    for (const auto id : ids) names += (names.empty() ? "" : ", ") + task.directory.label(owned.kind, id);
    text += fmt::format("{} ({}): {}\n", other->plural_title, owned.member, names);
  }
  return text;
}

Outcome<void> show(Task& task, const KindInfo& kind) {
  const auto at = task.arguments.take("at");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto id = named_object(task, kind);
  if (!id) return Unexpected{id.error()};
  const std::string path = kind.singleton ? kind.path() : fmt::format("{}/{}", kind.path(), *id);
  const auto reply = task.api().get(path + (at ? "?at=" + encoded(*at) : ""));
  if (!reply) return Unexpected{reply.error()};
  if (task.json) return print(pretty(reply->json)), Outcome<void>();
  std::vector<std::vector<std::string>> rows;
  for (const FieldInfo& field : kind.fields) {
    const Value* value = reply->json.find(field.name);
    if (value == nullptr) continue;
    std::string text = shown(task.directory, field, *value);
    if (!field.unit.empty()) text += " " + field.unit;
    rows.push_back({field.name, text, field.title});
  }
  print(table({fmt::format("{} {}", kind.name, *id), task.directory.label(kind, reply->json), ""}, rows));
  print(owned_text(task, kind, reply->json));
  return {};
}

// --------------------------------------------------------------------------------------------------- set, remove

Outcome<void> set(Task& task, const KindInfo& kind) {
  const auto id = named_object(task, kind);
  if (!id) return Unexpected{id.error()};
  auto fields = take_fields(task, kind, "");
  if (!fields) return Unexpected{fields.error()};
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  if (fields->members()->empty())
    return failed(kUsage, in(task.language(), "que changer ? donnez --CHAMP VALEUR",
                             "change what? give --FIELD VALUE"));
  return apply_changes(
      task, Value(Value::List{Value::object(
                {{"kind", kind.name}, {"op", "update"}, {"id", *id}, {"fields", std::move(*fields)}})}));
}

Outcome<void> remove(Task& task, const KindInfo& kind) {
  const bool with_owned = task.arguments.take_flag("owned");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto id = named_object(task, kind);
  if (!id) return Unexpected{id.error()};
  Value changes = Value::list();
  const auto remove_one = [&](const std::string& name, std::int64_t object) {
    changes.push(Value::object({{"kind", name}, {"op", "delete"}, {"id", object}}));
  };
  remove_one(kind.name, *id);
  if (with_owned) {
    const auto object = task.directory.by_id(kind, *id);
    if (!object) return Unexpected{object.error()};
    for (const OwnedInfo& owned : kind.owned) {
      if (*object == nullptr) break;
      for (const auto other : owned_objects(task.directory, kind, owned, **object))
        remove_one(owned.kind, other);
    }
  }
  return apply_changes(task, std::move(changes));
}

Outcome<void> add(Task& task, const KindInfo& kind) {
  auto changes = new_object(task, kind);
  if (!changes) return Unexpected{changes.error()};
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  return apply_changes(task, std::move(*changes));
}

}  // namespace

Outcome<void> apply_changes(Task& task, Value changes) {
  const auto reply = task.api().post("/transaction", Value::object({{"message", task.reason},
                                                                    {"dry_run", task.dry_run},
                                                                    {"force", task.force},
                                                                    {"changes", std::move(changes)}}));
  if (!reply) return Unexpected{reply.error()};
  if (task.json) return print(pretty(reply->json)), Outcome<void>();
  print(difference_text(task.directory, reply->json));
  print(outcome_text(reply->json, task.language()));
  return {};
}

Outcome<Value> show_ask_and_do(Task& task, const std::function<Outcome<Reply>(bool dry_run)>& send) {
  if (task.dry_run || !task.yes) {
    const auto tried = send(true);
    if (!tried) return Unexpected{tried.error()};
    const bool nothing = tried->json.integer_at("changes") == 0;
    if (!task.json) print(difference_text(task.directory, tried->json));
    if (task.dry_run || nothing) {
      print(task.json ? pretty(tried->json) : outcome_text(tried->json, task.language()));
      return tried->json;
    }
    const auto agreed =
        agrees(in(task.language(), "Faire ces modifications ?", "Make these changes?"), task.language());
    if (!agreed) return Unexpected{agreed.error()};
    if (!*agreed) return failed(kCommandFailed, in(task.language(), "rien n'est fait", "nothing is done"));
  }
  const auto done = send(false);
  if (!done) return Unexpected{done.error()};
  if (task.yes && !task.json) print(difference_text(task.directory, done->json));
  print(task.json ? pretty(done->json) : outcome_text(done->json, task.language()));
  return done->json;
}

Outcome<void> run_kind_command(Task& task, const KindInfo& kind) {
  const std::string verb = task.arguments.word(1);
  if (task.arguments.take_flag("help") || verb.empty() || verb == "help")
    return print(kind_help(kind, task.directory.schema(), task.language())), Outcome<void>();
  const bool table_of_users = kind.name == "user";
  if (verb == "list" && !kind.singleton) return list(task, kind);
  if (verb == "show") return show(task, kind);
  if (verb == "set") return set(task, kind);
  if (verb == "add" && !kind.singleton && !kind.fixed) return add(task, kind);
  if (verb == "remove" && !kind.singleton && !kind.fixed) return remove(task, kind);
  if (verb == "import" && table_of_users) return import_users(task);
  if (verb == "export" && table_of_users) return export_users(task);
  if (verb == "impact" && !kind.singleton) return show_impact(task, kind);
  if (verb == "run" && kind.name == "scenario") return run_scenarios(task, kind);
  if (verb == "states" && kind.name == "trunk") return show_trunk_states(task);
  return failed(kUsage, fmt::format(fmt::runtime(in(task.language(),
                                                    "« xivo {} {} » n'existe pas ; voyez xivo {} --help",
                                                    "there is no \"xivo {} {}\"; see xivo {} --help")),
                                    kind.name, verb, kind.name));
}

std::string kind_help(const KindInfo& kind, const Schema& schema, Language language) {
  std::string text = fmt::format("{}. {}\n\n", kind.title, kind.help);
  const std::string which = kind.singleton ? "" : in(language, " LEQUEL", " WHICH");
  const auto line = [&](std::string_view command, std::string_view words) {
    text += fmt::format("  xivo {} {}\n      {}\n", kind.name, command, words);
  };
  if (!kind.singleton)
    line("list [--search TEXT] [--FIELD VALUE] [--order FIELD [--desc]] [--limit N] [--columns A,B]",
         in(language, "la liste", "the list"));
  line("show" + which, in(language, "tous les champs", "all fields"));
  if (!kind.singleton && !kind.fixed) line("add --FIELD VALUE ...", in(language, "créer", "create"));
  line("set" + which + " --FIELD VALUE ...",
       in(language, "modifier les champs donnés", "change the given fields"));
  if (!kind.singleton && !kind.fixed)
    line("remove" + which + " [--owned]", in(language, "supprimer", "delete"));
  if (!kind.singleton)
    line("impact" + which, in(language, "ce qui ne serait plus joignable sans lui",
                              "what could no longer be reached without it"));
  if (kind.name == "scenario")
    line("run [WHICH...]", in(language, "les jouer, tous ou ceux-là", "run them, all or those"));
  if (kind.name == "trunk")
    line("states", in(language, "comment va chacun : enregistrement, appels",
                      "how each is doing: registration, calls"));
  for (const OwnedInfo& owned : kind.owned) {
    if (const KindInfo* other = schema.kind(owned.kind))
      text += fmt::format(fmt::runtime(in(language, "  add crée aussi ({}) : --{} ou --{}.CHAMP VALEUR\n",
                                          "  add makes with it ({}): --{} or --{}.FIELD VALUE\n")),
                          other->title, owned.kind, owned.kind);
  }
  text += in(language, "\nChamps :\n", "\nFields:\n");
  for (const FieldInfo& field : kind.fields) {
    std::string type =
        field.type == "reference" || field.type == "reference_list" ? field.reference : field.type;
    for (std::size_t i = 0; i < field.choices.size(); ++i)
      type += (i == 0 ? ": " : "|") + field.choices[i].first;
    text += fmt::format("  --{:<24} {} ({}{}{})\n", field.name, field.title, type,
                        field.unit.empty() ? "" : ", " + field.unit,
                        field.required    ? in(language, ", nécessaire", ", needed")
                        : field.read_only ? in(language, ", en lecture seule", ", read only")
                                          : "");
  }
  return text;
}

}  // namespace xivo::cli
