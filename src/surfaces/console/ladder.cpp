#include "console/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "console/columns.hpp"

namespace xivo::console {
namespace {

using Kind = TraceRing::Kind;

constexpr std::size_t kTimeWidth = 10;   // "+12345.678"
constexpr std::size_t kFirstLane = 14;   // column of the leftmost lane
constexpr std::size_t kLastMargin = 8;   // right of the rightmost lane, for half of its name
constexpr std::size_t kGapMax = 40;
constexpr std::size_t kNoteWidthMin = 36;
constexpr std::string_view kOthers = "others";
constexpr std::string_view kOurselves = "xivo";

bool is_message(Kind kind) { return kind == Kind::Received || kind == Kind::Sent; }

char mark(Kind kind) {
  switch (kind) {
    case Kind::Decision: return '*';
    case Kind::State: return '=';
    case Kind::Media: return '~';
    case Kind::Bug: return '!';
    default: return ' ';
  }
}

/// A line of text that is written to at columns. Holds one string a column, so that characters of several bytes and
/// of two columns stay whole.
class Canvas {
 public:
  void put(std::size_t column, std::string_view text) {
    const auto clean = printable(text);
    std::string_view rest = clean;
    while (!rest.empty()) {
      std::size_t size = 1;
      while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0) == 0x80) ++size;
      const auto character = rest.substr(0, size);
      const auto width = display_width(character);
      rest.remove_prefix(size);
      if (width == 0) {
        if (column > 0 && column <= cells_.size()) cells_[column - 1] += character;
        continue;
      }
      if (cells_.size() < column + width) cells_.resize(column + width, " ");
      cells_[column] = character;
      if (width == 2) cells_[column + 1].clear();
      column += width;
    }
  }

  [[nodiscard]] std::string line() const {
    std::string text;
    for (const auto& one : cells_) text += one;
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  }

 private:
  std::vector<std::string> cells_;
};

class Ladder {
 public:
  Ladder(const TraceListing& trace, std::size_t width)
      : trace_(trace), width_(std::max(width, kLadderWidthMin)) {
    find_parties();
    place_lanes();
  }

  std::string draw() {
    text_ = headline();
    add_names();
    for (const auto& entry : trace_.entries) {
      if (is_message(entry.kind)) {
        add_arrow(entry);
      } else {
        add_note(entry);
      }
    }
    return text_ + legend();
  }

 private:
  void find_parties() {
    for (const auto& entry : trace_.entries) {
      if (!is_message(entry.kind)) continue;
      if (std::find(parties_.begin(), parties_.end(), entry.who) == parties_.end())
        parties_.push_back(entry.who);
    }
    if (parties_.size() + 1 > kLadderLanesMax) {
      parties_.resize(kLadderLanesMax - 2);
      crowded_ = true;
    }
    names_ = parties_;
    if (crowded_) names_.emplace_back(kOthers);
    our_lane_ = names_.empty() ? 0 : 1;
    names_.insert(names_.begin() + static_cast<std::ptrdiff_t>(our_lane_), std::string(kOurselves));
  }

  void place_lanes() {
    const auto gaps = names_.size() - 1;
    const auto gap = gaps == 0 ? 0 : std::min(kGapMax, (width_ - kFirstLane - kLastMargin) / gaps);
    for (std::size_t lane = 0; lane < names_.size(); ++lane) lanes_.push_back(kFirstLane + lane * gap);
    gap_ = gap;
  }

  [[nodiscard]] std::size_t lane_of(std::string_view who) const {
    const auto found = std::find(parties_.begin(), parties_.end(), who);
    if (found == parties_.end()) return names_.size() - 1;
    const auto place = static_cast<std::size_t>(found - parties_.begin());
    return place < our_lane_ ? place : place + 1;
  }

  [[nodiscard]] std::string headline() const {
    auto line = fmt::format("Call {}", printable(trace_.call));
    if (!trace_.title.empty()) line += ": " + printable(trace_.title);
    line += "\n";
    if (!trace_.entries.empty()) {
      const auto first = trace_.entries.front().wall_ms;
      line += fmt::format("Begins {}.{:03}\n", date_time(WallTime(std::chrono::milliseconds(first))),
                          first % 1000);
    }
    if (trace_.dropped > 0) {
      line += fmt::format("{} older {} no longer remembered.\n", trace_.dropped,
                          trace_.dropped == 1 ? "entry is" : "entries are");
    }
    return line + "\n";
  }

