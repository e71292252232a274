#include "api/planning/map_routes.hpp"

#include "api/parameters.hpp"
#include "api/planning/review_values.hpp"
#include "api/wording.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/numbering_map/numbering_map.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;
namespace numbering_map = model::numbering_map;
using numbering_map::HelpCall;
using numbering_map::Number;

Value count(std::size_t number) { return Value(static_cast<std::int64_t>(number)); }

/// {id, name}, or null.
template <class Kind>
Value named(const model::Config& config, std::string_view kind_name, model::ObjectId<Kind> id) {
  const model::KindSchema& kind = *model::find_kind(kind_name);
  const void* object = model::table_of(config, kind).find(id.value);
  if (object == nullptr) return {};
  return Value::object({{"id", id.value}, {"name", kind.label(object)}});
}

Value side_value(const model::checker::Side& side) {
  return Value::object({{"kind", side.kind}, {"id", side.id}, {"label", side.label}});
}

Value range_value(const model::Config& config, const numbering_map::Range& range) {
  Value overlaps = Value::list();
  for (const auto& each : range.overlaps) {
    const auto* context = config.context(each.context);
    overlaps.push(Value::object({{"context", each.context.value},
                                 {"name", context == nullptr ? std::string() : context->name},
                                 {"use", each.use},
                                 {"start", each.start},
                                 {"end", each.end}}));
  }
  const std::uint64_t kept = range.used + range.emergency.size();
  return Value::object({{"use", range.use},
                        {"start", range.start},
                        {"end", range.end},
                        {"size", count(range.size)},
                        {"used", count(range.used)},
                        {"free", count(range.size > kept ? range.size - kept : 0)},
                        {"next", range.next.empty() ? Value() : Value(range.next)},
                        {"emergency", Value(range.emergency)},
                        {"overlaps", std::move(overlaps)}});
}

/// Whether the phones of a context reach help; null: it has none.
Value help_value(const std::optional<HelpCall>& help, model::Language language) {
  if (!help) return {};
  return Value::object({{"proven", help->reached}, {"sentence", help->sentence.in(language)}});
}

Value context_value(const model::Config& config, const numbering_map::ContextMap& map,
                    model::Language language) {
  const model::Context& context = *config.context(map.id);
  Value includes = Value::list();
  for (const auto id : context.includes) includes.push(named(config, "context", id));
  Value dialled_from = Value::list();
  for (const auto& home : map.dialled_from) {
    Value from = named(config, "context", home.context);
    from.set("phones", count(home.phones));
    dialled_from.push(std::move(from));
  }
  Value ranges = Value::list();
  for (const auto& range : map.ranges) ranges.push(range_value(config, range));
  return Value::object({{"id", map.id.value},
                        {"name", context.name},
                        {"label", context.label},
                        {"type", context.type},
                        {"enabled", context.enabled},
                        {"includes", std::move(includes)},
                        {"dialled_from", std::move(dialled_from)},
                        {"phones", count(map.phones)},
                        {"numbers", count(map.numbers)},
                        {"patterns", count(map.patterns)},
                        {"disabled", count(map.disabled)},
                        {"shadowed", count(map.shadowed)},
                        {"ranges", std::move(ranges)},
                        {"help", help_value(map.help, language)}});
}

/// The object that a number is; a feature by its title.
Value object_value(const model::checker::Side& side, model::Language language) {
  if (side.kind != "feature_code") return side_value(side);
  return Value::object(
      {{"kind", side.kind}, {"id", side.id}, {"label", model::routing::feature_title(side.label, language)}});
}

Value number_value(const model::Config& config, const Number& number, model::Language language) {
  return Value::object(
      {{"exten", number.exten},
       {"type", name(number.type)},
       {"object", object_value(number.object, language)},
       {"context", named(config, "context", number.context)},
       {"destination", number.destination == nullptr ? Value() : number.destination->to_value()},
       {"state", name(number.state)},
       {"shadowed_by", number.shadowed_by ? side_value(*number.shadowed_by) : Value()},
       {"phones", count(number.phones)}});
}

