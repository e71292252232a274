#include "model/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "model/utf8.hpp"

namespace xivo::model {

namespace {

/// Builds a Value from the parser's events, within limits. Returning false ends the parse.
class Reader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Reader(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return add(Value()); }
  bool boolean(bool value) override { return add(Value(value)); }
  bool number_integer(number_integer_t value) override { return add(Value(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return refuse("JSON number is beyond 64 bits");
    return add(Value(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t, const string_t&) override {
    return refuse("JSON number is not an integer");
  }
  bool string(string_t& value) override { return add(Value(std::move(value))); }
  bool binary(binary_t&) override { return refuse("JSON holds binary data"); }

  bool start_object(std::size_t) override { return open(Value::object()); }
  bool key(string_t& name) override {
    const Value& object = open_.back().value;
    if (object.members()->size() >= limits_.members_max) return refuse("JSON object has too many members");
    if (object.find(name) != nullptr) return refuse("JSON member is named twice");
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Value::list()); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    if (!error_) error_ = Error("JSON is malformed", static_cast<std::int64_t>(position));
    return false;
  }

  Result<Value> take() {
    if (error_) return Unexpected{*error_};
    return std::move(root_);
  }

 private:
  struct Open {
    Value value;
    std::string key;  // of the member that comes next
  };

  bool refuse(std::string_view phrase) {
    error_ = Error(phrase);
    return false;
  }
  bool count() { return ++values_ <= limits_.values_max || refuse("JSON holds too many values"); }
  bool open(Value empty) {
    if (open_.size() >= limits_.depth_max) return refuse("JSON is nested too deeply");
    if (!count()) return false;
    open_.push_back({std::move(empty), {}});
    return true;
  }
  bool close() {
    Value done = std::move(open_.back().value);
    open_.pop_back();
    return place(std::move(done));
  }
  bool add(Value value) { return count() && place(std::move(value)); }
  bool place(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Open& parent = open_.back(); parent.value.is_object()) {
      parent.value.append(std::move(parent.key), std::move(value));
    } else {
      parent.value.push(std::move(value));
    }
    return true;
  }

  const JsonLimits& limits_;
  std::vector<Open> open_;
  Value root_;
  std::size_t values_ = 0;
  std::optional<Error> error_;
};

/// How many characters stand for themselves, up to the first that does not.
std::size_t plain_run(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size()) {
    const auto c = static_cast<unsigned char>(text[n]);
    if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') break;
    ++n;
  }
  return n;
}

/// Writes the first character of `text`, which is no plain one. Returns the bytes it had.
std::size_t write_special(std::string& out, std::string_view text) {
  const char c = text.front();
  const std::size_t size = utf8_sequence(text);
  if (size == 0) {
    out += "\xEF\xBF\xBD";
    return 1;
  }
  if (size > 1) {
    out += text.substr(0, size);
  } else if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  }
  return size;
}

void write(std::string& out, const Value& value) {
  switch (value.type()) {
    case Value::Type::Null: out += "null"; return;
    case Value::Type::Boolean: out += *value.boolean() ? "true" : "false"; return;
    case Value::Type::Integer: out += fmt::format_int(*value.integer()).c_str(); return;
    case Value::Type::Text: append_json_text(out, *value.text()); return;
    case Value::Type::List: {
      out += '[';
      bool first = true;
      for (const Value& item : *value.items()) {
        if (!std::exchange(first, false)) out += ',';
        write(out, item);
      }
      out += ']';
      return;
    }
    case Value::Type::Object: {
      out += '{';
      bool first = true;
      for (const Value::Member& member : *value.members()) {
        if (!std::exchange(first, false)) out += ',';
        append_json_text(out, member.name);
        out += ':';
        write(out, member.value);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes_max)
    return fail("JSON is too large", static_cast<std::int64_t>(text.size()));
  Reader reader(limits);
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t plain = plain_run(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(write_special(out, text));
  }
  out += '"';
}

std::string to_json(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace xivo::model
