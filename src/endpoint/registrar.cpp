#include "endpoint/registrar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "endpoint/binding_table.hpp"
#include "endpoint/contact_plan.hpp"
#include "endpoint/defence/delayed_answers.hpp"
#include "endpoint/registration_extensions.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::size_t kTagSize = 10;
constexpr std::uint32_t kRetryAfterSeconds = 60;  // with 503: the table is full

metrics::Counter registrations("sip_registrations", "contacts registered now");
metrics::Counter registers_accepted("sip_registers_accepted", "REGISTER requests answered with 200");
metrics::Counter registers_refused("sip_registers_refused",
                                   "authenticated REGISTER requests that were refused");

/// "Sat, 13 Nov 2010 23:29:00 GMT"                                                   RFC 3261 §20.17
std::string sip_date(std::chrono::sys_seconds at) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::uint16_t default_port(const sip::Flow& flow) {
  return flow.transport == sip::Transport::Tls || flow.transport == sip::Transport::Wss ? 5061 : 5060;
}

/// After a restart a stream is gone. We can open another one only to a phone that listens where it came from, which its
/// Contact then says; behind NAT, and from a browser, only the phone can.
bool reachable_after_restart(const Binding& binding) {
  if (binding.flow.transport == sip::Transport::Udp) return true;
  if (binding.flow.transport == sip::Transport::Ws || binding.flow.transport == sip::Transport::Wss)
    return false;
  // Behind a proxy it is the proxy that must be reached, and a proxy listens where its Path says.
  if (!binding.path.empty()) {
    const auto hop = sip::NameAddr::parse(binding.path.front());
    return hop && IpAddress::parse(hop->uri.host).has_value();
  }
  const auto uri = sip::Uri::parse(binding.contact);
  if (!uri) return false;
  const auto ip = IpAddress::parse(uri->host);
  const auto port = uri->port != 0 ? uri->port : default_port(binding.flow);
  return ip && *ip == binding.flow.remote.ip && port == binding.flow.remote.port;
}

/// The first port that the request names on its own: Request-URI, then To.
std::uint16_t named_port(const sip::Message& request) {
  const auto uri = request.request_uri();
  if (uri && uri->port != 0) return uri->port;
  return request.to().uri.port;
}

bool is_user_of(const sip::Uri& uri, std::string_view name) {
  if (!uri.is_sip()) return false;
  return uri.user == name || (uri.user.find('%') != std::string_view::npos && uri.user_unescaped() == name);
}

std::string_view without_angles(std::string_view instance) {
  if (instance.size() >= 2 && instance.front() == '<' && instance.back() == '>')
    return instance.substr(1, instance.size() - 2);
  return instance;
}

bool may_have_bindings(const model::SipLine* line) {
  return line != nullptr && line->enabled && line->host == "dynamic";
}

/// Gives `text` the new value; no allocation when it stays the same or fits.
void take_over(std::string& text, std::string_view value) {
  if (text != value) text.assign(value);
}

}  // namespace

struct Registrar::Impl {
  /// One REGISTER on its way to its answer.
  struct Exchange {
    sip::ServerTransactionId id;
    const sip::Message& request;
    const sip::Flow& flow;
    RegistrationExtensions extensions{};
  };
  struct Reachability {
    model::SipLineId line;
    bool reachable;
  };

  Impl(Registrar& owner_, const runtime::Scheduler& scheduler_, sip::TransactionLayer& transactions_,
       Authenticator& authenticator_, FailureMemory& failures_, const model::ConfigSource& config_)
      : owner(owner_),
        scheduler(scheduler_),
        transactions(transactions_),
        authenticator(authenticator_),
        failures(failures_),
        config(config_),
        delayed(scheduler_, transactions_) {}

  void handle(const Exchange& exchange);
  void handle_authenticated(Exchange exchange, const model::SipLine& line);
  [[nodiscard]] std::optional<RegisterRefusal> may_not_register(const Exchange& exchange,
                                                                const model::SipLine& line) const;

  void commit(const Exchange& exchange, const model::SipLine& line, const ContactPlan& plan);
  void write(const Exchange& exchange, const model::SipLine& line, const ContactPlan::Write& step);
  void remove(BindingId id);
  void remove_all(const std::vector<BindingId>& ids);
  void forget_stored(model::SipLineId line, const std::string& key);
  void tell(const std::vector<Reachability>& changes) const;

