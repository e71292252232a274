#include "model/config.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include "base/text.hpp"
#include "model/call_rules.hpp"
#include "model/config_index.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model {

namespace {

const PersistentTable kNoObjects;

bool is_argument(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return text::is_digit(c) || c == '*' || c == '#'; });
}

bool takes_argument(std::string_view code) { return code.front() == '*' || code.front() == '#'; }

}  // namespace

std::optional<FixedHost> parse_fixed_host(std::string_view host) {
  if (const auto ip = IpAddress::parse(host)) return FixedHost{*ip, 0};
  if (const auto address = SocketAddress::parse(host); address && address->port != 0) {
    return FixedHost{address->ip, address->port};
  }
  return std::nullopt;
}

std::optional<NamedHost> parse_named_host(std::string_view host) {
  if (host == "dynamic" || parse_fixed_host(host)) return std::nullopt;
  const auto colon = host.find(':');
  NamedHost named{host.substr(0, colon), 0};
  if (colon != std::string_view::npos) {
    const auto port = text::parse_decimal<std::uint16_t>(host.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;
    named.port = *port;
  }
  std::string_view last;
  for (const auto label : text::split(named.name, '.')) {
    constexpr std::size_t kLabelMax = 63;  // RFC 1035 §2.3.4
    const bool fits =
        !label.empty() && label.size() <= kLabelMax && label.front() != '-' && label.back() != '-';
    const auto good = [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; };
    if (!fits || !std::all_of(label.begin(), label.end(), good)) return std::nullopt;
    last = label;
  }
  // "1.2.3" is an address that somebody mistyped, and a word alone was to be "dynamic".
  if (last.size() == named.name.size() || text::is_digit(last.front())) return std::nullopt;
  return named;
}

void LineIndex::add(const SipLine& line) {
  by_name.add(line.name, &line);
  if (line.user) by_user.add(line.user.value, &line);
  if (const auto host = parse_fixed_host(line.host)) by_address.add(host->ip, &line);
}

void LineIndex::remove(const SipLine& line) {
  by_name.remove(line.name, &line);
  if (line.user) by_user.remove(line.user.value, &line);
  if (const auto host = parse_fixed_host(line.host)) by_address.remove(host->ip, &line);
}

void ExtensionIndex::add(const Extension& extension) {
  by_number.add({extension.context.value, extension.exten}, &extension);
  if (numbering::is_pattern(extension.exten)) {
    const auto after = std::find_if(patterns.begin(), patterns.end(),
                                    [&](const Extension* other) { return other->id > extension.id; });
    patterns.insert(after, &extension);
    by_pattern.reset();
    return;
  }
  if (const auto* to = extension.destination.as<ToUser>()) by_user.add(to->user.value, &extension);
  if (const auto* to = extension.destination.as<ToLine>()) by_line.add(to->line.value, &extension);
}

void ExtensionIndex::remove(const Extension& extension) {
  by_number.remove({extension.context.value, extension.exten}, &extension);
  if (numbering::is_pattern(extension.exten)) {
    std::erase(patterns, &extension);
    by_pattern.reset();
    return;
  }
  if (const auto* to = extension.destination.as<ToUser>()) by_user.remove(to->user.value, &extension);
  if (const auto* to = extension.destination.as<ToLine>()) by_line.remove(to->line.value, &extension);
}

Config::Config() {
  static const auto kEmptyIndex = std::make_shared<const LineIndex>();
  static const auto kNoCodes = std::make_shared<const std::vector<const FeatureCode*>>();
  static const auto kNoNumbers = [] {
    auto none = std::make_shared<ExtensionIndex>();
    none->by_pattern = std::make_shared<const routing::ExtensionPatterns>();
    return std::shared_ptr<const ExtensionIndex>(std::move(none));
  }();
  static const auto kNoWaysOut = std::make_shared<const routing::OutgoingIndex>();
  static const auto kNoWaysIn = std::make_shared<const routing::IncomingIndex>();
  static const auto kNoRules = std::make_shared<const CallRules>();
  call_rules_ = kNoRules;
  line_index_ = kEmptyIndex;
  extension_index_ = kNoNumbers;
  feature_codes_ = kNoCodes;
  outgoing_ = kNoWaysOut;
  incoming_ = kNoWaysIn;
}

const PersistentTable& Config::objects(KindSlot slot) const {
  const AnyTable* table = tables_.at(slot).get();
  return table == nullptr ? kNoObjects : table->objects();
}

const void* Config::find(KindSlot slot, std::int64_t id) const {
  const AnyTable* table = tables_.at(slot).get();
  return table == nullptr ? nullptr : table->find(id);
}

RevisionNumber Config::revision_of(KindSlot slot, std::int64_t id) const {
  const AnyTable* table = tables_.at(slot).get();
  return table == nullptr ? 0 : table->revision_of(id);
}

const routing::ExtensionPatterns& Config::extension_patterns() const { return *extension_index_->by_pattern; }

const SipLine* Config::line_by_name(std::string_view name) const {
  const auto& lines = line_index_->by_name.find(name);
  return lines.empty() ? nullptr : lines.front();
}

std::vector<const SipLine*> Config::lines_of(UserId user) const {
  auto lines = line_index_->by_user.find(user.value);
  std::sort(lines.begin(), lines.end(), [](const SipLine* a, const SipLine* b) {
    return std::tie(a->position, a->id) < std::tie(b->position, b->id);
  });
  return lines;
}

const Context* Config::context_by_name(std::string_view name) const {
  for (const auto& [id, context] : objects<Context>()) {  // a company has few
    if (context->name == name) return context.get();
  }
  return nullptr;
}

const Extension* Config::extension(ContextId context, std::string_view exten) const {
  const auto& found = extension_index_->by_number.find(ExtensionIndex::NumberView{context.value, exten});
  return found.empty() ? nullptr : found.front();
}

const Extension* Config::preferred(const std::vector<const Extension*>& all, ContextId home) const {
  const Extension* internal = nullptr;
  for (const Extension* extension : all) {
    if (extension->context == home) return extension;
    const Context* of = context(extension->context);
    if (internal == nullptr && of != nullptr && of->type == "internal") internal = extension;
  }
  if (internal != nullptr) return internal;
  return all.empty() ? nullptr : all.front();
}

std::string Config::number_of(const SipLine& line) const {
  const Extension* own = preferred(extension_index_->by_line.find(line.id.value), line.context);
  if (own == nullptr && line.user)
    own = preferred(extension_index_->by_user.find(line.user.value), line.context);
  return own == nullptr ? std::string() : own->exten;
}

std::string Config::number_of(const User& user) const {
  const auto lines = lines_of(user.id);
  if (!lines.empty()) return number_of(*lines.front());
  const Extension* own = preferred(extension_index_->by_user.find(user.id.value), {});
  return own == nullptr ? std::string() : own->exten;
}

const std::vector<const SipLine*>& Config::lines_at(const IpAddress& address) const {
  return line_index_->by_address.find(address);
}

const SipLine* Config::line_by_address(const SocketAddress& source) const {
  const SipLine* any_port = nullptr;
  for (const SipLine* line : lines_at(source.ip)) {
    const std::uint16_t port = parse_fixed_host(line->host)->port;
    if (port == source.port && port != 0) return line;
    if (port == 0 && any_port == nullptr) any_port = line;
  }
  return any_port;
}

const FeatureCode* Config::feature_code(std::string_view dialled) const {
  for (const FeatureCode* code : *feature_codes_) {
    if (dialled == code->code) return code;
    if (!dialled.starts_with(code->code) || !takes_argument(code->code)) continue;
    if (is_argument(dialled.substr(code->code.size()))) return code;
  }
  return nullptr;
}

ConfigBuilder& ConfigBuilder::revision(RevisionNumber revision) {
  next_.revision_ = revision;
  return *this;
}

AnyTable& ConfigBuilder::edit(KindSlot slot) {
  if (!open_.at(slot)) {
    const auto& now = next_.tables_[slot];
    open_[slot] = now ? std::make_shared<AnyTable>(*now) : std::make_shared<AnyTable>();
    next_.tables_[slot] = open_[slot];
  }
  return *open_[slot];
}

void ConfigBuilder::index_codes() {
  const KindSlot slot = kind_slot<FeatureCode>();
  if (next_.tables_[slot] == indexed_codes_) return;
  std::vector<const FeatureCode*> codes;
  for (const auto& [id, code] : next_.objects<FeatureCode>()) {
    if (code->enabled && !code->code.empty()) codes.push_back(code.get());
  }
  std::sort(codes.begin(), codes.end(), [](const FeatureCode* a, const FeatureCode* b) {
    return a->code.size() != b->code.size() ? a->code.size() > b->code.size() : a->code < b->code;
  });
  next_.feature_codes_ = std::make_shared<const std::vector<const FeatureCode*>>(std::move(codes));
  indexed_codes_ = next_.tables_[slot];
  open_[slot].reset();
}

ConfigBuilder::RuleTables ConfigBuilder::rule_tables() const {
  const auto at = [this](KindSlot slot) -> std::shared_ptr<const AnyTable> { return next_.tables_[slot]; };
  return {at(kind_slot<Schedule>()), at(kind_slot<CallPermission>()), at(kind_slot<TollGuard>()),
          at(kind_slot<General>())};
}

void ConfigBuilder::index_rules() {
  const RuleTables now = rule_tables();
  if (now == indexed_rules_) return;
  next_.call_rules_ = CallRules::of(next_);
  indexed_rules_ = now;
  for (const KindSlot slot :
       {kind_slot<Schedule>(), kind_slot<CallPermission>(), kind_slot<TollGuard>(), kind_slot<General>()})
    open_[slot].reset();
}

template <class Kind, class Index>
void ConfigBuilder::index(std::shared_ptr<const AnyTable>& indexed, std::shared_ptr<const Index>& kept) {
  const KindSlot slot = kind_slot<Kind>();
  if (next_.tables_[slot] == indexed) return;
  const Table<Kind> before(indexed ? indexed->objects() : kNoObjects);
  auto next = std::make_shared<Index>(*kept);
  follow(*next, before, next_.objects<Kind>());
  if constexpr (std::is_same_v<Index, ExtensionIndex>) {
    if (!next->by_pattern)
      next->by_pattern = std::make_shared<const routing::ExtensionPatterns>(next->patterns);
  }
  kept = std::move(next);
  indexed = next_.tables_[slot];
  open_[slot].reset();  // the index now speaks of this table: the next edit gets another
}

template <class Kind, class Index>
void ConfigBuilder::make_index(std::shared_ptr<const AnyTable>& indexed, std::shared_ptr<const Index>& kept) {
  const KindSlot slot = kind_slot<Kind>();
  if (next_.tables_[slot] == indexed) return;
  kept = std::make_shared<const Index>(next_.objects<Kind>());
  indexed = next_.tables_[slot];
  open_[slot].reset();
}

const Config& ConfigBuilder::preview() {
  index<SipLine>(indexed_lines_, next_.line_index_);
  index<Extension>(indexed_extensions_, next_.extension_index_);
  index_codes();
  make_index<OutgoingRoute>(indexed_outgoing_, next_.outgoing_);
  make_index<IncomingRoute>(indexed_incoming_, next_.incoming_);
  index_rules();
  return next_;
}

ConfigSnapshot ConfigBuilder::build() {
  preview();
  open_ = {};
  return std::make_shared<const Config>(next_);
}

}  // namespace xivo::model
