#include "endpoint/defence/failure_memory.hpp"

#include <algorithm>
#include <array>

namespace xivo::endpoint {
namespace {

/// Whoever holds an IPv6 address holds the /64 around it, so that is what one scanner is.
IpAddress network_of(const IpAddress& address) {
  if (address.is_v4()) return address;
  auto bytes = address.bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return IpAddress::v6(bytes);
}

bool hinders_proof(FailureReason reason) {
  switch (reason) {
    case FailureReason::UnknownUser:
    case FailureReason::WrongSecret:
    case FailureReason::WrongRealm:
    case FailureReason::WrongTransport:
    case FailureReason::Disabled:
    case FailureReason::StaleNonce:
    case FailureReason::ReplayedNonce:
    case FailureReason::LockedOut: return true;
    case FailureReason::WrongPort:
    case FailureReason::TooManyContacts:
    case FailureReason::FixedHost:
    case FailureReason::Malformed:
    case FailureReason::IntervalTooBrief:
    case FailureReason::OtherAccount: return false;
  }
  return false;
}

/// The length of the well-formed UTF-8 character at the front of `text`, 0 when there is none.     RFC 3629 §4
std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t size = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    size = 3;
    if (lead == 0xe0) low = 0xa0;  // overlong
    if (lead == 0xed) high = 0x9f;  // surrogates
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  }
  if (size == 0 || text.size() < size || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return size;
}

/// C0 and C1 controls and DEL: what a terminal or a log reader might obey.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string_view name(FailureReason reason) {
  switch (reason) {
    case FailureReason::UnknownUser: return "unknown_user";
    case FailureReason::WrongSecret: return "wrong_secret";
    case FailureReason::WrongRealm: return "wrong_realm";
    case FailureReason::WrongTransport: return "wrong_transport";
    case FailureReason::WrongPort: return "wrong_port";
    case FailureReason::TooManyContacts: return "too_many_contacts";
    case FailureReason::Disabled: return "disabled";
    case FailureReason::FixedHost: return "fixed_host";
    case FailureReason::StaleNonce: return "stale_nonce";
    case FailureReason::ReplayedNonce: return "replayed_nonce";
    case FailureReason::Malformed: return "malformed";
    case FailureReason::IntervalTooBrief: return "interval_too_brief";
    case FailureReason::OtherAccount: return "other_account";
    case FailureReason::LockedOut: return "locked_out";
  }
  return "?";
}

std::string printable(std::string_view text, std::size_t bytes_max) {
  std::string out;
  out.reserve(std::min(text.size(), bytes_max));
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    const std::string_view character = size == 0 ? std::string_view("?") : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
    if (is_control(character)) continue;
    if (out.size() + character.size() > bytes_max) break;
    out += character;
  }
  return out;
}

Failure failure_of(const sip::Message& request, const sip::Flow& flow, runtime::WallTime now) {
  Failure failure;
  failure.source = flow.remote;
  failure.transport = flow.transport;
  failure.method = request.method_text();
  failure.user_agent = request.header(sip::HeaderId::UserAgent).value_or(std::string_view{});
  failure.first = now;
  failure.last = now;
  return failure;
}

void FailureMemory::remember(Failure failure) {
  failure.account = printable(failure.account, kAccountBytesMax);
  failure.method = printable(failure.method, kMethodBytesMax);
  failure.user_agent = printable(failure.user_agent, kUserAgentBytesMax);
  failure.detail = printable(failure.detail, kDetailBytesMax);

  auto& positions = by_network_[network_of(failure.source.ip)];
  const auto same = std::find_if(positions.begin(), positions.end(), [&](Position p) {
    return p->reason == failure.reason && p->source.ip == failure.source.ip && p->account == failure.account;
  });
  if (same != positions.end()) {
    const Position position = *same;
    failure.first = position->first;
    failure.count = position->count + std::min(failure.count, UINT32_MAX - position->count);
    *position = std::move(failure);
    failures_.splice(failures_.begin(), failures_, position);
    std::rotate(same, same + 1, positions.end());
    if (on_remember) on_remember(failures_.front());
    return;
  }
  failures_.push_front(std::move(failure));
  positions.push_back(failures_.begin());
  if (on_remember) on_remember(failures_.front());
  if (positions.size() > kPerAddressMax) {
    drop(positions.front());
  } else if (failures_.size() > kFailuresMax) {
    drop(std::prev(failures_.end()));
  }
}

void FailureMemory::drop(Position position) {
  const auto network = by_network_.find(network_of(position->source.ip));
  auto& positions = network->second;
  positions.erase(std::find(positions.begin(), positions.end(), position));
  if (positions.empty()) by_network_.erase(network);
  failures_.erase(position);
}

template <class Condition>
void FailureMemory::forget_if(const IpAddress& source, Condition condition) {
  const auto network = by_network_.find(network_of(source));
  if (network == by_network_.end()) return;
  auto& positions = network->second;
  std::erase_if(positions, [&](Position position) {
    if (position->source.ip != source || !condition(*position)) return false;
    failures_.erase(position);
    return true;
  });
  if (positions.empty()) by_network_.erase(network);
}

void FailureMemory::forget(std::string_view account, const IpAddress& source) {
  forget_if(source, [account = printable(account, kAccountBytesMax)](const Failure& failure) {
    return failure.account == account;
  });
  if (on_forget) on_forget(account, source);
}

void FailureMemory::forget_credentials(std::string_view account, const IpAddress& source) {
  forget_if(source, [account = printable(account, kAccountBytesMax)](const Failure& failure) {
    return failure.account == account && hinders_proof(failure.reason);
  });
}

std::vector<Failure> FailureMemory::all() const { return {failures_.begin(), failures_.end()}; }

std::vector<Failure> FailureMemory::of_account(std::string_view account) const {
  std::vector<Failure> found;
  const std::string wanted = printable(account, kAccountBytesMax);
  std::copy_if(failures_.begin(), failures_.end(), std::back_inserter(found),
               [&](const Failure& failure) { return failure.account == wanted; });
  return found;
}

std::vector<Failure> FailureMemory::of_address(const IpAddress& source) const {
  std::vector<Failure> found;
  const auto network = by_network_.find(network_of(source));
  if (network == by_network_.end()) return found;
  for (auto position = network->second.rbegin(); position != network->second.rend(); ++position) {
    if ((*position)->source.ip == source) found.push_back(**position);
  }
  return found;
}

bool RefusalLimit::admit(const IpAddress& source, runtime::Instant now) {
  if (now - window_start_ >= kWindow) {
    window_start_ = now;
    lines_ = 0;
    lines_by_source_.clear();
  }
  if (lines_ < kLinesMax && lines_by_source_[source] < kPerSourceMax) {
    ++lines_by_source_[source];
    ++lines_;
    return true;
  }
  ++suppressed_;
  return false;
}

}  // namespace xivo::endpoint
