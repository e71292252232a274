#include "model/config.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/config_index.hpp"

namespace xivo::model {

namespace {

const std::vector<const SipLine*> kNoLines;

template <class Map, class Key>
const std::vector<const SipLine*>& lines_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? kNoLines : found->second;
}

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

LineIndex::LineIndex(const Table<SipLine>& lines) {
  by_name.reserve(lines.size());
  by_number.reserve(lines.size());
  by_user.reserve(lines.size());
  for (const auto& [id, line] : lines) {
    by_name.emplace(line->name, line.get());
    if (!line->exten.empty()) by_number[{line->context, line->exten}].push_back(line.get());
    if (line->user) by_user[line->user.value].push_back(line.get());
    if (line->host == "dynamic") continue;
    if (const auto host = parse_fixed_host(line->host)) by_address[host->ip].push_back(line.get());
  }
}

Config::Config() {
  static const auto kEmptyIndex = std::make_shared<const LineIndex>(Table<SipLine>{});
  static const auto kNoCodes = std::make_shared<const std::vector<FeatureCode>>();
  line_index_ = kEmptyIndex;
  feature_codes_ = kNoCodes;
}

const SipLine* Config::line_by_name(std::string_view name) const {
  const auto found = line_index_->by_name.find(name);
  return found == line_index_->by_name.end() ? nullptr : found->second;
}

const std::vector<const SipLine*>& Config::lines_by_exten(std::string_view context,
                                                          std::string_view exten) const {
  return lines_in(line_index_->by_number, LineIndex::Number{context, exten});
}

std::vector<const SipLine*> Config::lines_of(UserId user) const {
  return lines_in(line_index_->by_user, user.value);
}

const std::vector<const SipLine*>& Config::lines_at(const IpAddress& address) const {
  return lines_in(line_index_->by_address, address);
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
  for (const FeatureCode& code : *feature_codes_) {
    if (dialled == code.code) return &code;
    if (!dialled.starts_with(code.code) || !takes_argument(code.code)) continue;
    if (is_argument(dialled.substr(code.code.size()))) return &code;
  }
  return nullptr;
}

ConfigBuilder& ConfigBuilder::feature_codes(std::vector<FeatureCode> codes) {
  std::erase_if(codes, [](const FeatureCode& code) { return code.code.empty(); });
  std::stable_sort(codes.begin(), codes.end(),
                   [](const FeatureCode& a, const FeatureCode& b) { return a.code.size() > b.code.size(); });
  next_.feature_codes_ = std::make_shared<const std::vector<FeatureCode>>(std::move(codes));
  return *this;
}

ConfigBuilder& ConfigBuilder::revision(RevisionNumber revision) {
  next_.revision_ = revision;
  return *this;
}

AnyTable& ConfigBuilder::edit(KindSlot slot, const std::function<std::shared_ptr<AnyTable>()>& make) {
  if (slot == kind_slot<SipLine>()) lines_changed_ = true;
  if (!open_.at(slot)) {
    open_[slot] = next_.tables_[slot] ? next_.tables_[slot]->clone() : make();
    next_.tables_[slot] = open_[slot];
  }
  return *open_[slot];
}

const Config& ConfigBuilder::preview() {
  if (lines_changed_) next_.line_index_ = std::make_shared<const LineIndex>(next_.lines());
  lines_changed_ = false;
  return next_;
}

ConfigSnapshot ConfigBuilder::build() {
  preview();
  open_ = {};
  return std::make_shared<const Config>(next_);
}

}  // namespace xivo::model
