#include "model/transaction_checks.hpp"

#include <fmt/format.h>

#include <set>
#include <unordered_map>

#include "model/json.hpp"
#include "model/references.hpp"

namespace xivo::model::detail {

namespace {

using Rule = Problem::Rule;

std::string shown(const Value& value) { return value.text() != nullptr ? *value.text() : to_json(value); }

/// The checks over one kind's touched objects.
class KindCheck {
 public:
  KindCheck(const Config& next, const KindSchema& kind, const std::map<std::int64_t, Touched>& touched,
            const Rights* rights, Problems& problems)
      : next_(next),
        kind_(kind),
        table_(table_of(next, kind)),
        touched_(touched),
        rights_(rights),
        problems_(problems) {}

  void run() {
    for (const Field& field : kind_.fields()) {
      if (may_refer(field)) references(field);
      if (field.unique) unique(field);
    }
    for (const auto& [id, touched] : touched_) {
      if (table_.find(id) != nullptr) rules(id, touched, kind_.spec().rules);
      if (table_.find(id) == nullptr && touched.before) rules(id, touched, kind_.spec().removal_rules);
    }
    deletions();
  }

 private:
  Problem& report(Rule rule, std::int64_t id, std::string_view field) {
    Problem& problem = problems_.emplace_back();
    problem.rule = rule;
    problem.kind = kind_.name();
    problem.id = id;
    problem.field = field;
    name_it(problem, id);
    return problem;
  }
  void name_it(Problem& problem, std::int64_t id) {
    const Touched& touched = touched_.at(id);
    const void* object = table_.find(id) != nullptr ? table_.find(id) : touched.before.get();
    problem.change = touched.change;
    if (object != nullptr) problem.name = kind_.label(object);
  }
  [[nodiscard]] bool full() const { return problems_.size() >= kProblemsMax; }

  void references(const Field& field) {
    for (const auto& [id, touched] : touched_) {
      const void* object = table_.find(id);
      if (object == nullptr || full()) continue;
      Value value = field.get(object);
      visit_references(field, value, [&](std::string_view kind, Value& target, const std::string& path) {
        const std::int64_t referred = target.integer().value_or(0);
        if (full() || table_of(next_, *find_kind(kind)).find(referred) != nullptr) return;
        const std::string where = std::string(field.name) + (path.empty() ? "" : ".") + path;
        report(Rule::ReferenceMissing, id, where).facts = {{"reference", std::string(kind)},
                                                           {"value", fmt::to_string(referred)}};
      });
    }
  }

  /// What must not be twice: the value, with that of the field it is unique within.
  [[nodiscard]] std::string mark(const Field& field, const Value& value, const void* object) const {
    if (field.unique_within.empty()) return shown(value);
    return shown(value) + '\n' + shown(kind_.field(field.unique_within)->get(object));
  }
  [[nodiscard]] bool same_mark(const Field& field, const Value& value, const void* object,
                               const void* before) const {
    return field.get(before) == value && mark(field, value, object) == mark(field, value, before);
  }

  /// One pass over the table, however many objects were touched.
  void unique(const Field& field) {
    std::unordered_map<std::string, std::vector<std::int64_t>> wanted;
    for (const auto& [id, touched] : touched_) {
      const void* object = table_.find(id);
      if (object == nullptr) continue;
      const Value value = field.get(object);
      if (is_empty(value) || (touched.before && same_mark(field, value, object, touched.before.get())))
        continue;
      wanted[mark(field, value, object)].push_back(id);
    }
    if (wanted.empty()) return;
    table_.for_each([&](std::int64_t holder, const void* object) {
      const Value value = field.get(object);
      const auto found = is_empty(value) ? wanted.end() : wanted.find(mark(field, value, object));
      if (found == wanted.end()) return;
      for (const std::int64_t id : found->second) {
        if (id == holder || full() ||
            (touched_.contains(holder) && holder > id && wants(found->second, holder)))
          continue;
        Problem& problem = report(Rule::NotUnique, id, field.name);
        problem.facts = {{"value", shown(value)}};
        problem.other = Problem::Other{std::string(kind_.name()), holder, kind_.label(object)};
      }
    });
  }
  /// Of two objects that both want a value in this transaction, only the later is told.
  static bool wants(const std::vector<std::int64_t>& ids, std::int64_t id) {
    return std::binary_search(ids.begin(), ids.end(), id);
  }

  void rules(std::int64_t id, const Touched& touched, const std::vector<RuleFunction>& rules) {
    const std::size_t first = problems_.size();
    for (const RuleFunction rule : rules) {
      if (!full()) rule({next_, kind_, id, touched.before.get(), rights_}, problems_);
    }
    const void* object = table_.find(id) != nullptr ? table_.find(id) : touched.before.get();
    for (std::size_t i = first; i < problems_.size(); ++i) {
      problems_[i].change = touched.change;
      if (problems_[i].name.empty()) problems_[i].name = kind_.label(object);
    }
  }

  void deletions() {
    std::set<std::int64_t> gone;
    for (const auto& [id, touched] : touched_) {
      if (touched.before && table_.find(id) == nullptr) gone.insert(id);
    }
    if (gone.empty()) return;
    for (const KindSchema* kind : kinds()) {
      for (const Field& field : kind->fields()) {
        if (may_refer(field, kind_.name())) still_referenced(gone, *kind, field);
      }
    }
  }
  void still_referenced(const std::set<std::int64_t>& gone, const KindSchema& kind, const Field& field) {
    table_of(next_, kind).for_each([&](std::int64_t holder, const void* object) {
      Value value = field.get(object);
      visit_references(field, value, [&](std::string_view of, Value& target, const std::string&) {
        const std::int64_t referred = target.integer().value_or(0);
        if (of != kind_.name() || !gone.contains(referred) || full()) return;
        report(Rule::StillReferenced, referred, field.name).other =
            Problem::Other{std::string(kind.name()), holder, kind.label(object)};
      });
    });
  }

  const Config& next_;
  const KindSchema& kind_;
  const AnyTable& table_;
  const std::map<std::int64_t, Touched>& touched_;
  const Rights* rights_;
  Problems& problems_;
};

}  // namespace

void check_together(const Config& next, const TouchedObjects& touched, const Rights* rights,
                    Problems& problems) {
  for (const auto& [kind, objects] : touched) KindCheck(next, *kind, objects, rights, problems).run();
}

}  // namespace xivo::model::detail