  void expire();
  void arm();
  void sweep();
  void arm_sweep();
  [[nodiscard]] const std::vector<BindingId>& bindings_of(model::SipLineId line) const;

  [[nodiscard]] sip::Writer begin(const Exchange& exchange, int status) const;
  void finish(const Exchange& exchange, int status, sip::Writer& writer);
  void answer_challenge(const Exchange& exchange, const Authenticator::Challenge& challenge);
  void answer_bad_extension(const Exchange& exchange, std::string_view unsupported);
  void answer_ok(const Exchange& exchange, const model::SipLine& line);
  void add_contacts(const Exchange& exchange, const model::SipLine& line, sip::Writer& writer);
  void refuse(const Exchange& exchange, const model::SipLine& line, RegisterRefusal refusal);
  void remember(const Exchange& exchange, const model::SipLine& line, FailureReason reason,
                std::string detail);
  const std::string& date();

  [[nodiscard]] bool restorable(const Binding& binding, const model::Config& snapshot) const;
  bool restore_one(Binding binding, const model::Config& snapshot);

  Registrar& owner;
  const runtime::Scheduler scheduler;
  sip::TransactionLayer& transactions;
  Authenticator& authenticator;
  FailureMemory& failures;
  const model::ConfigSource& config;
  DelayedAnswers delayed;
  std::optional<sip::TemporaryGruus> gruus;  // made when first asked for, unless a key was given
  BindingStorage* storage = nullptr;
  Limits limits;
  BindingTable table;
  std::function<void(const std::vector<model::SipLineId>&)> contacts_changed;
  RefusalLimit log_limit;
  runtime::TimerId timer;
  runtime::Instant timer_due{};
  runtime::TimerId sweep_timer;
  model::ConfigSnapshot swept;  // the configuration that the table fits
  std::chrono::sys_seconds date_of{};
  std::string date_text;
};

// ---------------------------------------------------------------- a REGISTER, step by step        RFC 3261 §10.3

void Registrar::Impl::handle(const Exchange& exchange) {
  const auto snapshot = config.current();
  const auto verdict = authenticator.check(exchange.request, exchange.flow, *snapshot);
  if (const auto* challenge = std::get_if<Authenticator::Challenge>(&verdict)) {
    answer_challenge(exchange, *challenge);
    return;
  }
  const auto* line = snapshot->line(std::get<Authenticator::Known>(verdict).line);
  XIVO_ASSERT(line != nullptr);  // named by this very snapshot
  handle_authenticated(exchange, *line);
}

void Registrar::Impl::handle_authenticated(Exchange exchange, const model::SipLine& line) {
  auto extensions = read_extensions(exchange.request);
  if (!extensions) {
    const auto& error = extensions.error();
    if (error.unsupported.empty()) return refuse(exchange, line, error.refusal);
    return answer_bad_extension(exchange, error.unsupported);
  }
  exchange.extensions = std::move(*extensions);
  if (auto refusal = may_not_register(exchange, line)) {
    refuse(exchange, line, std::move(*refusal));
    return;
  }
  auto wanted = read_contacts(exchange.request, limits);
  if (!wanted) {
    refuse(exchange, line, wanted.error());
    return;
  }
  if (const auto settled = settle_flows(exchange.request, exchange.extensions, *wanted); !settled) {
    refuse(exchange, line, settled.error());
    return;
  }
  const auto plan = plan_contacts(table, line, exchange.request, exchange.flow, *wanted);
  if (!plan) {
    refuse(exchange, line, plan.error());
    return;
  }
  if (plan->added > 0 && table.size() + plan->added > limits.bindings_max + plan->removals.size()) {
    refuse(exchange, line,
           {503, std::nullopt, fmt::format("{} contacts are registered, no more fit", table.size())});
    return;
  }
  const bool was_reachable = !table.of_line(line.id).empty();
  commit(exchange, line, *plan);
  answer_ok(exchange, line);
  const bool is_reachable = !table.of_line(line.id).empty();
  if (was_reachable != is_reachable) tell({{line.id, is_reachable}});
}

