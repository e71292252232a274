#include "api/records/record_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "api/parameters.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "model/json.hpp"
#include "model/routing/trace_text.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr std::int64_t kIdMax = std::int64_t{1} << 53;  // what every JSON reader can hold

constexpr std::array kDispositions{store::Disposition::Answered, store::Disposition::NoAnswer,
                                   store::Disposition::Busy, store::Disposition::Failed,
                                   store::Disposition::Cancelled};

Value reference(std::int64_t id) { return id == 0 ? Value() : Value(id); }
Value time_value(const std::optional<runtime::WallTime>& at) { return at ? Value(time_text(*at)) : Value(); }

/// A document that was stored as text; null when there is none or it cannot be read.
Value stored_json(const std::string& text) {
  if (text.empty()) return {};
  auto value = model::parse_json(text);
  return value ? std::move(*value) : Value();
}

/// Talking time, or null for a call that was not answered.
Value duration_value(const store::CallRecord& record) {
  if (!record.answer) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(record.end - *record.answer).count();
}

Value summary_value(const store::CallRecord& r) {
  return Value::object({{"id", r.id},
                        {"uuid", r.uuid},
                        {"start", time_text(r.start)},
                        {"answer", time_value(r.answer)},
                        {"end", time_text(r.end)},
                        {"duration_ms", duration_value(r)},
                        {"caller_line", reference(r.caller_line.value)},
                        {"caller_number", r.caller_number},
                        {"caller_name", r.caller_name},
                        {"dialled", r.dialled},
                        {"called_user", reference(r.called_user.value)},
                        {"called_number", r.called_number},
                        {"called_name", r.called_name},
                        {"disposition", store::name(r.disposition)},
                        {"cause", r.cause},
                        {"hung_up_by", store::name(r.hung_up_by)},
                        {"config_revision", r.config_revision}});
}

Value leg_value(const store::LegRecord& leg) {
  return Value::object({{"number", leg.number},
                        {"role", store::name(leg.role)},
                        {"line", reference(leg.line.value)},
                        {"channel", leg.channel},
                        {"remote", leg.remote},
                        {"codec", leg.codec},
                        {"start", time_text(leg.start)},
                        {"answer", time_value(leg.answer)},
                        {"end", time_text(leg.end)},
                        {"cause", leg.cause},
                        {"sip_status", leg.sip_status == 0 ? Value() : Value(leg.sip_status)},
                        {"statistics", stored_json(leg.statistics)}});
}

Value full_value(const store::CallRecord& record, model::Language language) {
  Value value = summary_value(record);
  Value::List legs;
  for (const auto& leg : record.legs) legs.push_back(leg_value(leg));
  value.set("legs", std::move(legs));
  value.set("trace", trace_value(record.trace, language));
  return value;
}

std::vector<std::string_view> disposition_names() {
  std::vector<std::string_view> names{""};
  for (const auto disposition : kDispositions) names.push_back(store::name(disposition));
  return names;
}

/// The filter without its page.
store::CallFilter read_filter(Parameters& parameters, const model::Config& config) {
  store::CallFilter filter;
  filter.since = parameters.time("since");
  filter.until = parameters.time("until");
  filter.caller = parameters.text("caller").value_or("");
  filter.called = parameters.text("called").value_or("");
  filter.search = parameters.text("search").value_or("");
  if (const auto line = parameters.integer("line", {1, kIdMax}, 0); line != 0) filter.lines.push_back(line);
  filter.called_user = parameters.integer("user", {1, kIdMax}, 0);
  if (filter.called_user != 0) {
    for (const auto* line : config.lines_of({filter.called_user})) filter.lines.push_back(line->id.value);
  }
  const auto wanted = parameters.choice("disposition", disposition_names());
  for (const auto disposition : kDispositions) {
    if (store::name(disposition) == wanted) filter.disposition = disposition;
  }
  return filter;
}

