#include "base/trace_ring.hpp"

#include <algorithm>
#include <cstring>

namespace xivo {
namespace {
constexpr std::size_t kHeader = 11;
constexpr std::size_t kBytesUsual = 2048;  // what an ordinary call fills

std::size_t entry_size(const char* at) {
  return kHeader + static_cast<unsigned char>(at[9]) + static_cast<unsigned char>(at[10]);
}

std::string_view cut(std::string_view text) {
  if (text.size() <= TraceRing::kTextMax) return text;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  auto end = TraceRing::kTextMax;
  while (end > TraceRing::kTextMax - 3 && continues(end))
    --end;  // a UTF-8 character has at most three of these
  return text.substr(0, end);
}
}  // namespace

TraceRing::TraceRing(std::size_t bytes_max) : bytes_max_(std::max(bytes_max, kHeader + 2 * kTextMax)) {}

void TraceRing::add(std::int64_t wall_ms, Kind kind, std::string_view who, std::string_view text) {
  who = cut(who);
  text = cut(text);
  const std::size_t size = kHeader + who.size() + text.size();
  while (bytes_.size() - begin_ + size > bytes_max_ && begin_ < bytes_.size()) drop_oldest();
  // Move the live part down before the string would grow past the bound.
  if (bytes_.size() + size > bytes_max_) {
    bytes_.erase(0, begin_);
    begin_ = 0;
  }
  char header[kHeader];
  std::memcpy(header, &wall_ms, 8);
  header[8] = static_cast<char>(kind);
  header[9] = static_cast<char>(who.size());
  header[10] = static_cast<char>(text.size());
  if (bytes_.capacity() < kBytesUsual) bytes_.reserve(std::min(bytes_max_, kBytesUsual));
  bytes_.append(header, kHeader).append(who).append(text);
}

void TraceRing::drop_oldest() {
  begin_ += entry_size(bytes_.data() + begin_);
  ++dropped_;
}

TraceRing::View TraceRing::view(std::size_t& at) const {
  const char* p = bytes_.data() + at;
  const auto who_size = static_cast<unsigned char>(p[9]);
  const auto text_size = static_cast<unsigned char>(p[10]);
  View found{0, static_cast<Kind>(p[8]), {p + kHeader, who_size}, {p + kHeader + who_size, text_size}};
  std::memcpy(&found.wall_ms, p, 8);
  at += entry_size(p);
  return found;
}

std::vector<TraceRing::Entry> TraceRing::entries() const {
  std::vector<Entry> all;
  each([&](const View& entry) {
    all.push_back({entry.wall_ms, entry.kind, std::string(entry.who), std::string(entry.text)});
  });
  return all;
}

std::string_view name(TraceRing::Kind kind) {
  switch (kind) {
    case TraceRing::Kind::Received: return "received";
    case TraceRing::Kind::Sent: return "sent";
    case TraceRing::Kind::Decision: return "decision";
    case TraceRing::Kind::State: return "state";
    case TraceRing::Kind::Media: return "media";
    case TraceRing::Kind::Bug: return "bug";
  }
  return "?";
}

}  // namespace xivo
