#include "api/configuration/number_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/numbering/free_numbers.hpp"
#include "model/references.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

/// Numbers of `digits` digits, both ends included.
struct Range {
  std::uint64_t start;
  std::uint64_t end;
  std::size_t digits;
};

template <class Declared>
std::vector<Range> read(const std::vector<Declared>& declared) {
  std::vector<Range> ranges;
  for (const auto& each : declared) {
    const auto start = text::parse_decimal<std::uint64_t>(each.start);
    const auto end = each.end.empty() ? start : text::parse_decimal<std::uint64_t>(each.end);
    if (start && end) ranges.push_back({*start, *end, each.start.size()});
  }
  return ranges;
}

std::vector<Range> ranges_of(const model::Context& context, std::string_view use) {
  if (use == "group") return read(context.group_ranges);
  if (use == "ivr") return read(context.ivr_ranges);
  if (use == "queue") return read(context.queue_ranges);
  if (use == "conference_room") return read(context.conference_room_ranges);
  if (use == "incall") return read(context.incall_ranges);
  return read(context.user_ranges);
}

std::string written(std::uint64_t number, std::size_t digits) {
  return fmt::format("{:0{}}", number, digits);
}

/// The numbers of a context, for one length of digits at a time, in their order.
std::vector<std::uint64_t> taken_of(const std::vector<const model::Extension*>& all, const Range& range) {
  std::vector<std::uint64_t> taken;
  for (const auto* extension : all) {
    if (extension->exten.size() != range.digits) continue;
    const auto number = text::parse_decimal<std::uint64_t>(extension->exten);
    if (number && *number >= range.start && *number <= range.end) taken.push_back(*number);
  }
  std::sort(taken.begin(), taken.end());
  return taken;
}

/// What cannot be given to anybody: what somebody has, and what is for help. In order, each once.
std::vector<std::uint64_t> not_free(std::vector<std::uint64_t> taken,
                                    const std::vector<std::string>& emergency) {
  for (const std::string& number : emergency) {
    if (const auto read = text::parse_decimal<std::uint64_t>(number)) taken.push_back(*read);
  }
  std::sort(taken.begin(), taken.end());
  taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
  return taken;
}

void add_free(Value& free, const Range& range, const std::vector<std::uint64_t>& taken) {
  const auto add = [&](std::uint64_t from, std::uint64_t to) {
    free.push(Value::object({{"start", written(from, range.digits)}, {"end", written(to, range.digits)}}));
  };
  std::uint64_t from = range.start;
  for (const std::uint64_t number : taken) {
    if (number > from) add(from, number - 1);
    from = number + 1;
  }
  if (from <= range.end) add(from, range.end);
}

/// The object that an extension's destination names; the extension itself when it names none.
Value used_value(const model::Config& config, const model::Extension& extension) {
  Value to = extension.destination.to_value();
  Value used = Value::object({{"exten", extension.exten},
                              {"extension", extension.id.value},
                              {"kind", "extension"},
                              {"id", extension.id.value},
                              {"name", extension.exten}});
  const model::Field& field = *model::find_kind("extension")->field("destination");
  model::visit_references(field, to, [&](std::string_view kind_name, Value& target, const std::string&) {
    const model::KindSchema& kind = *model::find_kind(kind_name);
    const void* object = model::table_of(config, kind).find(target.integer().value_or(0));
    if (object == nullptr || kind_name != extension.destination.type().name) return;
    used.set("kind", kind_name);
    used.set("id", target);
    used.set("name", kind.label(object));
  });
  return used;
}

}  // namespace

Value numbers_of(const model::Config& config, const model::Context& context, std::string_view use) {
  std::vector<const model::Extension*> all;
  for (const auto& [id, extension] : config.objects<model::Extension>()) {
    if (extension->context == context.id) all.push_back(extension.get());
  }
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return a->exten.size() != b->exten.size() ? a->exten.size() < b->exten.size() : a->exten < b->exten;
  });
  Value ranges = Value::list();
  Value free = Value::list();
  for (const Range& range : ranges_of(context, use)) {
    const auto taken = taken_of(all, range);
    const auto emergency = model::numbering::emergency_numbers_in(
        config, {written(range.start, range.digits), written(range.end, range.digits)});
    add_free(free, range, not_free(taken, emergency));
    ranges.push(Value::object({{"start", written(range.start, range.digits)},
                               {"end", written(range.end, range.digits)},
                               {"size", static_cast<std::int64_t>(range.end - range.start + 1)},
                               {"used", static_cast<std::int64_t>(taken.size())},
                               {"emergency", Value(emergency)}}));
  }
  Value used = Value::list();
  for (const auto* extension : all) used.push(used_value(config, *extension));
  const Value next = free.items()->empty() ? Value() : *free.items()->front().find("start");
  return Value::object(
      {{"ranges", std::move(ranges)}, {"used", std::move(used)}, {"free", std::move(free)}, {"next", next}});
}

void NumberRoutes::add_routes(std::vector<Route>& routes) {
  Value uses = Value::List{Value("user"),  Value("group"),           Value("ivr"),
                           Value("queue"), Value("conference_room"), Value("incall")};
  routes.push_back(
      {.method = "GET",
       .path = "/contexts/{id}/numbers",
       .scope = "context:read",
       .id = "list_context_numbers",
       .tag = "contexts",
       .summary = {"Numéros pris et libres d'un contexte",
                   "Numbers of a context that are taken, and that are free"},
       .parameters = {{"id",
                       "path",
                       Value::object({{"type", "integer"}, {"minimum", 1}}),
                       {"Numéro de l'objet", "The object's number"}},
                      query_parameter(
                          "use",
                          Value::object({{"type", "string"}, {"enum", std::move(uses)}, {"default", "user"}}),
                          {"De qui sont les plages regardées", "Whose ranges are looked at"})},
       .answers = {{200, {"Numéros", "Numbers"}, "ContextNumbers"}},
       .refusals = {Refusal::BadParameter, Refusal::NotFound, Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { show(exchange); }});
}

void NumberRoutes::show(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const auto use = parameters.choice("use", {"user", "group", "ivr", "queue", "conference_room", "incall"});
  if (!parameters.finish()) return;
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  const auto config = config_.current();
  const auto* context = id ? config->context({*id}) : nullptr;
  if (context == nullptr) return exchange->refuse(Refusal::NotFound);
  auto work = [exchange, config, context, use] { exchange->json(200, numbers_of(*config, *context, use)); };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
