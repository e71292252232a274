#include "cli/rest/config_commands.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/rest/configuration_file.hpp"
#include "cli/rest/output.hpp"
#include "cli/rest/plan_commands.hpp"
#include "cli/rest/user_table.hpp"
#include "cli/rest/values.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr unsigned kExportMode = 0640;
constexpr unsigned kSecretMode = 0600;

bool is_number(const std::string& word) { return text::parse_decimal<std::int64_t>(word).has_value(); }

Outcome<void> history(Task& task) {
  std::string query;
  for (const auto name : {"limit", "before", "kind", "author"}) {
    if (const auto value = task.arguments.take(name))
      query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, encoded(*value));
  }
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto reply = task.api().get("/revisions" + query);
  if (!reply) return Unexpected{reply.error()};
  if (task.json) return print(pretty(reply->json)), Outcome<void>();
  std::vector<std::vector<std::string>> rows;
  const Value* items = reply->json.find("items");
  for (const Value& revision :
       items != nullptr && items->items() != nullptr ? *items->items() : Value::List()) {
    rows.push_back({fmt::to_string(revision.integer_at("number")), revision.text_at("at"),
                    revision.text_at("author"), fmt::to_string(revision.integer_at("changes")),
                    revision.text_at("message")});
  }
  const bool french = task.language() == Language::French;
  print(table(french ? std::vector<std::string>{"Révision", "Quand", "Qui", "Objets", "Motif"}
                     : std::vector<std::string>{"Revision", "When", "Who", "Objects", "Why"},
              rows));
  return {};
}

Outcome<std::string> newest_revision(Task& task) {
  const auto reply = task.api().get("/revisions?limit=1");
  if (!reply) return Unexpected{reply.error()};
  const Value* items = reply->json.find("items");
  if (items == nullptr || items->items() == nullptr || items->items()->empty())
    return failed(kCommandFailed,
                  in(task.language(), "il n'y a pas encore d'historique", "there is no history yet"));
  return fmt::to_string(items->items()->front().integer_at("number"));
}

Outcome<void> apply_file(Task& task, bool only_try) {
  const bool keep = task.arguments.take_flag("keep");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const std::string path = task.arguments.word(2);
  if (path.empty()) return failed(kUsage, in(task.language(), "quel fichier ?", "which file?"));
  const auto content = read_file(path, task.language());
  if (!content) return Unexpected{content.error()};
  task.dry_run = task.dry_run || only_try;
  return apply_configuration(task, *content, keep);
}

Outcome<void> diff(Task& task) {
  std::string from = task.arguments.word(2);
  const std::string to = task.arguments.word(3);
  if (!from.empty() && !is_number(from)) return apply_file(task, true);
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  if (from.empty()) {
    auto newest = newest_revision(task);
    if (!newest) return Unexpected{newest.error()};
    from = std::move(*newest);
  }
  const auto reply = task.api().get(
      fmt::format("/revisions/{}/difference{}", encoded(from), to.empty() ? "" : "?to=" + encoded(to)));
  if (!reply) return Unexpected{reply.error()};
  print(task.json ? pretty(reply->json) : difference_text(task.directory, reply->json));
  return {};
}

Outcome<void> roll_back(Task& task) {
  const bool whole = task.arguments.take_flag("return");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const std::string number = task.arguments.word(2);
  if (!is_number(number)) return failed(kUsage, in(task.language(), "quelle révision ?", "which revision?"));
  const auto done = show_ask_and_do(task, [&](bool dry_run) {
    return task.api().post(
        fmt::format("/revisions/{}/rollback{}", number, task.force ? "?force=true" : ""),
        Value::object({{"mode", whole ? "return" : "undo"}, {"message", task.reason}, {"dry_run", dry_run}}));
  });
  return done ? Outcome<void>() : Outcome<void>(Unexpected{done.error()});
}

Outcome<void> export_file(Task& task) {
  const bool with_secrets = task.arguments.take_flag("with-secrets");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto text = export_configuration(task, with_secrets);
  if (!text) return Unexpected{text.error()};
  return write_file(task.arguments.word(2), *text, with_secrets ? kSecretMode : kExportMode, task.language());
}

}  // namespace

Outcome<void> run_config_command(Task& task) {
  const std::string verb = task.arguments.word(1);
  if (task.arguments.take_flag("help") || verb.empty() || verb == "help")
    return print(config_help(task.language())), Outcome<void>();
  if (verb == "history") return history(task);
  if (verb == "diff") return diff(task);
  if (verb == "rollback") return roll_back(task);
  if (verb == "export") return export_file(task);
  if (verb == "apply") return apply_file(task, false);
  if (verb == "check") return check_configuration(task);
  return failed(kUsage,
                fmt::format(fmt::runtime(in(task.language(),
                                            "« xivo config {} » n'existe pas ; voyez xivo config --help",
                                            "there is no \"xivo config {}\"; see xivo config --help")),
                            verb));
}

std::string config_help(Language language) {
  return in(
      language,
      "La configuration : son historique, et elle-même comme un fichier.\n\n"
      "  xivo config history [--limit N] [--before N] [--kind GENRE] [--author QUI]\n"
      "  xivo config diff [N [M] | FICHIER]      ce qu'une révision a changé ; entre deux ; ce qu'un fichier "
      "changerait\n"
      "  xivo config rollback N [--return]       annuler la révision N ; revenir à son état\n"
      "  xivo config export [FICHIER] [--with-secrets]\n"
      "  xivo config apply FICHIER [--keep]      montre la différence et demande ; --keep ne supprime "
      "rien\n"
      "  xivo config check                       ce qui ne va pas dans le plan, et le remède\n\n"
      "Avec --json, --dry-run, --yes, --reason MOTIF.\n",
      "The configuration: its history, and itself as a file.\n\n"
      "  xivo config history [--limit N] [--before N] [--kind KIND] [--author WHO]\n"
      "  xivo config diff [N [M] | FILE]         what a revision changed; between two; what a file would "
      "change\n"
      "  xivo config rollback N [--return]       undo revision N; return to its state\n"
      "  xivo config export [FILE] [--with-secrets]\n"
      "  xivo config apply FILE [--keep]         shows the difference and asks; --keep removes nothing\n"
      "  xivo config check                       what is wrong with the plan, and the cure\n\n"
      "With --json, --dry-run, --yes, --reason WHY.\n");
}

}  // namespace xivo::cli
