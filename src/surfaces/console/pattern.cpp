#include "console/pattern.hpp"

#include "base/text.hpp"

namespace xivo::console {
namespace {
unsigned char byte(char c) { return static_cast<unsigned char>(text::lower(c)); }
}  // namespace

class Pattern::Compiler {
 public:
  explicit Compiler(std::string_view source) : rest_(source) {}

  Result<Pattern> run() {
    if (!rest_.empty() && rest_.front() == '^') {
      pattern_.anchored_front_ = true;
      rest_.remove_prefix(1);
    }
    while (!rest_.empty()) {
      if (rest_ == "$") {
        pattern_.anchored_back_ = true;
        break;
      }
      if (auto item = next_item(); !item) return Unexpected{item.error()};
      take_repeat();
    }
    return std::move(pattern_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Result<void> next_item() {
    const char c = take();
    switch (c) {
      case '*':
      case '+':
      case '?': return fail("nothing to repeat");
      case '(':
      case ')':
      case '|': return fail("groups and | are not supported");
      case '.': add().accepts.set(); return {};
      case '[': return take_set();
      case '\\':
        if (rest_.empty()) return fail("pattern ends in a backslash");
        add().accepts.set(byte(take()));
        return {};
      default: add().accepts.set(byte(c)); return {};
    }
  }

  Result<void> take_set() {
    auto& item = add();
    const bool negated = !rest_.empty() && rest_.front() == '^';
    if (negated) rest_.remove_prefix(1);
    bool first = true;
    while (!rest_.empty() && (first || rest_.front() != ']')) {
      const auto low = byte(take());
      auto high = low;
      if (rest_.size() >= 2 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        high = byte(take());
      }
      for (unsigned code = low; code <= high; ++code) item.accepts.set(code);
      first = false;
    }
    if (rest_.empty()) return fail("set is not closed");
    rest_.remove_prefix(1);
    if (negated) item.accepts.flip();
    return {};
  }

  void take_repeat() {
    if (rest_.empty()) return;
    auto& repeat = pattern_.items_.back().repeat;
    if (rest_.front() == '*') repeat = Repeat::Any;
    if (rest_.front() == '+') repeat = Repeat::OneOrMore;
    if (rest_.front() == '?') repeat = Repeat::Optional;
    if (repeat != Repeat::Once) rest_.remove_prefix(1);
  }

  Item& add() { return pattern_.items_.emplace_back(); }

  std::string_view rest_;
  Pattern pattern_;
};

Result<Pattern> Pattern::compile(std::string_view source) {
  if (source.size() > kSizeMax) return fail("pattern is too long", static_cast<std::int64_t>(source.size()));
  return Compiler(source).run();
}

/// Marks state `from` and every state reachable from it without reading a character. State i: items before i are
/// done.
void Pattern::follow(std::vector<char>& states, std::size_t from) const {
  states[from] = 1;
  while (from < items_.size()) {
    const auto repeat = items_[from].repeat;
    if (repeat != Repeat::Any && repeat != Repeat::Optional) return;
    if (states[++from] != 0) return;
    states[from] = 1;
  }
}

bool Pattern::matches(std::string_view text) const {
  std::vector<char> now(items_.size() + 1, 0);
  follow(now, 0);
  for (const char c : text) {
    if (now.back() != 0 && !anchored_back_) return true;
    std::vector<char> next(items_.size() + 1, 0);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (now[i] == 0 || !items_[i].accepts[byte(c)]) continue;
      follow(next, i + 1);
      if (items_[i].repeat == Repeat::Any || items_[i].repeat == Repeat::OneOrMore) next[i] = 1;
    }
    if (!anchored_front_) follow(next, 0);
    now = std::move(next);
  }
  return now.back() != 0;
}

}  // namespace xivo::console