std::vector<ParameterSpec> filter_parameters() {
  const Value time = Value::object({{"type", "string"}, {"format", "date-time"}});
  const Value id = Value::object({{"type", "integer"}, {"minimum", 1}});
  const Value text = Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}});
  Value::List names;
  for (const auto disposition : kDispositions) names.emplace_back(store::name(disposition));
  std::vector<ParameterSpec> parameters{
      query_parameter("since", time, {"Commencés à partir de", "Started at or after"}),
      query_parameter("until", time, {"Commencés avant", "Started before"}),
      query_parameter("caller", text,
                      {"Partie du numéro ou du nom de l'appelant", "Part of the caller's number or name"}),
      query_parameter("called", text,
                      {"Partie du numéro ou du nom de l'appelé", "Part of the called number or name"}),
      query_parameter("search", text,
                      {"Partie d'un numéro ou d'un nom, d'un côté ou de l'autre",
                       "Part of a number or name on either side"}),
      query_parameter("line", id, {"Cette ligne y a pris part", "This line took part"}),
      query_parameter("user", id,
                      {"Cet utilisateur a appelé ou a été appelé", "This user called or was called"}),
      query_parameter("disposition", Value::object({{"type", "string"}, {"enum", std::move(names)}}),
                      {"Issue de l'appel", "How the call ended"})};
  return parameters;
}

std::vector<ParameterSpec> list_parameters() {
  auto parameters = filter_parameters();
  for (auto& parameter : page_parameters()) parameters.push_back(std::move(parameter));
  return parameters;
}

std::string head(bool french) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kColumns{{
      {"Début", "Start"},
      {"Décroché", "Answered"},
      {"Fin", "End"},
      {"Durée (s)", "Duration (s)"},
      {"Numéro appelant", "Caller number"},
      {"Nom appelant", "Caller name"},
      {"Composé", "Dialled"},
      {"Numéro appelé", "Called number"},
      {"Nom appelé", "Called name"},
      {"Issue", "Outcome"},
      {"Cause", "Cause"},
      {"Raccroché par", "Hung up by"},
      {"Identifiant", "Id"},
  }};
  std::vector<std::string> cells;
  for (const auto& [in_french, in_english] : kColumns) cells.emplace_back(french ? in_french : in_english);
  return csv::write_row(cells);
}

std::string row_of(const store::CallRecord& r) {
  const auto seconds =
      r.answer ? fmt::to_string(std::chrono::round<std::chrono::seconds>(r.end - *r.answer).count()) : "";
  return csv::write_row({time_text(r.start), r.answer ? time_text(*r.answer) : "", time_text(r.end), seconds,
                         r.caller_number, r.caller_name, r.dialled, r.called_number, r.called_name,
                         std::string(store::name(r.disposition)), fmt::to_string(r.cause),
                         std::string(store::name(r.hung_up_by)), r.uuid});
}

/// Runs on a worker. Calls that end meanwhile move the pages: what was written is not written again.
void answer_csv(const Exchange& exchange, store::CallRecordReader& records, store::CallFilter filter) {
  std::string table = std::string(csv::kMark) + head(exchange.language == model::Language::French);
  std::unordered_set<std::int64_t> written;
  filter.limit = store::CallRecordReader::kLimitMax;
  for (; filter.offset < RecordRoutes::kExportMax; filter.offset += filter.limit) {
    const auto list = records.list(filter);
    if (!list) return exchange.refuse(storage_refusal(list.error(), exchange.language));
    for (const auto& record : *list) {
      if (written.insert(record.id).second) table += row_of(record);
    }
    if (std::ssize(*list) < filter.limit) break;
  }
  const std::string file = exchange.say("appels.csv", "calls.csv");
  exchange.document("text/csv; charset=utf-8", std::move(table),
                    {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file)}});
}

/// Runs on a worker.
void answer_list(const Exchange& exchange, store::CallRecordReader& records,
                 const store::CallFilter& filter) {
  const auto list = records.list(filter);
  if (!list) return exchange.refuse(storage_refusal(list.error(), exchange.language));
  const auto total = records.count(filter);
  if (!total) return exchange.refuse(storage_refusal(total.error(), exchange.language));
  Value::List items;
  for (const auto& record : *list) items.push_back(summary_value(record));
  exchange.json(200, page_value(std::move(items), *total));
}

