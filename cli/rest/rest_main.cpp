#include "cli/rest/rest_main.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/text.hpp"
#include "cli/rest/completion.hpp"
#include "cli/rest/config_commands.hpp"
#include "cli/rest/output.hpp"
#include "cli/rest/plan_commands.hpp"
#include "cli/rest/values.hpp"
#include "cli/socket_path.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr std::array<std::string_view, 6> kConsoleWords{"console", "status", "calls",
                                                        "trace",   "bans",   "toll"};
constexpr std::array<std::string_view, 6> kOwnWords{"config",     "whoami", "token",
                                                    "completion", "route",  "numbering"};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

Value text_list(const std::string& text) {
  Value list = Value::list();
  for (const auto part : text::split(text, ',')) {
    if (!text::trim(part).empty()) list.push(text::trim(part));
  }
  return list;
}

Outcome<void> show_members(Task& task, const Value& object) {
  if (task.json) return print(pretty(object)), Outcome<void>();
  std::vector<std::vector<std::string>> rows;
  for (const auto& member : object.members() == nullptr ? Value::Object() : *object.members())
    rows.push_back({member.name, shown(task.directory, {}, member.value)});
  print(table({"", ""}, rows).substr(1));
  return {};
}

Outcome<void> who_am_i(Task& task) {
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto reply = task.api().get("/session");
  if (!reply) return Unexpected{reply.error()};
  Value shown = reply->json;
  shown.erase("csrf");  // is of use to pages only
  return show_members(task, shown);
}

Outcome<void> list_tokens(Task& task) {
  const auto reply = task.api().get("/tokens");
  if (!reply) return Unexpected{reply.error()};
  if (task.json) return print(pretty(reply->json)), Outcome<void>();
  std::vector<std::vector<std::string>> rows;
  const Value* items = reply->json.find("items");
  for (const Value& token : items != nullptr && items->items() != nullptr ? *items->items() : Value::List()) {
    const Value* scopes = token.find("scopes");
    rows.push_back({fmt::to_string(token.integer_at("id")), token.text_at("label"),
                    scopes == nullptr ? "" : shown(task.directory, {}, *scopes), token.text_at("expires"),
                    token.text_at("last_used")});
  }
  const bool french = task.language() == Language::French;
  print(table(french ? std::vector<std::string>{"ID", "Nom", "Droits", "Fin", "Dernier usage"}
                     : std::vector<std::string>{"ID", "Label", "Scopes", "Expires", "Last used"},
              rows));
  return {};
}

Outcome<void> token(Task& task) {
  const std::string verb = task.arguments.word(1);
  Value body = Value::object({{"label", task.arguments.take_or("label", "")},
                              {"scopes", text_list(task.arguments.take_or("scope", ""))}});
  if (const auto expires = task.arguments.take("expires")) body.set("expires", *expires);
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  if (verb == "list") return list_tokens(task);
  if (verb == "add") {
    const auto reply = task.api().post("/tokens", body);
    return reply ? show_members(task, reply->json) : Outcome<void>(Unexpected{reply.error()});
  }
  if (verb == "remove" && !task.arguments.word(2).empty()) {
    const auto reply = task.api().request("DELETE", "/tokens/" + encoded(task.arguments.word(2)));
    return reply ? Outcome<void>() : Outcome<void>(Unexpected{reply.error()});
  }
  return failed(kUsage, "xivo token list | add --label TEXT --scope A:B,C:D [--expires TIME] | remove ID");
}

/// For completion: how each object of a kind is called, a word a line.
Outcome<void> names(Task& task, const KindInfo& kind) {
  const auto objects = task.directory.all(kind);
  if (!objects) return Unexpected{objects.error()};
  for (const Value& object : **objects) {
    const auto name = task.directory.name(kind, object);
    if (name) print(*name + "\n");
  }
  return {};
}

Outcome<void> run_own(Task& task, const std::string& word) {
  if (word == "config") return run_config_command(task);
  if (word == "whoami") return who_am_i(task);
  if (word == "token") return token(task);
  if (word == "route") return run_route_command(task);
  if (word == "numbering") return run_numbering_command(task);
  if (task.arguments.word(1) != "bash") return failed(kUsage, "xivo completion bash");
  print(bash_completion(task.directory.schema()));
  return {};
}

ExitCode ended(const Outcome<void>& outcome) {
  if (outcome) return kOk;
  complain(outcome.error().text);
  return outcome.error().code;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

bool is_console_word(std::string_view word) {
  return std::find(kConsoleWords.begin(), kConsoleWords.end(), word) != kConsoleWords.end();
}

std::string api_socket(const std::string& console_socket) {
  return (std::filesystem::path(console_socket).parent_path() / "api.sock").string();
}

RestOutcome run_rest(std::span<const std::string> arguments, Language language) {
  RestOutcome result;
  Arguments parsed = Arguments::parse(arguments);
  const std::string word = parsed.word(0);
  if (word.empty() || word.starts_with('-') || is_console_word(word)) return result;
  result.socket = parsed.take_or("socket", "");
  const ApiTarget target{api_socket(socket_path(result.socket)),
                         parsed.take_or("url", environment("XIVO_URL")),
                         parsed.take_or("cafile", environment("XIVO_CAFILE")), parsed.take_flag("insecure"),
                         parsed.take_or("token", environment("XIVO_TOKEN"))};
  auto api = Api::open(target, language);
  if (!api) return result.code = ended(Unexpected{api.error()}), result;
  const auto schema = Schema::load(*api);
  const bool own = std::find(kOwnWords.begin(), kOwnWords.end(), word) != kOwnWords.end();
  if (!schema && (own || !target.url.empty())) return result.code = ended(Unexpected{schema.error()}), result;
  const KindInfo* kind = schema ? schema->kind(word) : nullptr;
  if (kind == nullptr && !own) {
    result.console_command = joined(parsed.words());
    if (!schema) result.problem = schema.error().text;
    return result;
  }
  Directory directory(*api, *schema);
  Task task{.directory = directory, .arguments = std::move(parsed)};
  task.json = task.arguments.take_flag("json");
  task.dry_run = task.arguments.take_flag("dry-run");
  task.yes = task.arguments.take_flag("yes");
  task.force = task.arguments.take_flag("force");
  task.reason = task.arguments.take_or("reason", "");
  if (kind == nullptr) return result.code = ended(run_own(task, word)), result;
  const bool wants_names = task.arguments.word(1) == "names";
  result.code = ended(wants_names ? names(task, *kind) : run_kind_command(task, *kind));
  return result;
}

}  // namespace xivo::cli
