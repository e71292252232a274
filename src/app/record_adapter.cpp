#include "app/record_adapter.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "model/json.hpp"
#include "model/kinds/trunk.hpp"
#include "store/call_record_store.hpp"

namespace xivo::app {
namespace {

metrics::Counter records_lost("xivo_call_records_lost_total",
                              "call records dropped because the writer's queue was full");
metrics::Counter bindings_lost("xivo_bindings_unsaved_total",
                               "registrations not saved because the writer's queue was full");

metrics::Counter bans_unsaved("xivo_sip_bans_unsaved_total",
                              "changes of bans not saved because the writer's queue was full");

using model::guard::Reason;

metrics::Counter blocks_unsaved("xivo_toll_blocks_unsaved_total",
                                "changes of toll-fraud blocks not saved because the writer's queue was full");

constexpr std::string_view kUser = "user";
constexpr std::string_view kTrunk = "trunk";
constexpr std::array kReasons{Reason::Hourly, Reason::InternationalHourly, Reason::PremiumHourly};

std::string_view kind_of(TollPayer who) { return who.kind == TollPayer::Kind::User ? kUser : kTrunk; }

bool is_configured(TollPayer who, const model::Config& config) {
  return who.kind == TollPayer::Kind::User ? config.user({who.id}) != nullptr
                                           : config.find(model::TrunkId{who.id}) != nullptr;
}

constexpr std::array kTransports = {sip::Transport::Udp, sip::Transport::Tcp, sip::Transport::Tls,
                                    sip::Transport::Ws, sip::Transport::Wss};

std::optional<runtime::WallTime> if_set(runtime::WallTime at) {
  return at == runtime::WallTime{} ? std::nullopt : std::optional(at);
}

store::Disposition to_row(call::Disposition disposition) {
  switch (disposition) {
    case call::Disposition::Answered: return store::Disposition::Answered;
    case call::Disposition::NoAnswer: return store::Disposition::NoAnswer;
    case call::Disposition::Busy: return store::Disposition::Busy;
    case call::Disposition::Failed: return store::Disposition::Failed;
    case call::Disposition::Congestion: return store::Disposition::Failed;
  }
  return store::Disposition::Failed;
}

store::HungUpBy to_row(call::EndedBy by) {
  switch (by) {
    case call::EndedBy::Caller: return store::HungUpBy::Caller;
    case call::EndedBy::Called: return store::HungUpBy::Called;
    case call::EndedBy::System: return store::HungUpBy::System;
  }
  return store::HungUpBy::System;
}

/// One list a figure, which is what a chart wants and takes a quarter of the room.
std::string quality_json(const std::vector<media::QualitySample>& samples) {
  const auto list = [&](auto&& figure) {
    std::string text;
    for (const auto& sample : samples) text += fmt::format("{}{}", text.empty() ? "" : ",", figure(sample));
    return text;
  };
  return fmt::format(
      R"({{"at_s":[{}],"loss_permille":[{}],"jitter_ms":[{}],"round_trip_ms":[{}],"remote_loss_permille":[{}],"mos_hundredths":[{}]}})",
      list([](const auto& s) { return s.at_s; }), list([](const auto& s) { return s.loss_permille; }),
      list([](const auto& s) { return s.jitter_ms; }), list([](const auto& s) { return s.round_trip_ms; }),
      list([](const auto& s) { return s.remote_loss_permille; }),
      list([](const auto& s) { return s.mos_hundredths; }));
}

/// "outbound|<registration in hex>"; a row of an earlier version has nothing there.
void read_extra(std::string_view extra, endpoint::Binding& binding) {
  const auto parts = text::split(extra, '|');
  if (parts.size() != 2) return;
  binding.outbound = parts[0] == "outbound";
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), binding.registration, 16);
}

std::string statistics_json(const media::Statistics& s) {
  return fmt::format(
      R"({{"packets_received":{},"packets_sent":{},"packets_lost":{},"packets_refused":{},"jitter_us":{},)"
      R"("jitter_us_max":{},"round_trip_us":{},"remote_loss_permille":{},"mos_hundredths":{},"quality":{}}})",
      s.packets_received, s.packets_sent, s.packets_lost, s.packets_refused, s.jitter_us, s.jitter_us_max,
      s.round_trip_us, s.remote_loss_permille,
      s.mos_hundredths == 0 ? "null" : fmt::format("{}", s.mos_hundredths), quality_json(s.quality));
}

