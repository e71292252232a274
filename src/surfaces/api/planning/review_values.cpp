#include "api/planning/review_values.hpp"

namespace xivo::api {
namespace {

using model::Value;
namespace checker = model::checker;

Value fix_value(const checker::Fix& fix, model::Language language) {
  if (fix.changes.empty()) return {};
  Value changes = Value::list();
  for (const model::Change& change : fix.changes) {
    changes.push(Value::object(
        {{"kind", change.kind}, {"op", name(change.op)}, {"id", change.id}, {"fields", change.fields}}));
  }
  return Value::object({{"sentence", fix.sentence.in(language)}, {"changes", std::move(changes)}});
}

}  // namespace

Value findings_value(const std::vector<checker::Finding>& findings, model::Language language) {
  Value all = Value::list();
  for (const checker::Finding& finding : findings) {
    Value objects = Value::list();
    for (const checker::Side& side : finding.sides)
      objects.push(Value::object({{"kind", side.kind}, {"id", side.id}, {"label", side.label}}));
    all.push(Value::object({{"severity", name(finding.severity)},
                            {"code", finding.code},
                            {"sentence", finding.sentence.in(language)},
                            {"objects", std::move(objects)},
                            {"fix", fix_value(finding.fix, language)}}));
  }
  return all;
}

Value runs_value(const std::vector<model::scenario::Run>& runs, model::Language language) {
  Value all = Value::list();
  for (const auto& run : runs) {
    all.push(Value::object({{"scenario", run.scenario.value},
                            {"name", run.name},
                            {"hold", run.hold},
                            {"passed", run.passed},
                            {"expected", run.expected.in(language)},
                            {"happened", run.happened.in(language)}}));
  }
  return all;
}

void add_review(Value& answer, const model::review::Outcome& review, model::Language language) {
  answer.set("findings", findings_value(review.findings, language));
  answer.set("broken_scenarios", runs_value(review.broken_scenarios, language));
}

void add_told(Value& object, const model::review::Outcome& review, model::Language language) {
  if (!review.findings.empty()) object.set("findings", findings_value(review.findings, language));
  if (!review.broken_scenarios.empty())
    object.set("broken_scenarios", runs_value(review.broken_scenarios, language));
}

void strip_told(Value& object) {
  object.erase("findings");
  object.erase("broken_scenarios");
}

}  // namespace xivo::api
