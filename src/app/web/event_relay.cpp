#include "app/web/event_relay.hpp"

#include <utility>
#include <vector>

#include "api/live/live_values.hpp"
#include "api/schedules/toll_routes.hpp"
#include "app/web/live_copies.hpp"
#include "base/log.hpp"
#include "model/history/revision_message.hpp"

namespace xivo::app {
namespace {

using model::Value;

constexpr std::size_t kDeparturesMax = 100'000;
constexpr std::size_t kNamedObjectsMax = 100;  // of one revision

/// Empty: not told.
std::string_view type_of(call::Event::Kind kind) {
  switch (kind) {
    case call::Event::Kind::CallStarted: return "started";
    case call::Event::Kind::Dialled: return "dialled";
    case call::Event::Kind::Ringing: return "ringing";
    case call::Event::Kind::Progress: return {};
    case call::Event::Kind::Answered: return "answered";
    case call::Event::Kind::FeatureRuns: return "feature";
    case call::Event::Kind::Held: return "held";
    case call::Event::Kind::Resumed: return "resumed";
    case call::Event::Kind::LegEnded: return "left";
    case call::Event::Kind::CallEnded: return "ended";
  }
  return {};
}

Value revision_value(const model::Applied& applied, model::Language language) {
  Value::List objects;
  for (const auto& change : applied.changes) {
    if (objects.size() == kNamedObjectsMax) break;
    objects.push_back(Value::object(
        {{"kind", change.kind}, {"id", change.id}, {"op", model::name(change.op)}, {"name", change.name}}));
  }
  return Value::object({{"revision", applied.revision},
                        {"author", applied.author},
                        {"message", model::worded_message(applied.message, language)},
                        {"changes", static_cast<std::int64_t>(applied.changes.size())},
                        {"objects", std::move(objects)}});
}

}  // namespace

struct EventRelay::State {
  /// How many failures a shard may still tell within this second.
  struct Budget {
    runtime::Instant second{};
    unsigned told = 0;
  };

  explicit State(const Parts& p) : parts(p), budgets(p.shards.size()) {}

  /// From any thread: `make` makes the event's data on the web loop.
  void tell(api::Topic topic, std::string_view type, std::function<Value()> make) {
    post([this, topic, type, make = std::move(make)] { parts.events.publish(topic, type, make()); });
  }
  void tell_worded(api::Topic topic, std::string_view type, api::EventStream::InLanguage make) {
    post([this, topic, type, make = std::move(make)] { parts.events.publish_worded(topic, type, make); });
  }
  void post(runtime::Task publish) {
    const bool taken = parts.web_loop.post([this, publish = std::move(publish)]() mutable {
      if (lost.exchange(false)) parts.events.interrupt();
      publish();
    });
    if (!taken) lost = true;
  }

  void on_call(Shard& shard, const call::Event& event) {
    if (!parts.events.is_watched()) return;
    const auto type = type_of(event.kind);
    const auto* call = type.empty() ? nullptr : shard.calls().call(event.call);
    if (call == nullptr) return;
    const bool over = event.kind == call::Event::Kind::CallEnded;
    tell(api::Topic::Call, type, [copy = copy_of(*call, shard.calls()), event, over] {
      Value value = api::to_value(copy);
      if (over) value.set("state", "ended");
      value.set(over ? "disposition" : "channel", over ? event.detail : event.channel);
      return value;
    });
  }

  void on_contacts(const std::vector<model::SipLineId>& lines) {
    const auto& registrar = parts.shards.shard(0).user_agent().registrar();
    for (const auto line : lines) {
      if (registrar.contact_count(line) > 0) {
        parts.departures->erase(line.value);
      } else if (parts.departures->size() < kDeparturesMax) {
        (*parts.departures)[line.value] = clock.wall();
      }
    }
    if (!parts.events.is_watched()) return;
    const auto config = parts.config.current();
    for (const auto line : lines) {
      std::vector<api::Registration> contacts;
      for (const auto* binding : registrar.contacts(line)) contacts.push_back(copy_of(*binding, *config));
      const auto* known = config->line(line);
      const std::string name = known == nullptr ? std::string() : known->name;
      tell(api::Topic::Registration, contacts.empty() ? "unregistered" : "registered",
           [line, name, contacts] {
             Value::List items;
             for (const auto& contact : contacts) items.push_back(api::to_value(contact));
             return Value::object(
                 {{"line_id", line.value}, {"line", name}, {"registrations", std::move(items)}});
           });
    }
  }

  void on_failure(std::size_t number, const endpoint::Failure& failure) {
    if (!parts.events.is_watched()) return;
    Budget& budget = budgets[number];  // each shard has its own
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
    if (std::exchange(budget.second, now) != now) budget.told = 0;
    if (++budget.told > kFailuresASecondMax) return;
    tell_worded(api::Topic::Registration, "failed", [copy = copy_of(failure)](model::Language language) {
      return api::to_value(copy, language);
    });
  }

  /// Told even while nobody watches: the program's log has it.
  void on_tripped(call::TollMeter::Payer who, const call::TollMeter::Block& block) {
    call::TollMeter::Account account{who, 0, 0, 0, 0, block};
    const auto config = parts.config.current();
    const Value value = api::to_value(copy_of(account), *config, model::Language::English);
    log::warning("guard", "{} {} \"{}\": {}", value.text_at("kind"), who.id, value.text_at("label"),
                 value.find("blocked")->text_at("sentence"));
    if (!parts.events.is_watched()) return;
    tell_worded(api::Topic::Guard, "tripped", [copy = copy_of(account), config](model::Language language) {
      return api::to_value(copy, *config, language);
    });
  }

  const Parts parts;
  const runtime::SystemClock clock;
  std::vector<Budget> budgets;
  std::atomic<bool> lost{false};
};

EventRelay::EventRelay(const Parts& parts) : state_(std::make_shared<State>(parts)) {
  State* state = state_.get();  // outlives the shards' threads
  for (std::size_t i = 0; i < parts.shards.size(); ++i) {
    Shard& shard = parts.shards.shard(i);
    shard.calls().events().subscribe(
        [state, &shard](const call::Event& event) { state->on_call(shard, event); });
    shard.user_agent().failures().on_remember = [state, i](const endpoint::Failure& failure) {
      state->on_failure(i, failure);
    };
  }
  parts.shards.toll().watch([state](call::TollMeter::Payer who, const call::TollMeter::Block& block) {
    state->on_tripped(who, block);
  });
  parts.shards.watch_contacts(
      [state](const std::vector<model::SipLineId>& lines) { state->on_contacts(lines); });
  parts.writer.on_published([weak = std::weak_ptr(state_),
                             &loop = parts.web_loop](const model::Applied& applied) {
    loop.post([weak, french = revision_value(applied, model::Language::French),
               english = revision_value(applied, model::Language::English)] {
      const auto alive = weak.lock();
      if (!alive) return;
      alive->parts.events.publish_worded(
          api::Topic::Configuration, "revision",
          [&](model::Language language) { return language == model::Language::French ? french : english; });
    });
  });
}

EventRelay::~EventRelay() = default;

}  // namespace xivo::app
