// Whom a scenario's texts mean.
#include <array>

#include "model/kinds/trunk.hpp"
#include "model/scenario/run.hpp"

namespace xivo::model::scenario {
namespace {

Party of_number(const Config& config, const Extension& extension) {
  if (const auto* to = extension.destination.as<ToLine>()) {
    const SipLine* line = config.line(to->line);
    return {to->line, line == nullptr ? UserId{} : line->user};
  }
  const auto* to = extension.destination.as<ToUser>();
  if (to == nullptr) return {};
  const auto lines = config.lines_of(to->user);
  return {lines.empty() ? SipLineId{} : lines.front()->id, to->user};
}

}  // namespace

Party party_of(const Config& config, std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view number = text.substr(0, at);
  const std::string_view wanted = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  Party elsewhere;
  for (const auto& [id, context] : config.objects<Context>()) {
    if (!wanted.empty() && context->name != wanted) continue;
    const Extension* extension = config.extension(context->id, number);
    if (extension == nullptr) continue;
    const Party party = of_number(config, *extension);
    if (!party.user && !party.line) continue;
    if (context->type == "internal" || !wanted.empty()) return party;
    if (!elsewhere.user && !elsewhere.line) elsewhere = party;
  }
  if (elsewhere.user || elsewhere.line) return elsewhere;
  const SipLine* line = config.line_by_name(text);
  return line == nullptr ? Party{} : Party{line->id, line->user};
}

TrunkId trunk_of(const Config& config, std::string_view text) {
  for (const auto& [id, trunk] : config.objects<Trunk>()) {
    if (trunk->name == text || trunk->label == text) return trunk->id;
  }
  return {};
}

}  // namespace xivo::model::scenario
