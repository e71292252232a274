#include "api/configuration/change_desk.hpp"

#include <algorithm>

#include "api/configuration/difference.hpp"
#include "api/planning/review_values.hpp"
#include "api/wording.hpp"
#include "base/text.hpp"
#include "model/history/revision_message.hpp"

namespace xivo::api {
namespace {

using model::Problem;
using model::Value;

constexpr std::size_t kOtherChangesMax = 20;  // of the other party, shown at once

/// What each change of a refused transaction had seen.
std::vector<std::optional<model::RevisionNumber>> bases_of(const model::Transaction& transaction) {
  std::vector<std::optional<model::RevisionNumber>> bases;
  for (const auto& change : transaction.changes) bases.push_back(change.base_revision);
  return bases;
}

bool somebody_was_faster(const Problem& problem) {
  return problem.id > 0 &&
         (problem.rule == Problem::Rule::Conflict || problem.rule == Problem::Rule::NotFound);
}

model::RevisionNumber base_of(const Problem& problem,
                              const std::vector<std::optional<model::RevisionNumber>>& bases,
                              model::RevisionNumber last) {
  if (const auto base = text::parse_decimal<model::RevisionNumber>(problem.fact("base"))) return *base;
  if (problem.change < bases.size() && bases[problem.change]) return *bases[problem.change];
  return last - 1;
}

/// What others did to the objects that the problems are about: {revision, author, at, message, difference}, or null.
Value other_party(store::ConfigHistory& past, const model::Problems& problems,
                  const std::vector<std::optional<model::RevisionNumber>>& bases, model::Language language) {
  model::RevisionNumber newest = 0;
  std::vector<model::ResolvedChange> changes;
  for (const Problem& problem : problems) {
    if (!somebody_was_faster(problem) || changes.size() == kOtherChangesMax) continue;
    const auto last = past.last_change(problem.kind, problem.id);
    if (!last || *last == 0) continue;
    auto change = past.change_of(problem.kind, problem.id, base_of(problem, bases, *last), *last);
    if (!change || !*change) continue;
    newest = std::max(newest, *last);
    changes.push_back(std::move(**change));
  }
  const auto record = past.revision(newest);
  if (!record || !*record) return {};
  return Value::object({{"revision", (*record)->number},
                        {"author", (*record)->author},
                        {"at", time_text((*record)->wall)},
                        {"message", model::worded_message((*record)->message, language)},
                        {"difference", shown_difference(changes, language)}});
}

ProblemDocument reason_needed(const Exchange& exchange) {
  ProblemDocument document;
  document.refusal = Refusal::Invalid;
  document.detail =
      exchange.say("Une modification forcée demande un motif", "A forced change needs a reason");
  document.problems.push_back(
      Value::object({{"rule", "required"}, {"message", document.detail}, {"field", "message"}}));
  return document;
}

}  // namespace

Value transaction_value(const store::Reviewed& applied, bool dry_run, model::Language language) {
  Value::List ids;
  for (const std::int64_t id : applied.ids) ids.emplace_back(id);
  Value answer = Value::object({{"revision", applied.revision},
                                {"dry_run", dry_run},
                                {"ids", std::move(ids)},
                                {"changes", static_cast<std::int64_t>(applied.changes.size())},
                                {"difference", shown_difference(applied.changes, language)}});
  add_review(answer, applied.review, language);
  return answer;
}

void ChangeDesk::run(const ExchangePtr& exchange, Wish wish, OnMade made) {
  wish.transaction.author = exchange->account;
  wish.transaction.rights = exchange->who.rights;
  if (wish.force && wish.transaction.message.empty()) return exchange->refuse(reason_needed(*exchange));
  if (wish.force) wish.transaction.review = model::Review::BreaksScenarios;
  auto refuse = [exchange, history = history_, if_match = wish.if_match, word = wish.word,
                 bases = bases_of(wish.transaction)](const store::Refusal& refusal) {
    auto document = refusal_of(refusal, exchange->language, if_match);
    if (word) word(document);
    const auto& problems = refusal.problems;
    if (std::none_of(problems.begin(), problems.end(), somebody_was_faster))
      return exchange->refuse(document);
    history->ask(exchange, [exchange, document, problems, bases](store::ConfigHistory& past) mutable {
      document.other = other_party(past, problems, bases, exchange->language);
      exchange->refuse(document);
    });
  };
  if (wish.dry_run) {
    auto work = [exchange, refuse, complete = std::move(wish.complete),
                 transaction = std::move(wish.transaction), &writer = writer_] {
      const auto tried = writer.dry_run(transaction);
      if (!tried) return refuse({tried.error(), std::nullopt});
      Value answer = transaction_value(*tried, true, exchange->language);
      if (complete) complete(*tried, answer);
      exchange->json(200, answer);
    };
    if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
    return;
  }
  const bool accepted =
      writer_.submit(std::move(wish.transaction),
                     [refuse, made = std::move(made)](const store::ConfigWriter::Outcome& outcome) {
                       if (!outcome) return refuse(outcome.error());
                       made(*outcome);
                     });
  if (!accepted) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
