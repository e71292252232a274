#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/routing/route.hpp"

/// How rules are told; for the files of this folder only.
namespace xivo::model::routing {

/// {name} stands for a fact, {name_clause} for a part of the sentence that is made of facts, {name|one|several} for the form
/// that the fact, a count, asks for.
struct RuleWords {
  Step::Rule rule;
  std::string_view name;  // on the wire
  Words met;
  Words missed;
};

/// One for each rule, in their order.
std::span<const RuleWords> rule_words();
/// What stands for {name}; the fact of that name when it is no clause.
std::string clause(const Step& step, std::string_view name, Language language);
/// The sentence with what stands for its names.
std::string filled(std::string_view sentence, const Step& step, Language language);
/// `one` or `several`, as `count` asks for; a count that is none takes the plural.
std::string_view form_of(std::string_view count, std::string_view one, std::string_view several,
                         Language language);

}  // namespace xivo::model::routing
