#include "mutation.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "sip/header_id.hpp"

namespace xivo::oracle {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kCompact{{{"Via", "v"},
                                                                                 {"From", "f"},
                                                                                 {"To", "t"},
                                                                                 {"Call-ID", "i"},
                                                                                 {"Contact", "m"},
                                                                                 {"Content-Type", "c"},
                                                                                 {"Content-Length", "l"},
                                                                                 {"Supported", "k"},
                                                                                 {"Subject", "s"}}};

constexpr std::array<std::string_view, 22> kOddities{"\"",      "<",
                                                     ">",       ";",
                                                     ",",       ":",
                                                     "@",       "?",
                                                     "=",       "%",
                                                     "%zz",     " ",
                                                     "\t",      "\r\n",
                                                     "\x80",    "4294967297",
                                                     "[::1]",   ";tag=zz",
                                                     "\\",      "()",
                                                     "sip:a@b", "99999999999999999999"};

std::string& any_of(std::vector<std::string>& fields, runtime::Rng& rng) {
  return fields[rng.below(fields.size())];
}

std::string name_of(const std::string& field) { return field.substr(0, field.find(':')); }
std::string value_of(const std::string& field) {
  constexpr auto kSpace = " \t\r\n";
  const auto colon = field.find(':');
  const auto begin = colon == std::string::npos ? colon : field.find_first_not_of(kSpace, colon + 1);
  return begin == std::string::npos ? std::string()
                                    : field.substr(begin, field.find_last_not_of(kSpace) + 1 - begin);
}

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  for (const auto wanted : names) {
    if (text::equal_ignoring_case(name, wanted)) return true;
  }
  return false;
}

std::string in_other_case(std::string name, runtime::Rng& rng) {
  for (char& c : name) {
    if (text::is_alpha(c) && rng.below(2) == 0) c = static_cast<char>(c ^ 0x20);
  }
  return name;
}

std::string in_other_form(const std::string& name) {
  for (const auto& [full, compact] : kCompact) {
    if (text::equal_ignoring_case(name, full)) return std::string(compact);
    if (text::equal_ignoring_case(name, compact)) return std::string(full);
  }
  return name;
}

/// The order counts only among fields of one name.
void swap_neighbours(Pieces& pieces, runtime::Rng& rng) {
  const auto at = rng.below(pieces.fields.size());
  const auto next = (at + 1) % pieces.fields.size();
  const auto name = name_of(pieces.fields[at]);
  const auto other = name_of(pieces.fields[next]);
  if (next != 0 && sip::header_id_from(text::trim(name)) != sip::header_id_from(text::trim(other))) {
    std::swap(pieces.fields[at], pieces.fields[next]);
  }
}

void respell_one(Pieces& pieces, runtime::Rng& rng) {
  std::string& field = any_of(pieces.fields, rng);
  const auto name = name_of(field);
  const auto value = value_of(field);
  switch (rng.below(7)) {
    case 0: field = in_other_case(name, rng) + ": " + value; break;
    case 1: field = in_other_form(name) + ": " + value; break;
    case 2:
      field = name + (rng.below(2) == 0 ? " \t:" : ":") + (rng.below(2) == 0 ? "  \t" : "") + value + " ";
      break;
    case 3:
      if (!value.empty()) field = name + ":\r\n " + value;
      break;
    case 4: pieces.fields.emplace_back("X-Nobody-Knows: \"<sip:;,\\\" " + rng.token(8)); break;
    case 5:
      if (is_one_of(name, {"From", "f", "To", "t", "Via", "v"}))
        field += ";x-" + rng.token(4) + "=\"a;tag=b,\"";
      break;
    default: swap_neighbours(pieces, rng);
  }
}

void damage_fields(Pieces& pieces, runtime::Rng& rng) {
  std::string& field = any_of(pieces.fields, rng);
  switch (rng.below(6)) {
    case 0: field = name_of(field) + ": "; break;
    case 1: field = name_of(field) + ": " + value_of(any_of(pieces.fields, rng)); break;
    case 2: pieces.fields.push_back(std::string(field)); break;
    case 3:
      pieces.fields.erase(pieces.fields.begin() +
                          static_cast<std::ptrdiff_t>(rng.below(pieces.fields.size())));
      break;
    case 4: field += std::string(", ") + value_of(field); break;
    default:
      pieces.start.insert(rng.below(pieces.start.size() + 1), kOddities[rng.below(kOddities.size())]);
      break;
  }
}

/// Mostly in what is compared: the rest is free text to most parsers.
void damage_a_known_field(Pieces& pieces, runtime::Rng& rng) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::string& field = any_of(pieces.fields, rng);
    if (!is_one_of(name_of(field), {"Via", "v", "From", "f", "To", "t", "Contact", "m", "CSeq", "Call-ID",
                                    "i", "Content-Length", "l", "Max-Forwards"}))
      continue;
    const auto where = rng.below(field.size() + 1);
    const auto odd = kOddities[rng.below(kOddities.size())];
    if (rng.below(3) == 0)
      field.erase(where, 1 + rng.below(3));
    else
      field.insert(where, odd);
    return;
  }
}

}  // namespace

Pieces Pieces::of(const std::string& message) {
  Pieces pieces;
  const auto head_end = message.find("\r\n\r\n");
  pieces.body = head_end == std::string::npos ? std::string() : message.substr(head_end + 4);
  std::string head = message.substr(0, head_end);
  std::size_t at = head.find("\r\n");
  pieces.start = head.substr(0, at);
  while (at != std::string::npos) {
    auto next = head.find("\r\n", at + 2);
    while (next != std::string::npos && next + 2 < head.size() && text::is_space(head[next + 2])) {
      next = head.find("\r\n", next + 2);
    }
    pieces.fields.push_back(head.substr(at + 2, next == std::string::npos ? next : next - at - 2));
    at = next;
  }
  return pieces;
}

std::string Pieces::joined() const {
  std::string message = start + "\r\n";
  for (const auto& field : fields) message += field + "\r\n";
  return message + "\r\n" + body;
}

std::string respelled(const std::string& message, runtime::Rng& rng) {
  auto pieces = Pieces::of(message);
  for (auto left = 1 + rng.below(6); left > 0; --left) respell_one(pieces, rng);
  return pieces.joined();
}

std::string damaged(const std::string& message, runtime::Rng& rng) {
  auto pieces = Pieces::of(message);
  const auto how = rng.below(4);
  if (how == 0) damage_fields(pieces, rng);
  if (how == 1 || how == 2) damage_a_known_field(pieces, rng);
  auto bytes = pieces.joined();
  if (how == 3) {
    const auto where = rng.below(bytes.size());
    switch (rng.below(3)) {
      case 0: bytes.erase(where, 1); break;
      case 1: bytes[where] = static_cast<char>(rng.below(256)); break;
      default: bytes.resize(where); break;
    }
  }
  return bytes;
}

}  // namespace xivo::oracle