store::LegRecord to_row(const call::LegRecord& leg, int number) {
  store::LegRecord row;
  row.number = number;
  row.role = leg.incoming ? store::LegRecord::Role::Caller : store::LegRecord::Role::Called;
  row.line = leg.line;
  row.channel = leg.channel;
  row.remote = leg.remote_address;
  row.codec = leg.codec;
  row.start = leg.created;
  row.answer = if_set(leg.answered);
  row.end = leg.ended;
  row.cause = static_cast<int>(leg.ending.cause);
  row.sip_status = leg.ending.status;
  row.statistics = statistics_json(leg.statistics);
  return row;
}

}  // namespace

std::string trace_json(const TraceRing& trace) {
  // Written for every call, so straight into one text: a document of Values costs ten times as much.
  std::string text;
  text.reserve(4 * trace.bytes());  // names, quotation marks and escapes
  text += R"({"dropped":)";
  text += fmt::format_int(trace.dropped()).c_str();
  text += R"(,"entries":[)";
  trace.each([&](const TraceRing::View& entry) {
    text += text.back() == '[' ? R"({"t":)" : R"(,{"t":)";
    text += fmt::format_int(entry.wall_ms).c_str();
    text += R"(,"kind":)";
    model::append_json_text(text, name(entry.kind));
    text += R"(,"who":)";
    model::append_json_text(text, entry.who);
    text += R"(,"text":)";
    model::append_json_text(text, entry.text);
    text += '}';
  });
  text += "]}";
  return text;
}

store::CallRecord to_row(const call::CallRecord& record) {
  store::CallRecord row;
  row.uuid = record.uuid;
  row.start = record.start;
  row.answer = if_set(record.answer);
  row.end = record.end;
  row.caller_line = record.caller_line;
  row.caller_number = record.caller.number;
  row.caller_name = record.caller.name;
  row.dialled = record.dialled;
  row.called_user = record.called_user;
  row.called_number = record.called.number;
  row.called_name = record.called.name;
  row.disposition = to_row(record.disposition);
  row.cause = static_cast<int>(record.cause);
  row.hung_up_by = to_row(record.ended_by);
  row.config_revision = record.revision;
  row.trace = trace_json(record.trace);
  int number = 0;
  for (const auto& leg : record.legs) row.legs.push_back(to_row(leg, ++number));
  return row;
}

store::BindingRow to_row(const endpoint::Binding& binding) {
  store::BindingRow row;
  row.line = binding.line;
  row.key = endpoint::storage_key(binding);
  row.contact = binding.contact;
  row.flow = fmt::format("{}|{}|{}", sip::label(binding.flow.transport), binding.flow.local.to_string(),
                         binding.flow.remote.to_string());
  row.path = fmt::format("{}", fmt::join(binding.path, " "));
  row.extra = fmt::format("{}|{:x}", binding.outbound ? "outbound" : "", binding.registration);
  row.instance = binding.instance;
  row.user_agent = binding.user_agent;
  row.call_id = binding.call_id;
  row.reg_id = binding.reg_id;
  row.cseq = binding.cseq;
  row.q_milli = binding.q;
  row.registered = binding.registered;
  row.expires = binding.expires;
  return row;
}