  /// Two lines: the part before '@' and, where there is one, the rest; centred on the lanes.
  void add_names() {
    Canvas first;
    Canvas second;
    first.put(kTimeWidth - 4, "time");
    bool two_lines = false;
    for (std::size_t lane = 0; lane < names_.size(); ++lane) {
      const std::string_view name = names_[lane];
      const auto at = name.find('@');
      put_centred(first, lane, name.substr(0, at));
      if (at == std::string_view::npos) continue;
      put_centred(second, lane, name.substr(at + 1));
      two_lines = true;
    }
    text_ += first.line();
    if (two_lines) text_ += second.line();
  }

  void put_centred(Canvas& canvas, std::size_t lane, std::string_view name) const {
    const auto room = gap_ > 2 ? gap_ - 2 : kGapMax;
    const auto shown = cut(name, room);
    const auto half = display_width(shown) / 2;
    const auto leftmost = lane == 0 ? kTimeWidth + 2 : lanes_[lane - 1] + gap_ / 2 + 1;
    canvas.put(std::max(lanes_[lane] - std::min(lanes_[lane], half), leftmost), shown);
  }

  [[nodiscard]] Canvas begun(const TraceRing::Entry& entry) const {
    const auto passed = entry.wall_ms - trace_.entries.front().wall_ms;
    Canvas canvas;
    canvas.put(0, right(fmt::format("{:+.3f}", static_cast<double>(passed) / 1000.0), kTimeWidth));
    return canvas;
  }

  void put_lanes(Canvas& canvas, std::size_t end) const {
    for (const auto column : lanes_) {
      if (column < end) canvas.put(column, "|");
    }
  }

  void add_arrow(const TraceRing::Entry& entry) {
    auto canvas = begun(entry);
    put_lanes(canvas, width_);
    const auto lane = lane_of(entry.who);
    const bool shared = crowded_ && lane == names_.size() - 1;
    const auto begin = std::min(lanes_[lane], lanes_[our_lane_]) + 1;
    const auto end = std::max(lanes_[lane], lanes_[our_lane_]);
    const bool rightwards = (entry.kind == Kind::Received) == (lane < our_lane_);
    std::string shaft(end - begin, '-');
    (rightwards ? shaft.back() : shaft.front()) = rightwards ? '>' : '<';
    canvas.put(begin, shaft);
    const auto text = shared ? entry.who + ": " + entry.text : entry.text;
    const auto room = end - begin - 6;
    auto label = printable(text);
    if (display_width(label) > room) label = cut(label, room - 2) + "..";
    canvas.put(begin + 2 + (rightwards ? 0 : 1), " " + label + " ");
    text_ += canvas.line();
  }

  /// Notes begin on our lane, or further left where too little room would be right of it, and continue below.
  void add_note(const TraceRing::Entry& entry) {
    auto column = lanes_[our_lane_];
    if (width_ < column + kNoteWidthMin) column = lanes_.front();
    const auto room = width_ - column - 2;
    auto text = printable(entry.who.empty() ? entry.text : entry.who + ": " + entry.text);
    auto canvas = begun(entry);
    bool first = true;
    do {
      const auto part = take_line(text, room);
      put_lanes(canvas, first ? column : column + 1);
      if (first) canvas.put(column, std::string(1, mark(entry.kind)));
      canvas.put(column + 2, part);
      put_lanes_after(canvas, column + 3 + display_width(part));
      text_ += canvas.line();
      canvas = Canvas();
      first = false;
    } while (!text.empty());
  }

  void put_lanes_after(Canvas& canvas, std::size_t column) const {
    for (const auto lane : lanes_) {
      if (lane >= column) canvas.put(lane, "|");
    }
  }

  /// Takes what fits into `room` columns off the front of `text`, at a blank where there is one.
  static std::string take_line(std::string& text, std::size_t room) {
    auto line = cut(text, room);
    if (line.size() < text.size()) {
      const auto blank = line.rfind(' ');
      if (blank != std::string::npos && blank > line.size() / 2) line.resize(blank);
    }
    text.erase(0, line.size());
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return line;
  }

  [[nodiscard]] std::string legend() const {
    if (trace_.entries.empty()) return "Nothing is remembered of this call.\n";
    return "\n* decision   = state   ~ media   ! fault of ours\n";
  }

  const TraceListing& trace_;
  std::size_t width_;
  std::vector<std::string> parties_;
  std::vector<std::string> names_;  // one a lane
  std::vector<std::size_t> lanes_;  // their columns
  std::size_t our_lane_ = 0;
  std::size_t gap_ = 0;
  bool crowded_ = false;
  std::string text_;
};

}  // namespace

std::string ladder(const TraceListing& trace, std::size_t width) { return Ladder(trace, width).draw(); }

}  // namespace xivo::console