Value phone_value(const model::Config& config, const numbering_map::Map& map, const model::SipLine& line,
                  model::Language language) {
  Value calls = Value::list();
  bool proven = true;
  for (const HelpCall& call : map.calls_for_help(line)) {
    proven = proven && call.reached;
    calls.push(Value::object({{"number", call.number},
                              {"reached", call.reached},
                              {"route", named(config, "outgoing_route", call.route)},
                              {"trunk", named(config, "trunk", call.trunk)},
                              {"dialled", call.dialled},
                              {"sentence", call.sentence.in(language)}}));
  }
  return Value::object({{"line", named(config, "line", line.id)},
                        {"user", named(config, "user", line.user)},
                        {"context", named(config, "context", line.context)},
                        {"proven", proven},
                        {"calls", std::move(calls)}});
}

ParameterSpec text_parameter(std::string name, Wording help) {
  return query_parameter(std::move(name),
                         Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                         std::move(help));
}

template <class... More>
std::vector<ParameterSpec> paged(More... more) {
  std::vector<ParameterSpec> all{std::move(more)...};
  for (auto& each : page_parameters()) all.push_back(std::move(each));
  return all;
}

struct NumberQuery {
  std::int64_t context = 0;
  std::string state;
  std::string search;
  Page page;

  [[nodiscard]] bool wants(const Number& number) const {
    return (context == 0 || number.context.value == context) &&
           (state == "any" || name(number.state) == state) &&
           (search.empty() || number.exten.find(search) != std::string::npos);
  }
};

Value numbers_page(const model::Config& config, const numbering_map::Map& map, const NumberQuery& query,
                   model::Language language) {
  Value::List items;
  std::int64_t total = 0;
  for (const Number& number : map.numbers()) {
    if (!query.wants(number)) continue;
    const std::int64_t at = total++;
    if (at >= query.page.offset && at < query.page.offset + query.page.limit)
      items.push_back(number_value(config, number, language));
  }
  return page_value(std::move(items), total);
}

struct PhoneQuery {
  std::string_view proven;
  std::string search;
  Page page;
};

Value phones_page(const model::Config& config, const numbering_map::Map& map, const PhoneQuery& query,
                  model::Language language) {
  Value::List items;
  std::int64_t total = 0, proven = 0, unproven = 0;
  for (const auto& [id, line] : config.lines()) {
    if (!line->enabled) continue;
    const bool reaches = map.reaches_help(*line);
    ++(reaches ? proven : unproven);
    if (query.proven != "any" && (query.proven == "true") != reaches) continue;
    const model::User* user = config.user(line->user);
    const std::string who = line->name + ' ' + (user == nullptr ? std::string() : user->full_name());
    if (!contains_folded(who, query.search)) continue;
    const std::int64_t at = total++;
    if (at >= query.page.offset && at < query.page.offset + query.page.limit)
      items.push_back(phone_value(config, map, *line, language));
  }
  Value answer = page_value(std::move(items), total);
  answer.set("proven", proven);
  answer.set("unproven", unproven);
  return answer;
}

}  // namespace

