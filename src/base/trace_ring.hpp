#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xivo {

/// The last things that happened to one call: messages, decisions, state changes. Written always, read when somebody
/// asks why; costs a bounded number of bytes and no allocation per entry once it has grown to its bound.
/// Thread  the call's loop.
class TraceRing {
 public:
  enum class Kind : std::uint8_t { Received, Sent, Decision, State, Media, Bug };

  /// An entry where it stands: its texts live as long as the ring is not added to.
  struct View {
    std::int64_t wall_ms;  // since the epoch
    Kind kind;
    std::string_view who;
    std::string_view text;
  };
  struct Entry {
    std::int64_t wall_ms;  // since the epoch
    Kind kind;
    std::string who;  // the leg or peer, e.g. "101" or "102@192.0.2.7:5060"; empty for the call itself
    std::string text;  // one line, e.g. "INVITE sip:102@x (1 INVITE, sdp)"
  };

  static constexpr std::size_t kDefaultBytesMax = 8192;
  static constexpr std::size_t kTextMax = 240;

  /// Keeps at most `bytes_max` bytes, but always room for one entry of the largest size.
  explicit TraceRing(std::size_t bytes_max = kDefaultBytesMax);

  /// Adds an entry; the oldest make room. `who` and `text` are cut at kTextMax bytes, never inside a UTF-8
  /// character.
  void add(std::int64_t wall_ms, Kind kind, std::string_view who, std::string_view text);
  /// Calls take(const View&) for each entry, the oldest first.
  template <class Take>
  void each(const Take& take) const {
    for (std::size_t at = begin_; at < bytes_.size();) take(view(at));
  }
  [[nodiscard]] std::vector<Entry> entries() const;  // oldest first
  [[nodiscard]] std::uint32_t dropped() const { return dropped_; }
  /// How many bytes the entries take, with what stands around them.
  [[nodiscard]] std::size_t bytes() const { return bytes_.size() - begin_; }

 private:
  /// The entry at a place, which moves on to the next one.
  View view(std::size_t& at) const;
  void drop_oldest();

  std::size_t bytes_max_;
  std::string bytes_;  // entries back to back: 8 time, 1 kind, 1 who size, 1 text size, who, text
  std::size_t begin_ = 0;
  std::uint32_t dropped_ = 0;
};

std::string_view name(TraceRing::Kind kind);

}  // namespace xivo
