#include "model/config.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/config_index.hpp"

namespace xivo::model {

namespace {

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
  if (!line.exten.empty()) by_number.add({line.context, line.exten}, &line);
  if (line.user) by_user.add(line.user.value, &line);
  if (const auto host = parse_fixed_host(line.host)) by_address.add(host->ip, &line);
}

void LineIndex::remove(const SipLine& line) {
  by_name.remove(line.name, &line);
  if (!line.exten.empty()) by_number.remove({line.context, line.exten}, &line);
  if (line.user) by_user.remove(line.user.value, &line);
  if (const auto host = parse_fixed_host(line.host)) by_address.remove(host->ip, &line);
}

void LineIndex::update(const Table<SipLine>& before, const Table<SipLine>& after) {
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    const bool gone = now == after.end() || (old != before.end() && old->first < now->first);
    const bool made = old == before.end() || (now != after.end() && now->first < old->first);
    if (!gone && !made && old->second == now->second) {
      ++old, ++now;
      continue;
    }
    if (!made) remove(*(old++)->second);
    if (!gone) add(*(now++)->second);
  }
}

Config::Config() {
  static const auto kEmptyIndex = std::make_shared<const LineIndex>();
  static const auto kNoCodes = std::make_shared<const std::vector<const FeatureCode*>>();
  line_index_ = kEmptyIndex;
  feature_codes_ = kNoCodes;
}

const SipLine* Config::line_by_name(std::string_view name) const {
  const auto& lines = line_index_->by_name.find(name);
  return lines.empty() ? nullptr : lines.front();
}

const std::vector<const SipLine*>& Config::lines_by_exten(std::string_view context,
                                                          std::string_view exten) const {
  return line_index_->by_number.find(LineIndex::NumberView{context, exten});
}

std::vector<const SipLine*> Config::lines_of(UserId user) const {
  return line_index_->by_user.find(user.value);
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

AnyTable& ConfigBuilder::edit(KindSlot slot, const std::function<std::shared_ptr<AnyTable>()>& make) {
  if (!open_.at(slot)) {
    open_[slot] = next_.tables_[slot] ? next_.tables_[slot]->clone() : make();
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

const Config& ConfigBuilder::preview() {
  index_codes();
  index_lines();
  return next_;
}

void ConfigBuilder::index_lines() {
  const KindSlot slot = kind_slot<SipLine>();
  if (next_.tables_[slot] == indexed_lines_) return;
  const auto before = std::static_pointer_cast<const TypedTable<SipLine>>(indexed_lines_);
  auto index = std::make_shared<LineIndex>(*next_.line_index_);
  index->update(before ? before->objects() : Table<SipLine>{}, next_.lines());
  next_.line_index_ = std::move(index);
  indexed_lines_ = next_.tables_[slot];
  open_[slot].reset();  // the index now speaks of this table: the next edit gets another
}

ConfigSnapshot ConfigBuilder::build() {
  preview();
  open_ = {};
  return std::make_shared<const Config>(next_);
}

}  // namespace xivo::model
