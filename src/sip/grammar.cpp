#include "sip/grammar.hpp"

#include <optional>

namespace xivo::sip::grammar {

bool Scanner::take_quoted(std::string_view& inner) {
  if (peek() != '"') return false;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      inner = rest.substr(1, i - 1);
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool Scanner::take_host(std::string_view& host) {
  if (peek() != '[') {
    host = take_all(kHost);
    return !host.empty();
  }
  std::size_t size = 1;
  while (size < rest.size() && (hex_digit(rest[size]) >= 0 || rest[size] == ':' || rest[size] == '.')) ++size;
  if (size == rest.size() || rest[size] != ']' || size < 3) return false;
  host = rest.substr(0, size + 1);
  rest.remove_prefix(size + 1);
  return true;
}

bool Scanner::take_port(std::uint16_t& port) {
  if (!take_separator(':')) return true;
  std::size_t size = 0;
  while (size < rest.size() && text::is_digit(rest[size])) ++size;
  const std::optional<std::uint16_t> number = text::parse_decimal<std::uint16_t>(rest.substr(0, size));
  if (!number || *number == 0) return false;
  port = *number;
  rest.remove_prefix(size);
  return true;
}

bool ParameterReader::next(Parameter& parameter) {
  scanner_.skip_space();
  if (failed_ || scanner_.done() || scanner_.peek() == ',') return false;
  failed_ = true;  // until this parameter has been read to its end
  if (!scanner_.take(';')) return false;
  scanner_.skip_space();
  const char* const begin = scanner_.rest.data();
  parameter.name = scanner_.take_all(kToken);
  if (parameter.name.empty()) return false;
  const char* end = scanner_.rest.data();
  parameter.value = {};
  parameter.has_value = scanner_.take_separator('=');
  if (parameter.has_value) {
    if (scanner_.peek() == '"') {
      if (!scanner_.take_quoted(parameter.value)) return false;
    } else {
      parameter.value = scanner_.take_all(kParameterValue);
      if (parameter.value.empty()) return false;
    }
    end = scanner_.rest.data();
  }
  parameter.text = {begin, static_cast<std::size_t>(end - begin)};
  failed_ = false;
  return true;
}

bool take_parameters(Scanner& scanner, std::string_view& parameters) {
  scanner.skip_space();
  const std::string_view all = scanner.rest;
  ParameterReader reader(all);
  Parameter parameter;
  while (reader.next(parameter)) {
  }
  if (reader.failed()) return false;
  scanner.rest = reader.rest();
  parameters = text::trim(all.substr(0, all.size() - scanner.rest.size()));
  return true;
}

bool next_element(std::string_view& list, std::string_view& element) {
  if (list.empty()) return false;
  bool quoted = false;
  bool angled = false;
  std::size_t i = 0;
  for (; i < list.size(); ++i) {
    const char c = list[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '<') {
      angled = true;
    } else if (c == '>') {
      angled = false;
    } else if (c == ',' && !angled) {
      break;
    }
  }
  if (i > list.size()) i = list.size();  // the last character was a backslash
  element = text::trim(list.substr(0, i));
  list.remove_prefix(i < list.size() ? i + 1 : i);
  return true;
}

}  // namespace xivo::sip::grammar