std::optional<endpoint::Binding> to_binding(const store::BindingRow& row) {
  const auto parts = text::split(row.flow, '|');
  if (parts.size() != 3) return std::nullopt;
  endpoint::Binding binding;
  const auto* transport = std::find_if(kTransports.begin(), kTransports.end(),
                                       [&](auto each) { return sip::label(each) == parts[0]; });
  const auto local = SocketAddress::parse(parts[1]);
  const auto remote = SocketAddress::parse(parts[2]);
  if (transport == kTransports.end() || !local || !remote) return std::nullopt;
  binding.line = row.line;
  binding.contact = row.contact;
  binding.flow.transport = *transport;
  binding.flow.local = *local;
  binding.flow.remote = *remote;
  if (!row.path.empty()) {
    for (const auto hop : text::split(row.path, ' ')) binding.path.emplace_back(hop);
  }
  read_extra(row.extra, binding);
  binding.instance = row.instance;
  binding.user_agent = row.user_agent;
  binding.call_id = row.call_id;
  binding.reg_id = static_cast<std::uint32_t>(row.reg_id);
  binding.cseq = static_cast<std::uint32_t>(row.cseq);
  binding.q = static_cast<std::uint16_t>(row.q_milli);
  binding.registered = row.registered;
  binding.expires = row.expires;
  return binding;
}

store::BanRow to_row(const endpoint::Ban& ban) {
  return {ban.id,   ban.network.to_string(), std::string(name(ban.reason)), ban.detail, ban.author, ban.since,
          ban.until};
}

std::optional<endpoint::Ban> to_ban(const store::BanRow& row) {
  const auto network = IpNetwork::parse(row.network);
  const auto reason = endpoint::ban_reason_from(row.reason);
  if (!network || !reason) return std::nullopt;
  return endpoint::Ban{row.id, *network, *reason, row.detail, row.author, row.since, row.until};
}

// The row is made in the writer's thread: hanging up costs the shard one move.
void StoredRecords::on_record(call::CallRecord record) {
  auto kept = std::make_shared<const call::CallRecord>(std::move(record));
  if (writer_.write([kept](store::Database& database) { return store::insert(database, to_row(*kept)); }))
    return;
  records_lost.add();
  log::error("store", "the call {} could not be recorded: too many records wait for the disk", kept->uuid);
}

void StoredBindings::save(const endpoint::Binding& binding) {
  if (!store_.upsert(to_row(binding))) bindings_lost.add();
}

void StoredBindings::remove(model::SipLineId line, const std::string& key) {
  if (!store_.erase(line, key)) bindings_lost.add();
}

void StoredBans::save(const endpoint::Ban& ban) {
  if (!store_.upsert(to_row(ban))) bans_unsaved.add();
}

void StoredBans::remove(std::int64_t id) {
  if (!store_.erase(id)) bans_unsaved.add();
}

store::TollBlockRow to_row(TollPayer who, const TollBlock& block) {
  return {std::string(kind_of(who)),
          who.id,
          std::string(model::guard::name(block.reason)),
          block.guard.value,
          block.limit,
          block.count,
          runtime::WallTime(block.since.time_since_epoch())};
}

std::optional<std::pair<TollPayer, TollBlock>> to_toll_block(const store::TollBlockRow& row) {
  const auto* reason = std::find_if(kReasons.begin(), kReasons.end(),
                                    [&](Reason each) { return model::guard::name(each) == row.reason; });
  if (reason == kReasons.end() || (row.payer_kind != kUser && row.payer_kind != kTrunk)) return std::nullopt;
  const TollPayer who =
      row.payer_kind == kUser ? TollPayer(model::UserId{row.payer}) : TollPayer(model::TrunkId{row.payer});
  const auto since =
      std::chrono::sys_seconds(std::chrono::floor<std::chrono::seconds>(row.since.time_since_epoch()));
  return std::pair(who, TollBlock{*reason, {row.guard}, row.limit, row.count, since});
}

void StoredTollBlocks::save(TollPayer who, const TollBlock& block) {
  if (!store_.upsert(to_row(who, block))) blocks_unsaved.add();
}

void StoredTollBlocks::remove(TollPayer who) {
  if (!store_.erase(std::string(kind_of(who)), who.id)) blocks_unsaved.add();
}

void StoredTollBlocks::restore(const std::vector<store::TollBlockRow>& rows, const model::Config& config,
                               call::TollMeter& meter) {
  for (const auto& row : rows) {
    const auto block = to_toll_block(row);
    if (!block) {
      log::warning("toll", "a stored block of {} {} cannot be read", row.payer_kind, row.payer);
    } else if (is_configured(block->first, config)) {
      meter.restore(block->first, block->second);
    } else {
      remove(block->first);
    }
  }
}

}  // namespace xivo::app
