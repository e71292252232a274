#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"

namespace xivo::flow {

World::World(std::uint64_t seed, unsigned shards)
    : rng_(seed),
      network_(scheduler_, seed + 1),
      server_{*IpAddress::parse("192.0.2.1"), 5060},
      shards_(shards),
      config_(app::feature_codes()) {
  model::Transaction contexts;
  contexts.changes.push_back(
      {"context", model::Change::Op::Create, 0, model::Value::object({{"name", "default"}}), {}});
  apply(std::move(contexts));
  for (unsigned i = 0; i < shards_; ++i) wires_.push_back(std::make_unique<SimWire>(network_, server_));
  start();
}

World::~World() {
  phones_.clear();
  team_.reset();
  media_.reset();
}

void World::start() {
  media::InlineEngine::Options sounds;
  sounds.pretend_sound_length = std::chrono::seconds(5);  // whatever is installed
  sounds.silence = silence_;
  media_ = std::make_unique<media::InlineEngine>(
      scheduler_,
      [this](const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
        network_.send(from, to, bytes);
      },
      sounds);
  const auto desk = [this](model::Transaction transaction, const std::function<void(bool)>& done) {
    done(apply(std::move(transaction)));
    return true;
  };
  app::ShardTeam::Parts parts{{}, config_, records_, bindings_, &stored_bans_, desk};
  for (auto& wire : wires_) {
    parts.seats.push_back({scheduler_, *wire, *media_,
                           [this](runtime::Task task) {
                             scheduler_.defer(std::move(task));
                             return true;
                           },
                           &dns_});
  }
  options_.calls.census.reset();
  team_ = std::make_unique<app::ShardTeam>(std::move(parts), options_);
  for (const auto& [who, block] : toll_blocks_.kept) team_->toll().restore(who, block);
  team_->toll().keep_in(toll_blocks_);
  network_.attach(server_.ip, [this](const SocketAddress& from, const SocketAddress& to, std::string bytes) {
    if (to.port != server_.port) return static_cast<void>(media_->deliver(to, from, bytes));
    sip::Flow flow;
    flow.local = to;
    flow.remote = from;
    const auto receiver = std::hash<SocketAddress>{}(from) % shards_;
    team_->wire_user(receiver).on_message(flow, bytes.data(), bytes.size());
  });
}

void World::restart() {
  network_.detach(server_.ip);
  team_.reset();
  media_.reset();
  start();
  std::vector<endpoint::Binding> stored;
  for (const auto& [key, binding] : bindings_.kept) stored.push_back(binding);
  team_->restore(std::move(stored));
  std::vector<endpoint::Ban> stored_bans;
  for (const auto& [id, ban] : stored_bans_.kept) stored_bans.push_back(ban);
  team_->restore_bans(std::move(stored_bans));
}

IpAddress World::next_ip() { return IpAddress::v4(0xc0000200u + 10 + hosts_++); }

bool World::apply(model::Transaction transaction) {
  const auto applied = model::apply(*config_.current(), transaction, {clock_.wall(), rng_.next()});
  if (!applied) return false;
  config_.publish(applied->config);
  return true;
}

SimPhone& World::add_phone(const std::string& name, const std::string& number) {
  using model::Change;
  using model::Value;
  const auto secret = rng_.token(12);
  std::string title = name;
  title[0] = static_cast<char>(title[0] - 'a' + 'A');
  model::Transaction transaction;
  transaction.author = "test";
  transaction.changes.push_back({"user", Change::Op::Create, -1, Value::object({{"firstname", title}})});
  transaction.changes.push_back(
      {"line", Change::Op::Create, 0,
       Value::object({{"name", number}, {"secret", secret}, {"user", -1}, {"context", "default"}})});
  transaction.changes.push_back(
      {"extension", Change::Op::Create, 0,
       Value::object({{"exten", number},
                      {"context", "default"},
                      {"destination", Value::object({{"type", "user"}, {"user", -1}})}})});
  apply(std::move(transaction));
  numbers_[name] = number;
  auto made = std::make_unique<SimPhone>(scheduler_, network_, next_ip(), server_,
                                         SimPhone::Account{number, number, secret},
                                         static_cast<char>('A' + static_cast<char>(phones_.size())));
  return *(phones_[name] = std::move(made));
}

SimPhone& World::add_second_phone(const std::string& name, const std::string& owner) {
  const auto& account = phones_.at(owner)->account();
  numbers_[name] = account.number;
  auto made = std::make_unique<SimPhone>(scheduler_, network_, next_ip(), server_, account,
                                         static_cast<char>('A' + static_cast<char>(phones_.size())));
  return *(phones_[name] = std::move(made));
}

SimPhone* World::phone(const std::string& name) const {
  const auto found = phones_.find(name);
  return found == phones_.end() ? nullptr : found->second.get();
}

/// Gives a line a number of its own.
bool World::give_number(const model::SipLine& line, const std::string& number) {
  using model::Value;
  model::Transaction transaction;
  transaction.author = "test";
  transaction.changes.push_back(
      {"extension",
       model::Change::Op::Create,
       0,
       Value::object({{"exten", number},
                      {"context", "default"},
                      {"destination", Value::object({{"type", "line"}, {"line", line.id.value}})}}),
       {}});
  return apply(std::move(transaction));
}

bool World::create(const std::string& kind, std::string fields) {
  std::replace(fields.begin(), fields.end(), '\'', '"');
  for (const auto& [name, phone] : phones_) {
    for (auto at = fields.find("$" + name); at != std::string::npos; at = fields.find("$" + name))
      fields.replace(at, name.size() + 1, phone->ip().to_string());
  }
  auto value = model::parse_json(fields);
  if (!value) return false;
  model::Transaction transaction;
  transaction.author = "test";
  transaction.changes.push_back({kind, model::Change::Op::Create, 0, std::move(*value), {}});
  return apply(std::move(transaction));
}

/// A word of a flow as a field of that type takes it. Of destinations "hangup" or the number of an extension; lists with '+'.
model::Value World::typed_as(model::FieldType type, const std::string& word) const {
  using model::FieldType;
  using model::Value;
  switch (type) {
    case FieldType::Integer: return Value(text::parse_decimal<std::int64_t>(word).value_or(-1));
    case FieldType::Boolean: return Value(word == "yes");
    case FieldType::TextList: {
      auto list = Value::list();
      for (const auto item : text::split(word, '+')) list.push(Value(item));
      return list;
    }
    case FieldType::Destination: {
      if (word == "hangup") return Value::object({{"type", "hangup"}, {"cause", "busy"}});
      return Value::object({{"type", "extension"}, {"exten", word}, {"context", "default"}});
    }
    default: return Value(word);
  }
}

std::string World::shown(const std::string& name, const std::string& field) const {
  const auto config = config_.current();
  const auto* line = config->line_by_name(numbers_.at(name));
  const auto* kind = model::find_kind("user");
  const auto value = kind->to_value(config->user(line->user), model::Secrets::Hidden);
  const auto* found = value.find(field);
  if (found == nullptr) return "?";
  return found->text() != nullptr ? *found->text() : model::to_json(*found);
}

bool World::configure(const std::string& name, const std::string& field, const std::string& value) {
  using model::Value;
  const auto config = config_.current();
  const auto* line = config->line_by_name(numbers_.at(name));
  const bool of_line = field == "transport" || field == "max_contacts" || field == "codecs" ||
                       field == "host" || field == "encryption" || field == "dtmf_mode" ||
                       field == "line_enabled";
  if (field == "exten") return give_number(*line, value);
  const auto* kind = model::find_kind(of_line ? "line" : "user");
  const std::string member = field == "line_enabled" ? "enabled" : field;
  const auto* declared = kind->field(member);
  if (declared == nullptr) return false;
  model::Transaction transaction;
  transaction.author = "test";
  transaction.changes.push_back({of_line ? "line" : "user", model::Change::Op::Update,
                                 of_line ? line->id.value : line->user.value,
                                 Value::object({{member, typed_as(declared->type, value)}})});
  return apply(std::move(transaction));
}

std::size_t World::active_calls() const {
  std::size_t active = 0;
  for (unsigned i = 0; i < shards_; ++i) active += team_->shard(i).calls().active_calls();
  return active;
}

std::size_t World::processed_calls() const {
  std::size_t processed = 0;
  for (unsigned i = 0; i < shards_; ++i) processed += team_->shard(i).calls().processed();
  return processed;
}

void World::hang_up_all() {
  for (unsigned i = 0; i < shards_; ++i) team_->shard(i).calls().hang_up_all(call::Cause::NormalClearing);
}

std::string World::left() const {
  std::string left;
  const auto check = [&](std::string_view what, std::size_t count) {
    if (count != 0) left += fmt::format("{} {} ", count, what);
  };
  for (unsigned i = 0; i < shards_; ++i) {
    auto& shard = team_->shard(i);
    check("calls", shard.calls().call_count());
    check("legs", shard.calls().leg_count());
    check("names of calls", shard.calls().name_count());
    check("server transactions", shard.user_agent().transactions().server_count());
    check("client transactions", shard.user_agent().transactions().client_count());
    check("subscriptions", shard.user_agent().notifier().size());
  }
  check("media sessions", media_->open_count());
  return left;
}

void World::run_for(runtime::Duration duration) {
  const auto end = clock_.now() + duration;
  while (clock_.now() < end) {
    const auto next = timers_.next_deadline();
    const auto target = next ? std::min(std::max(*next, clock_.now()), end) : end;
    clock_.advance(target - clock_.now());
    timers_.run_due();
    if (target == end) break;
  }
}

}  // namespace xivo::flow