void MapRoutes::add_routes(std::vector<Route>& routes) {
  const auto add = [&](std::string path, std::string id, Wording summary,
                       std::vector<ParameterSpec> parameters, std::string answer,
                       void (MapRoutes::*run)(const ExchangePtr&)) {
    routes.push_back({.method = "GET",
                      .path = std::move(path),
                      .scope = "context:read",
                      .id = std::move(id),
                      .tag = "numbering",
                      .summary = summary,
                      .parameters = std::move(parameters),
                      .answers = {{200, summary, std::move(answer)}},
                      .refusals = {Refusal::BadParameter, Refusal::Busy},
                      .handler = [this, run](const ExchangePtr& exchange) { (this->*run)(exchange); }});
  };
  add("/numbering/map", "show_numbering_map",
      {"Les numéros de chaque contexte : plages, pris, libres, cachés, et qui peut les composer",
       "The numbers of each context: ranges, taken, free, hidden, and who can dial them"},
      {}, "NumberingMap", &MapRoutes::show_map);
  add("/numbering/map/numbers", "list_mapped_numbers",
      {"Tout ce que l'on peut composer", "All that can be dialled"},
      paged(query_parameter("context", Value::object({{"type", "integer"}, {"minimum", 1}}),
                            {"Seulement de ce contexte", "Of this context only"}),
            query_parameter(
                "state",
                Value::object({{"type", "string"},
                               {"enum", Value::List{Value("any"), Value("reached"), Value("shadowed"),
                                                    Value("disabled"), Value("unreachable")}},
                               {"default", "any"}}),
                {"Seulement dans cet état", "In this state only"}),
            text_parameter("search", {"Chiffres à chercher", "Digits to look for"})),
      "MappedNumbers", &MapRoutes::list_numbers);
  add("/numbering/map/emergency", "prove_emergency_calls",
      {"Par où passerait l'appel de chaque téléphone à chaque numéro d'urgence",
       "Which way each phone's call to each emergency number would go"},
      paged(
          query_parameter("proven",
                          Value::object({{"type", "string"},
                                         {"enum", Value::List{Value("any"), Value("true"), Value("false")}},
                                         {"default", "any"}}),
                          {"Seulement ceux qui y arrivent, ou non", "Only those that get there, or do not"}),
          text_parameter("search", {"Ligne ou utilisateur à chercher", "Line or user to look for"})),
      "EmergencyProofs", &MapRoutes::prove_help);
  add("/numbering/emergency_numbers", "list_emergency_numbers",
      {"Les numéros d'urgence du pays, ou de l'entreprise",
       "The emergency numbers of the country, or of the company"},
      {text_parameter("country", {"Code du pays ; absent : ceux de l'entreprise",
                                  "Code of the country; absent: those of the company"})},
      "EmergencyNumbers", &MapRoutes::emergency_numbers);
}

void MapRoutes::show_map(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  auto work = [exchange, config = config_.current(), &reviewer = writer_.reviewer()] {
    const auto findings = reviewer.findings(config);
    const numbering_map::Map map(*config, *findings);
    std::size_t without_help = 0;
    for (const auto& [id, line] : config->lines())
      without_help += line->enabled && !map.reaches_help(*line) ? 1 : 0;
    Value contexts = Value::list();
    for (const auto& each : map.contexts()) contexts.push(context_value(*config, each, exchange->language));
    exchange->json(
        200, Value::object(
                 {{"revision", config->revision()},
                  {"totals", Value::object({{"numbers", count(config->objects<model::Extension>().size())},
                                            {"phones", count(map.phones())},
                                            {"without_help", count(without_help)},
                                            {"findings", count(findings->size())}})},
                  {"contexts", std::move(contexts)}}));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void MapRoutes::list_numbers(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  NumberQuery query;
  query.context = parameters.integer("context", {.min = 0}, 0);
  query.state = parameters.choice("state", {"any", "reached", "shadowed", "disabled", "unreachable"});
  query.search = parameters.text("search").value_or("");
  query.page = Page::read(parameters);
  if (!parameters.finish()) return;
  auto work = [exchange, query, config = config_.current(), &reviewer = writer_.reviewer()] {
    const numbering_map::Map map(*config, *reviewer.findings(config));
    exchange->json(200, numbers_page(*config, map, query, exchange->language));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void MapRoutes::prove_help(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  PhoneQuery query;
  query.proven = parameters.choice("proven", {"any", "true", "false"});
  query.search = folded(parameters.text("search").value_or(""));
  query.page = Page::read(parameters);
  if (!parameters.finish()) return;
  auto work = [exchange, query, config = config_.current()] {
    const numbering_map::Map map(*config, {});
    exchange->json(200, phones_page(*config, map, query, exchange->language));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void MapRoutes::emergency_numbers(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const auto country = parameters.text("country");
  if (!parameters.finish()) return;
  namespace numbering = model::numbering;
  const auto config = config_.current();
  exchange->json(200, Value::object({{"numbers", Value(country ? numbering::emergency_numbers_of(*country)
                                                               : numbering::emergency_numbers(*config))}}));
}

}  // namespace xivo::api
