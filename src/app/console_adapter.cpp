#include "app/console_adapter.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "app/engine_view.hpp"
#include "app/version.hpp"
#include "base/log.hpp"
#include "call/call_registry.hpp"
#include "model/guard/guard.hpp"
#include "model/json.hpp"
#include "model/kinds/trunk.hpp"
#include "model/routing/trace_text.hpp"

namespace xivo::app {
namespace {

std::string host_name() {
  char name[256] = "xivo";
  gethostname(name, sizeof name - 1);
  const std::string full = name;
  return full.substr(0, full.find('.'));
}

TraceRing::Kind kind_from(std::string_view text) {
  using Kind = TraceRing::Kind;
  for (const auto kind : {Kind::Received, Kind::Sent, Kind::Decision, Kind::State, Kind::Media}) {
    if (name(kind) == text) return kind;
  }
  return Kind::Bug;
}

void word(console::TraceListing& listing, console::Language language) {
  const auto of_reader =
      language == console::Language::French ? model::Language::French : model::Language::English;
  for (auto& entry : listing.entries) entry.text = model::routing::worded(entry.text, of_reader);
}

/// With its decisions as they are kept.
console::TraceListing listing_of(const store::CallRecord& record) {
  console::TraceListing listing;
  listing.call = record.uuid;
  listing.title = fmt::format("{} -> {}, {}", record.caller_number, record.dialled, name(record.disposition));
  if (record.answer) {
    const auto talked = std::chrono::duration_cast<std::chrono::seconds>(record.end - *record.answer);
    listing.title += fmt::format(", {} s", talked.count());
  }
  const auto trace = model::parse_json(record.trace);
  if (!trace) return listing;
  listing.dropped = static_cast<std::uint32_t>(trace->integer_at("dropped"));
  const auto* entries = trace->find("entries");
  if (entries == nullptr || entries->items() == nullptr) return listing;
  for (const auto& entry : *entries->items()) {
    listing.entries.push_back({entry.integer_at("t"), kind_from(entry.text_at("kind")), entry.text_at("who"),
                               entry.text_at("text")});
  }
  return listing;
}

console::CallSummary summary_of(const store::CallRecord& record) {
  console::CallSummary summary;
  summary.id = record.uuid;
  summary.started = record.start;
  summary.answered = record.answer;
  summary.ended = record.end;
  summary.from_name = record.caller_name;
  summary.from_number = record.caller_number;
  summary.dialled = record.dialled;
  if (record.answer) summary.reached = record.called_name.empty() ? record.called_number : record.called_name;
  summary.outcome = name(record.disposition);
  summary.reason = call::describe(static_cast<call::Cause>(record.cause));
  return summary;
}

std::string_view words(endpoint::BanReason reason) {
  switch (reason) {
    case endpoint::BanReason::WrongSecrets: return "too many wrong secrets";
    case endpoint::BanReason::UnknownUsers: return "too many unknown users";
    case endpoint::BanReason::Scanning: return "asks and never authenticates";
    case endpoint::BanReason::Malformed: return "floods with what is no SIP";
    case endpoint::BanReason::Manual: break;
  }
  return "by hand";
}

console::Ban to_console(const endpoint::Ban& ban) {
  return {
      ban.id,   ban.network.to_string(), std::string(words(ban.reason)), ban.detail, ban.author, ban.since,
      ban.until};
}

}  // namespace

ConsoleAdapter::ConsoleAdapter(Parts parts) : parts_(std::move(parts)), started_(parts_.web.clock().wall()) {}

console::Version ConsoleAdapter::version() const {
  utsname system{};
  uname(&system);
  console::Version info;
  info.version = kVersion;
  info.host = host_name();
  info.built_by = XIVO_BUILT_BY;
  info.built_on = XIVO_BUILT_ON;
  info.machine = system.machine;
  info.system = system.sysname;
  info.build_date = XIVO_BUILD_DATE;
  info.process = getpid();
  return info;
}

void ConsoleAdapter::snapshot(std::function<void(console::EngineSnapshot)> done) {
  auto maker = std::make_shared<SnapshotMaker>();
  const auto visit = [maker](Shard& shard) {
    maker->visit(shard);
    return true;
  };
  parts_.shards.ask(visit, [this, maker, done = std::move(done)] {
    auto copy = std::make_shared<console::EngineSnapshot>(
        maker->finish(parts_.shards.shard(0), *parts_.config.current()));
    copy->taken = parts_.web.clock().wall();
    copy->started = started_;
    reader_.submit([this, copy, done] {
      const auto newest = parts_.history.revision(copy->revision.number);
      if (newest && *newest) {
        copy->revision.published = (*newest)->wall;
        copy->revision.author = (*newest)->author;
        copy->revision.summary = (*newest)->message;
      }
      parts_.web.post([copy, done] { done(std::move(*copy)); });
    });
  });
}

namespace {

/// Ends the calls of that channel, or every call; the number of channels that it hit.
std::size_t hang_up_in(Shard& shard, const std::optional<std::string>& channel) {
  auto& calls = shard.calls();
  std::vector<std::string> wanted;
  std::size_t channels = 0;
  calls.for_each([&](const call::Call& call) {
    bool named = !channel;
    for (const auto id : call.legs()) {
      const auto* leg = calls.leg(id);
      if (leg == nullptr || leg->state() == call::LegState::Ended) continue;
      if (!channel) ++channels;
      if (channel && leg->channel() == *channel) named = ++channels > 0;
    }
    if (named) wanted.push_back(call.uuid());
  });
  for (const auto& uuid : wanted) calls.hang_up(uuid, call::Cause::NormalClearing);
  return channels;
}

}  // namespace

void ConsoleAdapter::hang_up(std::optional<std::string> channel, std::function<void(std::size_t)> done) {
  auto channels = std::make_shared<std::size_t>(0);
  parts_.shards.ask(
      [channels, channel = std::move(channel)](Shard& shard) {
        *channels += hang_up_in(shard, channel);
        return !channel || *channels == 0;
      },
      [this, channels, done = std::move(done)] { parts_.web.post([channels, done] { done(*channels); }); });
}

void ConsoleAdapter::trace(std::string call, console::Language language,
                           std::function<void(std::optional<console::TraceListing>)> given) {
  auto done = [language, given = std::move(given)](std::optional<console::TraceListing> listing) {
    if (listing) word(*listing, language);
    given(std::move(listing));
  };
  auto found = std::make_shared<std::optional<console::TraceListing>>();
  parts_.shards.ask(
      [found, call](Shard& shard) {
        *found = live_trace(shard, call);
        return !*found;
      },
      [this, found, call, done] {
        if (!*found) return stored_trace(call, done);
        parts_.web.post([found, done] { done(std::move(*found)); });
      });
}

void ConsoleAdapter::stored_trace(std::string call,
                                  std::function<void(std::optional<console::TraceListing>)> done) {
  reader_.submit([this, call = std::move(call), done = std::move(done)] {
    const auto found = parts_.records.find_by_uuid(call);
    std::optional<console::TraceListing> listing;
    if (found && *found) listing = listing_of(**found);
    auto kept = std::make_shared<std::optional<console::TraceListing>>(std::move(listing));
    parts_.web.post([kept, done] { done(std::move(*kept)); });
  });
}

void ConsoleAdapter::last_calls(std::size_t count,
                                std::function<void(std::vector<console::CallSummary>)> done) {
  auto calls = std::make_shared<std::vector<console::CallSummary>>();
  const auto visit = [calls](Shard& shard) {
    add_live_calls(shard, *calls);
    return true;
  };
  parts_.shards.ask(visit, [this, count, calls, done = std::move(done)] {
    std::sort(calls->begin(), calls->end(),
              [](const auto& a, const auto& b) { return a.started > b.started; });
    reader_.submit([this, count, calls, done] {
      store::CallFilter filter;
      filter.limit = static_cast<int>(std::min<std::size_t>(count, store::CallRecordReader::kLimitMax));
      if (const auto records = parts_.records.list(filter)) {
        for (const auto& record : *records) calls->push_back(summary_of(record));
      }
      if (calls->size() > count) calls->resize(count);
      parts_.web.post([calls, done] { done(std::move(*calls)); });
    });
  });
}

void ConsoleAdapter::bans(std::function<void(console::BanListing)> done) {
  console::BanListing listing;
  listing.taken = parts_.web.clock().wall();
  const auto current = parts_.shards.ban_board().current();
  for (const auto& ban : current->all()) listing.bans.push_back(to_console(ban));
  done(std::move(listing));
}

void ConsoleAdapter::add_ban(IpNetwork network, std::string detail, std::string author,
                             std::function<void(std::optional<console::Ban>)> done) {
  parts_.shards.post(0, [this, network, detail = std::move(detail), author = std::move(author),
                         done = std::move(done)] {
    const auto made = parts_.shards.bans().add({network, endpoint::BanReason::Manual, detail, author, {}});
    auto shown = made ? std::optional(to_console(*made)) : std::nullopt;
    parts_.web.post([done, shown = std::move(shown)] { done(shown); });
  });
}

void ConsoleAdapter::release_bans(IpNetwork network, std::string author,
                                  std::function<void(std::vector<console::Ban>)> done) {
  parts_.shards.post(0, [this, network, author = std::move(author), done = std::move(done)] {
    std::vector<console::Ban> released;
    for (const auto& ban : parts_.shards.bans().release(network, author)) released.push_back(to_console(ban));
    parts_.web.post([done, released = std::move(released)] { done(released); });
  });
}

std::vector<console::TollAccount> ConsoleAdapter::toll_accounts() {
  std::vector<console::TollAccount> all;
  const auto config = parts_.config.current();
  const auto now = std::chrono::floor<std::chrono::seconds>(parts_.web.clock().wall());
  parts_.shards.toll().for_each(now, [&](const call::TollMeter::Account& each) {
    console::TollAccount shown;
    shown.is_trunk = each.payer.kind == call::TollMeter::Payer::Kind::Trunk;
    shown.id = each.payer.id;
    if (const auto* user = shown.is_trunk ? nullptr : config->user({shown.id}))
      shown.label = user->full_name();
    if (const auto* trunk = shown.is_trunk ? config->find(model::TrunkId{shown.id}) : nullptr)
      shown.label = trunk->title();
    shown.in_progress = each.in_progress;
    shown.hour = each.hour;
    shown.international_hour = each.international_hour;
    shown.premium_hour = each.premium_hour;
    if (each.block) {
      shown.since = each.block->since;
      shown.blocked = model::guard::describe(
          *config, {false, each.block->reason, each.block->guard, each.block->limit, each.block->count},
          model::Language::English);
    }
    all.push_back(std::move(shown));
  });
  std::partition(all.begin(), all.end(), [](const auto& each) { return !each.blocked.empty(); });
  return all;
}

bool ConsoleAdapter::release_toll(bool is_trunk, std::int64_t id, const std::string& author) {
  const bool released = is_trunk ? parts_.shards.toll().release(model::TrunkId{id})
                                 : parts_.shards.toll().release(model::UserId{id});
  if (released)
    log::notice("security", "{} releases {} {} from the toll-fraud guard", author,
                is_trunk ? "trunk" : "user", id);
  return released;
}

void ConsoleAdapter::set_core_debug(int level) {
  log::set_level(level > 0 ? log::Level::Debug : log::Level::Notice);
}

// The wording that admins search for in Asterisk's verbose output.
VerboseLine verbose_line(const call::Event& event) {
  using Kind = call::Event::Kind;
  switch (event.kind) {
    case Kind::CallStarted:
      return {3, fmt::format("    -- Executing [{}] Dial(\"{}\") in new stack", event.detail, event.channel)};
    case Kind::Dialled: return {3, fmt::format("    -- Called {}", event.channel)};
    case Kind::Ringing: return {3, fmt::format("    -- {} is ringing", event.channel)};
    case Kind::Progress: return {3, fmt::format("    -- {} is making progress", event.channel)};
    case Kind::Answered: return {3, fmt::format("    -- {} answered {}", event.channel, event.detail)};
    case Kind::FeatureRuns: return {3, fmt::format("    -- {} runs {}", event.channel, event.detail)};
    case Kind::Held: return {3, fmt::format("    -- {} holds the call", event.channel)};
    case Kind::Resumed: return {3, fmt::format("    -- {} takes the call back", event.channel)};
    case Kind::LegEnded: return {3, fmt::format("    -- {} ended: {}", event.channel, event.detail)};
    case Kind::CallEnded: return {3, fmt::format("  == Call ended: {}", event.detail)};
  }
  return {9, {}};
}

}  // namespace xivo::app
