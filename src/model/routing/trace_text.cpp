#include "model/routing/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/routing/remark_words.hpp"
#include "model/routing/rule_words.hpp"

namespace xivo::model::routing {

namespace {

constexpr std::string_view kPlan = "plan";
constexpr std::size_t kCountMax = 1000;  // of lines and trunks that a line may tell

// ---------------------------------------------------------------------------------------------------- writing

bool needs_escape(char c) { return c == '%' || c == '|' || static_cast<unsigned char>(c) < ' '; }

void append_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  for (const char c : value) {
    if (!needs_escape(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
}

/// Written for each rule of each call: appended piece by piece into one text, which costs a fifth of formatting it.
class Line {
 public:
  Line(std::string_view name, bool met) {
    text_.reserve(kTraceTextMax);
    text_.append("@").append(name).push_back(met ? '+' : '-');
  }
  /// A fact for which there is no room is left out.
  void add(std::string_view key, std::string_view value) { add("", key, value); }
  void add(std::string_view key, std::size_t number) { add(key, fmt::format_int(number)); }
  void add(std::string_view key, const fmt::format_int& number) {
    add(key, std::string_view(number.data(), number.size()));
  }
  void add_object(const Step::Object& object) {
    const fmt::format_int id(object.id);
    add("#", object.kind, std::string_view(id.data(), id.size()));
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void add(std::string_view mark, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    const std::size_t before = text_.size();
    text_.append("|").append(mark).append(key).push_back('=');
    append_escaped(text_, value);
    if (text_.size() > kTraceTextMax) text_.resize(before);
  }

  std::string text_;
};

// ---------------------------------------------------------------------------------------------------- reading

/// A line taken apart; names are views into it.
struct Read {
  std::string_view name;
  bool met = false;
  std::vector<std::pair<std::string_view, std::string>> facts;

  [[nodiscard]] std::string_view fact(std::string_view wanted) const {
    for (const auto& [key, value] : facts) {
      if (key == wanted) return value;
    }
    return {};
  }
  [[nodiscard]] std::size_t number(std::string_view wanted) const {
    return std::min(text::parse_decimal<std::size_t>(fact(wanted)).value_or(0), kCountMax);
  }
};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string unescaped(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto high = value[i] == '%' && i + 2 < value.size() ? hex_digit(value[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(value[i + 2]) : std::nullopt;
    if (!low) {
      out += value[i];
      continue;
    }
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

std::optional<Read> read(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  const auto parts = text::split(text.substr(1), '|');
  const std::string_view head = parts.front();
  if (head.size() < 2 || (head.back() != '+' && head.back() != '-')) return std::nullopt;
  Read read{head.substr(0, head.size() - 1), head.back() == '+', {}};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    read.facts.emplace_back(parts[i].substr(0, equals), unescaped(parts[i].substr(equals + 1)));
  }
  return read;
}

std::optional<Step::Rule> rule_named(std::string_view name) {
  for (const RuleWords& words : rule_words()) {
    if (words.name == name) return words.rule;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------------------------------------------- plans

constexpr std::pair<std::string_view, Plan::Action> kActions[] = {
    {"ring", Plan::Action::Ring},        {"dial", Plan::Action::Dial},     {"feature", Plan::Action::Feature},
    {"ask-code", Plan::Action::AskCode}, {"refuse", Plan::Action::Refuse},
};

/// As much of the plan as its sentence needs.
std::optional<Plan> plan_of(const Read& read) {
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions),
                                   [&](const auto& each) { return each.first == read.fact("action"); });
  if (found == std::end(kActions)) return std::nullopt;
  Plan plan;
  plan.action = found->second;
  plan.lines.resize(read.number("lines"));
  plan.ring_time = std::chrono::seconds(text::parse_decimal<std::int64_t>(read.fact("seconds")).value_or(0));
  plan.feature = read.fact("feature");
  plan.number = read.fact("number");
  plan.attempts.resize(read.number("trunks"));
  plan.cause = static_cast<Cause>(read.number("cause"));
  if (const auto rule = rule_named(read.fact("rule"))) plan.trace.push_back(Step{*rule, false, {}, {}});
  return plan;
}

// ---------------------------------------------------------------------------------------------------- remarks

/// A number as the reader writes it: "4,12" in French.
std::string decimal(std::string_view number, Language language) {
  std::string out(number);
  if (language == Language::French) std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

/// Reasons that a layer below gives as they are.
std::optional<std::string> plain_reason(std::string_view text, Language language) {
  for (const Words& words : plain_words()) {
    if (words.english == text) return std::string(words.in(language));
  }
  return std::nullopt;
}

/// "{name,}" is a number with decimals, "{name!}" a reason in plain words, "{name()}" a remark in brackets, left out when empty.
std::string value_for(std::string_view name, const Read& read, Language language) {
  if (name == "cause_words")
    return std::string(words_of(static_cast<Cause>(read.number("cause"))).in(language));
  if (name == "feature") return feature_title(read.fact(name), language);
  if (name.ends_with(',')) return decimal(read.fact(name.substr(0, name.size() - 1)), language);
  if (name.ends_with("()")) {
    const auto text = read.fact(name.substr(0, name.size() - 2));
    return text.empty() ? std::string() : fmt::format(" ({})", text);
  }
  if (name.ends_with('!')) {
    const auto text = read.fact(name.substr(0, name.size() - 1));
    return plain_reason(text, language).value_or(std::string(text));
  }
  return std::string(read.fact(name));
}

std::string said(std::string_view words, const Read& read, Language language) {
  std::string out;
  while (true) {
    const auto open = words.find('{');
    const auto close = words.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return out + std::string(words);
    out += words.substr(0, open);
    out += value_for(words.substr(open + 1, close - open - 1), read, language);
    words.remove_prefix(close + 1);
  }
}

/// Lines of an earlier version, and plain reasons.
std::string plain(std::string_view text, Language language) {
  for (const RemarkWords& each : remark_words()) {
    if (each.words.english == text) return std::string(each.words.in(language));
  }
  return plain_reason(text, language).value_or(std::string(text));
}

}  // namespace

std::string trace_text(const Step& step) {
  Line line(name(step.rule), step.met);
  for (const auto& [key, value] : step.facts) line.add(key, value);
  for (const auto& object : step.objects) line.add_object(object);
  return line.take();
}

std::string trace_text(const Plan& plan) {
  Line line(kPlan, plan.action != Plan::Action::Refuse);
  for (const auto& [action, value] : kActions) {
    if (value == plan.action) line.add("action", action);
  }
  switch (plan.action) {
    case Plan::Action::Ring:
      line.add("lines", plan.lines.size());
      line.add("seconds", fmt::format_int(plan.ring_time.count()));
      break;
    case Plan::Action::Dial:
      line.add("number", plan.number);
      line.add("trunks", plan.attempts.size());
      break;
    case Plan::Action::Feature: line.add("feature", plan.feature); break;
    case Plan::Action::AskCode: break;
    case Plan::Action::Refuse:
      line.add("cause", static_cast<std::size_t>(plan.cause));
      if (!plan.trace.empty()) line.add("rule", name(plan.trace.back().rule));
      break;
  }
  return line.take();
}

std::string trace_text(Remark remark, Facts facts) {
  for (const RemarkWords& each : remark_words()) {
    if (each.remark != remark) continue;
    Line line(each.name, true);
    for (const auto& [key, value] : facts) line.add(key, value);
    return line.take();
  }
  return {};
}

std::string worded(std::string_view text, Language language) {
  auto line = read(text);
  if (!line) return plain(text, language);
  if (line->name == kPlan) {
    const auto plan = plan_of(*line);
    return plan ? describe(*plan, language) : std::string(text);
  }
  for (const RemarkWords& each : remark_words()) {
    if (each.name == line->name) return said(each.words.in(language), *line, language);
  }
  const auto rule = rule_named(line->name);
  if (!rule) return std::string(text);
  return describe(Step{*rule, line->met, std::move(line->facts), {}}, language);
}

}  // namespace xivo::model::routing