void answer_one(const Exchange& exchange, store::CallRecordReader& records) {
  const std::string& wanted = exchange.captured.at(0);
  const auto id = text::parse_decimal<std::int64_t>(wanted);
  const auto record = id ? records.find(*id) : records.find_by_uuid(wanted);
  if (!record) return exchange.refuse(storage_refusal(record.error(), exchange.language));
  if (!*record) return exchange.refuse(Refusal::NotFound);
  exchange.json(200, full_value(**record, exchange.language));
}

}  // namespace

Value trace_value(const std::string& stored, model::Language language) {
  const Value trace = stored_json(stored);
  if (!trace.is_object()) return {};
  Value::List entries;
  std::vector<std::string> participants;
  if (const Value* list = trace.find("entries"); list && list->items()) {
    for (const Value& entry : *list->items()) {
      const std::string who = entry.text_at("who");
      if (!who.empty() && std::find(participants.begin(), participants.end(), who) == participants.end()) {
        participants.push_back(who);
      }
      const runtime::WallTime at{std::chrono::milliseconds(entry.integer_at("t"))};
      entries.push_back(Value::object({{"at", time_text(at)},
                                       {"kind", entry.text_at("kind")},
                                       {"who", who},
                                       {"text", model::routing::worded(entry.text_at("text"), language)}}));
    }
  }
  return Value::object({{"dropped", trace.integer_at("dropped")},
                        {"participants", Value(participants)},
                        {"entries", std::move(entries)}});
}

void RecordRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "GET",
       .path = "/call-records",
       .scope = "record:read",
       .id = "list_call_records",
       .tag = "call-records",
       .summary = {"Historique des appels, le plus récent d'abord", "Call history, newest first"},
       .parameters = list_parameters(),
       .answers = {{200, {"Appels terminés", "Calls that are over"}, "CallRecordPage"}},
       .refusals = {Refusal::BadParameter, Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { list(exchange); }});
  routes.push_back(
      {.method = "GET",
       .path = "/call-records.csv",
       .scope = "record:read",
       .id = "export_call_records",
       .tag = "call-records",
       .summary = {"Historique des appels pour un tableur (au plus 100 000 lignes)",
                   "Call history for a spreadsheet (at most 100,000 rows)"},
       .parameters = filter_parameters(),
       .answers = {{200, {"Une ligne par appel", "A row for each call"}, "Table", "text/csv; charset=utf-8"}},
       .refusals = {Refusal::BadParameter, Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { export_csv(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/call-records/{id}",
                    .scope = "record:read",
                    .id = "show_call_record",
                    .tag = "call-records",
                    .summary = {"Un appel terminé : ses branches et sa trace",
                                "One call that is over: its legs and its trace"},
                    .parameters = {{"id",
                                    "path",
                                    Value::object({{"type", "string"}}),
                                    {"Numéro ou UUID de l'appel", "The call's number or UUID"}}},
                    .answers = {{200, {"L'appel", "The call"}, "CallRecord"}},
                    .refusals = {Refusal::NotFound, Refusal::Busy, Refusal::StorageFailed},
                    .handler = [this](const ExchangePtr& exchange) { show(exchange); }});
}

void RecordRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  auto filter = read_filter(parameters, *config_.current());
  const Page page = Page::read(parameters);
  filter.limit = static_cast<int>(page.limit);
  filter.offset = static_cast<int>(page.offset);
  if (!parameters.finish()) return;
  auto work = [exchange, filter, records = records_] { answer_list(*exchange, *records, filter); };
  if (!strand_.run(std::move(work))) exchange->refuse(Refusal::Busy);
}

void RecordRoutes::export_csv(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const auto filter = read_filter(parameters, *config_.current());
  if (!parameters.finish()) return;
  auto work = [exchange, filter, records = records_] { answer_csv(*exchange, *records, filter); };
  if (!strand_.run(std::move(work))) exchange->refuse(Refusal::Busy);
}

void RecordRoutes::show(const ExchangePtr& exchange) {
  auto work = [exchange, records = records_] { answer_one(*exchange, *records); };
  if (!strand_.run(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
