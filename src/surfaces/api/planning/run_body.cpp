#include "api/planning/run_body.hpp"

#include <algorithm>

#include "api/body_check.hpp"
#include "api/planning/review_values.hpp"

namespace xivo::api {
namespace {

using model::Value;

Value side_value(const model::checker::Side& side) {
  return Value::object({{"kind", side.kind}, {"id", side.id}, {"label", side.label}});
}

}  // namespace

std::optional<RunWish> read_run_wish(const Exchange& exchange, const Value& body) {
  BodyCheck check(exchange, body);
  check.only({"scenarios", "changes"});
  RunWish wish;
  if (const Value* chosen = body.find("scenarios"); chosen != nullptr && !chosen->is_null()) {
    const auto* items = chosen->items();
    const bool ids = items != nullptr && items->size() <= model::scenario::kRunsMax &&
                     std::all_of(items->begin(), items->end(),
                                 [](const Value& each) { return each.integer().has_value(); });
    if (!ids)
      check.wrong("scenarios", "wrong-type", "Il faut une liste de numéros de scénarios",
                  "A list of numbers of scenarios is needed");
    if (ids) {
      for (const Value& each : *items) wish.scenarios.push_back({*each.integer()});
    }
  }
  if (!check.finish()) return std::nullopt;
  const Value* changes = body.find("changes");
  if (changes == nullptr || changes->is_null() || (changes->items() != nullptr && changes->items()->empty()))
    return wish;
  auto draft = read_transaction(exchange, Value::object({{"changes", *changes}}));
  if (!draft) return std::nullopt;
  wish.transaction = std::move(draft->transaction);
  wish.transaction.author = exchange.account;
  wish.transaction.rights = exchange.who.rights;
  return wish;
}

Value runs_answer(const model::Config& config, const std::vector<model::scenario::Run>& runs, bool draft,
                  model::Language language) {
  const auto passed = std::count_if(runs.begin(), runs.end(), [](const auto& run) { return run.passed; });
  return Value::object(
      {{"revision", config.revision()},
       {"draft", draft},
       {"passed", static_cast<std::int64_t>(passed)},
       {"failed", static_cast<std::int64_t>(runs.size()) - static_cast<std::int64_t>(passed)},
       {"items", runs_value(runs, language)}});
}

Value impact_value(const model::impact::Impact& impact, const model::Config& config,
                   model::Language language) {
  Value references = Value::list();
  for (const auto& each : impact.references) {
    Value reference = side_value(each.from);
    reference.set("field", each.field);
    reference.set("title", each.title.in(language));
    references.push(std::move(reference));
  }
  Value numbers = Value::list();
  for (const auto& each : impact.dead_ends) {
    Value number = side_value(each.from);
    number.set("sentence", each.sentence.in(language));
    numbers.push(std::move(number));
  }
  Value callers = Value::list();
  for (const auto& each : impact.losses) {
    const auto* context = config.context(each.context);
    callers.push(Value::object({{"context", each.context.value},
                                {"name", context == nullptr ? std::string() : context->name},
                                {"phones", static_cast<std::int64_t>(each.phones)},
                                {"sentence", each.sentence.in(language)}}));
  }
  return Value::object({{"object", side_value(impact.object)},
                        {"sentence", describe(impact, language)},
                        {"references", std::move(references)},
                        {"numbers", std::move(numbers)},
                        {"callers", std::move(callers)},
                        {"scenarios", runs_value(impact.broken_scenarios, language)},
                        {"findings", findings_value(impact.findings, language)}});
}

}  // namespace xivo::api
