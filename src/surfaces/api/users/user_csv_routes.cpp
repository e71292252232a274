#include "api/users/user_csv_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/configuration/transaction_routes.hpp"
#include "api/users/user_export.hpp"
#include "api/users/user_import.hpp"
#include "base/text.hpp"
#include "model/history/revision_message.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr std::string_view kTableType = "text/csv; charset=utf-8";

struct Complaint {
  std::string_view what;  // of csv::read()
  model::Words words;
};
constexpr std::array kComplaints{
    Complaint{"too long", {"le fichier est trop grand", "the file is too long"}},
    Complaint{"too many rows", {"il y a trop de lignes", "there are too many rows"}},
    Complaint{"too many columns", {"il y a trop de colonnes", "there are too many columns"}},
    Complaint{"a cell is too long", {"une cellule est trop longue", "a cell is too long"}},
    Complaint{"a quote is not closed", {"un guillemet n'est pas refermé", "a quote is not closed"}},
    Complaint{"a quote stands within a cell",
              {"un guillemet est au milieu d'une cellule", "a quote stands within a cell"}},
    Complaint{"something stands behind a quoted cell",
              {"quelque chose suit un guillemet fermant", "something stands behind a closing quote"}},
};

bool is_table(const http::Request& request) {
  const std::string_view type = request.header("content-type").value_or("");
  return text::equal_ignoring_case(text::trim(type.substr(0, type.find(';'))), "text/csv");
}

void refuse_table(const Exchange& exchange, const Error& error) {
  const auto* known = std::find_if(kComplaints.begin(), kComplaints.end(),
                                   [&](const Complaint& c) { return c.what == error.what; });
  const std::string_view words = known == kComplaints.end() ? error.what : known->words.in(exchange.language);
  ProblemDocument document;
  document.refusal = Refusal::Invalid;
  document.detail = at_cell(static_cast<std::size_t>(error.detail), {}, words, exchange.language);
  document.problems.push_back(
      Value::object({{"rule", "malformed"}, {"message", document.detail}, {"row", error.detail}}));
  exchange.refuse(document);
}

struct ImportWish {
  UserImportOptions options;
  bool dry_run = false;
  bool force = false;
  std::string reason;
};

/// Runs on a worker.
void run_import(const ExchangePtr& exchange, const model::Config& config, const ImportWish& wish,
                ChangeDesk& desk) {
  const auto table = csv::read(exchange->request.body);
  if (!table) return refuse_table(*exchange, table.error());
  runtime::SystemRng rng;
  const auto import = std::make_shared<UserImport>(read_users(config, *table, wish.options, rng));
  if (!import->problems.empty()) {
    ProblemDocument document;
    document.refusal = Refusal::Invalid;
    document.detail = import->problems.front().text_at("message");
    document.problems = import->problems;
    return exchange->refuse(document);
  }
  ChangeDesk::Wish change;
  change.transaction.changes = import->changes;
  change.transaction.message = wish.reason.empty() && !wish.force
                                   ? model::revision_message(model::RevisionMessage::UserTable)
                                   : wish.reason;
  change.dry_run = wish.dry_run;
  change.force = wish.force;
  change.complete = [import](const store::Reviewed& applied, Value& answer) {
    const Value summary = import_summary(*import, applied);
    for (const auto& member : *summary.members()) answer.set(member.name, member.value);
  };
  change.word = [import, language = exchange->language](ProblemDocument& document) {
    name_cells(*import, document.problems, language);
    if (!document.problems.empty()) document.detail = document.problems.front().text_at("message");
  };
  const auto complete = change.complete;
  desk.run(exchange, std::move(change), [exchange, complete](const store::Reviewed& applied) {
    Value answer = transaction_value(applied, false, exchange->language);
    complete(applied, answer);
    exchange->json(200, answer);
  });
}

}  // namespace

void UserCsvRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "POST",
       .path = "/users/import",
       .scope = "user:write",
       .id = "import_users",
       .tag = "users",
       .summary = {"Créer ou mettre à jour des utilisateurs par un fichier CSV, tous ou aucun",
                   "Create or update users by a CSV file, all of them or none"},
       .parameters = {query_parameter(
                          "update", Value::object({{"type", "boolean"}, {"default", false}}),
                          {"Modifier aussi ceux qui existent, reconnus à leur uuid, sinon à leur email, "
                           "sinon à exten et context",
                           "Change those who exist, too, known by uuid, else by email, else by exten and "
                           "context"}),
                      dry_run_parameter(), force_parameter(),
                      query_parameter(
                          "reason", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                          {"Motif, gardé dans l'historique", "Why, kept in the history"})},
       .body = "UserTable",
       .body_type = "text/csv",
       .answers = {{200, {"Ce qui a changé, ou changerait", "What changed, or would"}, "UserImportResult"}},
       .refusals = {Refusal::WrongMediaType, Refusal::NotFound, Refusal::Conflict, Refusal::Invalid,
                    Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { import(exchange); }});
  routes.push_back(
      {.method = "GET",
       .path = "/users/export.csv",
       .scope = "user:read",
       .id = "export_users",
       .tag = "users",
       .summary = {"Les utilisateurs en CSV, que l'import relit ; sans secrets",
                   "The users as CSV, which the import reads; without secrets"},
       .answers = {{200, {"Une ligne par utilisateur", "A row for each user"}, "Table", kTableType}},
       .refusals = {Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { export_all(exchange); }});
}

void UserCsvRoutes::import(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  ImportWish wish;
  wish.dry_run = read_dry_run(parameters);
  wish.force = read_force(parameters);
  wish.options = {parameters.choice("update", {"false", "true"}) == "true", exchange->language};
  wish.reason = parameters.text("reason").value_or("");
  if (!parameters.finish()) return;
  if (!is_table(exchange->request))
    return exchange->refuse(Refusal::WrongMediaType,
                            exchange->say("Le corps doit être en text/csv", "The body has to be text/csv"));
  auto work = [exchange, wish, config = config_.current(), desk = desk_] {
    run_import(exchange, *config, wish, *desk);
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void UserCsvRoutes::export_all(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  if (!parameters.finish()) return;
  auto work = [exchange, config = config_.current()] {
    const std::string file = exchange->say("utilisateurs.csv", "users.csv");
    exchange->document(kTableType, export_users(*config),
                       {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file)}});
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