std::optional<RegisterRefusal> Registrar::Impl::may_not_register(const Exchange& exchange,
                                                                 const model::SipLine& line) const {
  const auto& request = exchange.request;
  const auto uri = request.request_uri();
  if (!uri || !uri->is_sip()) {
    return RegisterRefusal{416, FailureReason::Malformed, "a Request-URI that is not sip: or sips:"};
  }
  if (!is_user_of(request.to().uri, line.name)) {
    return RegisterRefusal{403, FailureReason::OtherAccount,
                           fmt::format("asked to register '{}'", request.to().uri_text)};
  }
  if (line.host != "dynamic") {
    return RegisterRefusal{403, FailureReason::FixedHost,
                           fmt::format("the line has the fixed host {}", line.host)};
  }
  if (request.call_id().size() > kCallIdBytesMax) {
    return RegisterRefusal{400, FailureReason::Malformed, "a Call-ID that is too long"};
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- changes

void Registrar::Impl::commit(const Exchange& exchange, const model::SipLine& line, const ContactPlan& plan) {
  for (const auto id : plan.removals) remove(id);
  for (const auto& step : plan.writes) write(exchange, line, step);
  arm();
}

void Registrar::Impl::write(const Exchange& exchange, const model::SipLine& line,
                            const ContactPlan::Write& step) {
  const auto& wanted = *step.contact;
  const auto now = scheduler.clock.wall();
  const auto* held = table.find(step.existing);
  Binding binding = held != nullptr ? held->binding : Binding{};
  const std::string stored = held != nullptr ? storage_key(binding) : "";
  if (held == nullptr) binding.registered = now;
  // Another Call-ID is another life of the device: the temporary GRUUs of the one before end.       RFC 5627 §5.4
  if (binding.call_id != exchange.request.call_id()) binding.registration = 0;
  if (binding.registration == 0 && exchange.extensions.gruu) binding.registration = scheduler.rng.next() | 1;
  binding.line = line.id;
  take_over(binding.contact, wanted.uri_text);
  binding.flow = exchange.flow;
  take_over(binding.instance, wanted.instance);
  binding.reg_id = wanted.reg_id;
  binding.path = exchange.extensions.route;
  binding.outbound = wanted.reg_id != 0;
  const auto agent = exchange.request.header(sip::HeaderId::UserAgent).value_or(std::string_view{});
  take_over(binding.user_agent, printable(agent, kUserAgentBytesMax));
  take_over(binding.call_id, exchange.request.call_id());
  binding.cseq = exchange.request.cseq().number;
  binding.q = wanted.q;
  binding.expires = now + std::chrono::seconds(wanted.expires);
  const auto key = storage_key(binding);
  storage->save(binding);
  const auto due = scheduler.clock.now() + std::chrono::seconds(wanted.expires) + kExpiryGrace;
  if (held != nullptr) {
    table.replace(step.existing, std::move(binding), due);
  } else {
    table.add(std::move(binding), due);
    registrations.add();
  }
  if (!stored.empty() && stored != key) forget_stored(line.id, stored);
}

void Registrar::Impl::remove(BindingId id) {
  const auto removed = table.remove(id);
  if (!removed) return;
  registrations.add(-1);
  forget_stored(removed->line, storage_key(*removed));
}

/// Two devices told apart by their instance may share a contact, and with it a row: then it is the other one's from now on.
void Registrar::Impl::forget_stored(model::SipLineId line, const std::string& key) {
  for (const auto id : table.of_line(line)) {
    const auto& other = table.find(id)->binding;
    if (storage_key(other) != key) continue;
    storage->save(other);
    return;
  }
  storage->remove(line, key);
}

void Registrar::Impl::remove_all(const std::vector<BindingId>& ids) {
  std::vector<Reachability> changes;
  for (const auto id : ids) {
    const auto* held = table.find(id);
    if (held == nullptr) continue;
    const auto line = held->binding.line;
    remove(id);
    if (table.of_line(line).empty()) changes.push_back({line, false});
  }
  arm();
  tell(changes);
}

/// Last in every turn: the callee may call back.
void Registrar::Impl::tell(const std::vector<Reachability>& changes) const {
  if (!owner.on_reachability) return;
  for (const auto& change : changes) owner.on_reachability(change.line, change.reachable);
}

// ---------------------------------------------------------------- expiry: one timer for the earliest

void Registrar::Impl::expire() {
  timer = {};
  std::vector<Reachability> changes;
  const auto now = scheduler.clock.now();
  while (const auto id = table.first_due(now)) {
    const auto line = table.find(id)->binding.line;
    remove(id);
    if (table.of_line(line).empty()) changes.push_back({line, false});
  }
  arm();
  tell(changes);
}

/// The configuration changes on another thread, which need not know of us: we look. What is told to callers (bindings_of)
/// never waits for it.
void Registrar::Impl::sweep() {
  sweep_timer = {};
  const auto snapshot = config.current();
  if (snapshot != swept) {
    swept = snapshot;
    std::vector<BindingId> orphans;
    table.for_each_held([&](BindingId id, const Binding& binding) {
      if (!may_have_bindings(snapshot->line(binding.line))) orphans.push_back(id);
    });
    remove_all(orphans);
  }
  arm_sweep();
}

void Registrar::Impl::arm_sweep() {
  if (table.size() == 0) return static_cast<void>(scheduler.timers.cancel(sweep_timer));
  if (scheduler.timers.pending(sweep_timer)) return;
  sweep_timer = scheduler.timers.set(kSweepEvery, [this] { sweep(); });
}

const std::vector<BindingId>& Registrar::Impl::bindings_of(model::SipLineId line) const {
  static const std::vector<BindingId> none;
  return may_have_bindings(config.current()->line(line)) ? table.of_line(line) : none;
}

/// Ends every change of the table. A timer that is too early only finds nothing to do, so it is not moved when the earliest
/// binding is refreshed.
void Registrar::Impl::arm() {
  arm_sweep();
  if (contacts_changed) {
    if (const auto lines = table.take_changes(); !lines.empty()) contacts_changed(lines);
  }
  const auto due = table.next_due();
  const bool pending = scheduler.timers.pending(timer);
  if (!due) {
    scheduler.timers.cancel(timer);
    timer = {};
    return;
  }
  if (pending && timer_due <= *due) return;
  scheduler.timers.cancel(timer);
  timer_due = *due;
  const auto delay = std::max(*due - scheduler.clock.now(), runtime::Duration::zero());
  timer = scheduler.timers.set(delay, [this] { expire(); });
}

// ---------------------------------------------------------------- answers

sip::Writer Registrar::Impl::begin(const Exchange& exchange, int status) const {
  const sip::Source source{exchange.flow.remote.ip.to_string(), exchange.flow.remote.port};
  return sip::response_to(exchange.request, status, scheduler.rng.token(kTagSize), source);
}

void Registrar::Impl::finish(const Exchange& exchange, int status, sip::Writer& writer) {
  transactions.respond(exchange.id, status, writer.finish());
}

void Registrar::Impl::answer_challenge(const Exchange& exchange, const Authenticator::Challenge& challenge) {
  auto writer = begin(exchange, 401);
  for (const auto& value : challenge.values) writer.add(sip::HeaderId::WwwAuthenticate, value);
  delayed.answer(exchange.id, 401, writer.finish(), challenge.delay, exchange.flow.remote.ip);
}

/// RFC 3261 §8.2.2.3
void Registrar::Impl::answer_bad_extension(const Exchange& exchange, std::string_view unsupported) {
  registers_refused.add();
  auto writer = begin(exchange, 420);
  writer.add_untrusted(sip::HeaderId::Unsupported, unsupported);
  finish(exchange, 420, writer);
}

void Registrar::Impl::add_contacts(const Exchange& exchange, const model::SipLine& line,
                                   sip::Writer& writer) {
  if (exchange.extensions.gruu && !gruus) gruus.emplace(sip::TemporaryGruus::new_key(scheduler.rng));
  const auto now = scheduler.clock.now();
  const auto& to = exchange.request.to().uri;
  const auto domain = to.port == 0 ? std::string(to.host) : fmt::format("{}:{}", to.host, to.port);
  std::string value;
  for (const auto id : table.of_line(line.id)) {
    const auto& held = *table.find(id);
    const auto& binding = held.binding;
    const auto left = std::chrono::ceil<std::chrono::seconds>(held.due - now) - kExpiryGrace;
    value.clear();
    const auto out = std::back_inserter(value);
    fmt::format_to(out, "<{}>;expires={}", binding.contact, std::max<std::int64_t>(left.count(), 0));
    if (binding.q != 1000) fmt::format_to(out, ";q=0.{:03}", binding.q);
    if (!binding.instance.empty()) fmt::format_to(out, ";+sip.instance=\"{}\"", binding.instance);
    if (binding.reg_id != 0) fmt::format_to(out, ";reg-id={}", binding.reg_id);
    if (exchange.extensions.gruu && !binding.instance.empty()) {
      const sip::TemporaryName name{line.id.value, binding.registration};
      fmt::format_to(out, ";pub-gruu=\"{}\";temp-gruu=\"sip:{}@{};gr\"",
                     sip::public_gruu(line.name, domain, binding.instance), gruus->seal(name, scheduler.rng),
                     domain);
    }
    writer.add_untrusted(sip::HeaderId::Contact, value);
  }
}

void Registrar::Impl::answer_ok(const Exchange& exchange, const model::SipLine& line) {
  registers_accepted.add();
  auto writer = begin(exchange, 200);
  add_contacts(exchange, line, writer);
  const auto& extensions = exchange.extensions;
  writer.add(sip::HeaderId::Supported, RegistrationExtensions::kSupported);
  if (extensions.outbound) {  // RFC 5626 §6, §5.4
    writer.add(sip::HeaderId::Require, "outbound")
        .add(sip::HeaderId::FlowTimer, std::uint64_t{limits.flow_timer});
  }
  for (const auto& hop : extensions.route) writer.add_untrusted(sip::HeaderId::Path, hop);  // RFC 3327 §5.3
  writer.add(sip::HeaderId::Date, date());
  finish(exchange, 200, writer);

  failures.forget(line.name, exchange.flow.remote.ip);
  // It got here and is served, so somebody forwards that port or the phone is set up wrong: worth knowing, not refusing.
  if (const auto port = named_port(exchange.request); port != 0 && port != exchange.flow.local.port) {
    remember(exchange, line, FailureReason::WrongPort,
             fmt::format("the request names port {} and came in on {}", port, exchange.flow.local.port));
  }
}

/// Only who authenticated gets here.
void Registrar::Impl::refuse(const Exchange& exchange, const model::SipLine& line, RegisterRefusal refusal) {
  registers_refused.add();
  auto writer = begin(exchange, refusal.status);
  if (refusal.status == 423) writer.add(sip::HeaderId::MinExpires, std::uint64_t{refusal.min_expires});
  if (refusal.status == 503) writer.add(sip::HeaderId::RetryAfter, std::uint64_t{kRetryAfterSeconds});
  finish(exchange, refusal.status, writer);
  if (log_limit.admit(exchange.flow.remote.ip, scheduler.clock.now())) {
    log::notice("sip", "Registration attempt from endpoint '{}' ({}) refused with {}: {}", line.name,
                exchange.flow.remote.to_string(), refusal.status,
                printable(refusal.detail, FailureMemory::kDetailBytesMax));
  }
  if (refusal.reason) remember(exchange, line, *refusal.reason, std::move(refusal.detail));
}

void Registrar::Impl::remember(const Exchange& exchange, const model::SipLine& line, FailureReason reason,
                               std::string detail) {
  Failure failure = failure_of(exchange.request, exchange.flow, scheduler.clock.wall());
  failure.account = line.name;
  failure.reason = reason;
  failure.detail = std::move(detail);
  failures.remember(std::move(failure));
}

const std::string& Registrar::Impl::date() {
  const auto second = std::chrono::floor<std::chrono::seconds>(scheduler.clock.wall());
  if (date_text.empty() || second != date_of) {
    date_of = second;
    date_text = sip_date(second);
  }
  return date_text;
}

// ---------------------------------------------------------------- after a restart

bool Registrar::Impl::restorable(const Binding& binding, const model::Config& snapshot) const {
  const auto* line = snapshot.line(binding.line);
  return may_have_bindings(line) && binding.expires > scheduler.clock.wall() &&
         reachable_after_restart(binding);
}

/// True when this made the line reachable. What a phone registered since the start is newer than what was stored.
bool Registrar::Impl::restore_one(Binding binding, const model::Config& snapshot) {
  if (table.size() >= limits.bindings_max || !restorable(binding, snapshot)) {
    storage->remove(binding.line, storage_key(binding));
    return false;
  }
  for (const auto id : table.of_line(binding.line)) {
    if (storage_key(table.find(id)->binding) == storage_key(binding)) return false;
  }
  binding.flow.connection = 0;  // of the last run
  const auto left = std::min<runtime::Duration>(binding.expires - scheduler.clock.wall(),
                                                std::chrono::seconds(limits.expires_max));
  const auto line = binding.line;
  authenticator.ledger().succeeded(snapshot.line(line)->name, binding.flow.remote.ip);  // it was proven then
  table.add(std::move(binding), scheduler.clock.now() + left + kExpiryGrace);
  registrations.add();
  return table.of_line(line).size() == 1;
}

// ---------------------------------------------------------------- Registrar

std::string storage_key(const Binding& binding) {
  if (binding.reg_id == 0) return binding.contact;
  return fmt::format("{} {} {}", binding.contact, binding.instance, binding.reg_id);
}

Registrar::Registrar(const runtime::Scheduler& scheduler, sip::TransactionLayer& transactions,
                     Authenticator& authenticator, FailureMemory& failures, const model::ConfigSource& config,
                     BindingStorage& storage)
    : impl_(std::make_unique<Impl>(*this, scheduler, transactions, authenticator, failures, config)) {
  impl_->storage = &storage;
}

Registrar::~Registrar() {
  impl_->scheduler.timers.cancel(impl_->timer);
  impl_->scheduler.timers.cancel(impl_->sweep_timer);
  registrations.add(-static_cast<std::int64_t>(impl_->table.size()));
}

void Registrar::set_limits(const Limits& limits) {
  impl_->limits = limits;
  impl_->limits.expires_max = std::max(limits.expires_max, limits.expires_min);
  impl_->limits.expires_default =
      std::clamp(limits.expires_default, impl_->limits.expires_min, impl_->limits.expires_max);
}

void Registrar::watch_contacts(std::function<void(const std::vector<model::SipLineId>&)> changed) {
  impl_->contacts_changed = std::move(changed);
  impl_->table.note_changes();
}

void Registrar::on_register(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  impl_->handle({id, request, flow});
}

void Registrar::restore(std::vector<Binding> bindings) {
  const auto snapshot = impl_->config.current();
  std::vector<Impl::Reachability> changes;
  for (auto& binding : bindings) {
    const auto line = binding.line;
    if (impl_->restore_one(std::move(binding), *snapshot)) changes.push_back({line, true});
  }
  impl_->arm();
  impl_->tell(changes);
}

void Registrar::on_flow_failed(const sip::Flow& flow) {
  if (sip::is_reliable(flow.transport)) impl_->remove_all(impl_->table.of_connection(flow));
}

void Registrar::on_flow_silent(model::SipLineId line, const sip::Flow& flow) {
  std::vector<BindingId> silent;
  for (const auto id : impl_->table.of_line(line)) {
    const auto& binding = impl_->table.find(id)->binding;
    if (binding.outbound && binding.flow == flow) silent.push_back(id);
  }
  impl_->remove_all(silent);
}

void Registrar::use_gruu_key(const sip::TemporaryGruus::Key& key) { impl_->gruus.emplace(key); }

bool Registrar::is_of(const Binding& binding, std::string_view instance) {
  return !instance.empty() && without_angles(binding.instance) == instance;
}

std::optional<Registrar::Device> Registrar::device_of(const sip::Uri& uri,
                                                      const ContactSource& contacts) const {
  auto instance = sip::gruu_instance(uri);
  if (!instance) return std::nullopt;
  const auto snapshot = impl_->config.current();
  if (!instance->empty()) {
    const auto* line = snapshot->line_by_name(uri.user_unescaped());
    if (!may_have_bindings(line)) return std::nullopt;
    return Device{line->id, std::move(*instance)};
  }
  const auto name = impl_->gruus ? impl_->gruus->open(uri.user) : std::nullopt;
  if (!name) return std::nullopt;
  const model::SipLineId line{name->line};
  for (const auto* binding : contacts.contacts(line)) {
    if (binding->registration == name->registration)
      return Device{line, std::string(without_angles(binding->instance))};
  }
  return std::nullopt;
}

std::vector<const Binding*> Registrar::contacts(model::SipLineId line) const {
  std::vector<const HeldBinding*> held;
  for (const auto id : impl_->bindings_of(line)) held.push_back(impl_->table.find(id));
  std::sort(held.begin(), held.end(), [](const HeldBinding* a, const HeldBinding* b) {
    return a->binding.q != b->binding.q ? a->binding.q > b->binding.q : a->order > b->order;
  });
  std::vector<const Binding*> contacts;
  contacts.reserve(held.size());
  for (const auto* one : held) contacts.push_back(&one->binding);
  return contacts;
}

int Registrar::contact_count(model::SipLineId line) const {
  return static_cast<int>(impl_->bindings_of(line).size());
}

void Registrar::for_each(const std::function<void(const Binding&)>& visit) const {
  impl_->table.for_each(visit);
}

std::size_t Registrar::size() const { return impl_->table.size(); }

}  // namespace xivo::endpoint
