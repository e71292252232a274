#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// DNS messages as a server writes them.
namespace xivo::runtime::testing {

inline std::string u16(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
inline std::string u32(std::uint32_t value) { return u16(value >> 16) + u16(value & 0xffff); }

inline std::string dns_name(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    out += static_cast<char>(label.size());
    out += label;
    text = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  }
  return out + '\0';
}
inline std::string dns_text(std::string_view text) {
  return static_cast<char>(text.size()) + std::string(text);
}

inline std::string record(std::string_view owner, unsigned type, std::uint32_t ttl, const std::string& data) {
  return dns_name(owner) + u16(type) + u16(1) + u32(ttl) + u16(static_cast<unsigned>(data.size())) + data;
}
inline std::string a(std::string_view owner, std::uint32_t ttl, std::uint32_t address) {
  return record(owner, 1, ttl, u32(address));
}
inline std::string cname(std::string_view owner, std::uint32_t ttl, std::string_view target) {
  return record(owner, 5, ttl, dns_name(target));
}
inline std::string srv(std::string_view owner, std::uint32_t ttl, unsigned priority, unsigned weight,
                       unsigned port, std::string_view target) {
  return record(owner, 33, ttl, u16(priority) + u16(weight) + u16(port) + dns_name(target));
}
inline std::string naptr(std::string_view owner, unsigned order, unsigned preference, std::string_view flags,
                         std::string_view service, std::string_view target) {
  return record(
      owner, 35, 60,
      u16(order) + u16(preference) + dns_text(flags) + dns_text(service) + dns_text("") + dns_name(target));
}
inline std::string soa(std::string_view owner, std::uint32_t ttl, std::uint32_t minimum) {
  return record(
      owner, 6, ttl,
      dns_name("ns.example") + dns_name("root.example") + u32(1) + u32(2) + u32(3) + u32(4) + u32(minimum));
}

struct Message {
  unsigned id = 7;
  unsigned code = 0;
  std::string question;  // name, type and class as they were asked
  std::vector<std::string> answers;
  std::vector<std::string> authorities;

  [[nodiscard]] std::string bytes() const {
    auto out = u16(id) + u16(0x8180 | code) + u16(question.empty() ? 0 : 1) +
               u16(static_cast<unsigned>(answers.size())) + u16(static_cast<unsigned>(authorities.size())) +
               u16(0) + question;
    for (const auto& answer : answers) out += answer;
    for (const auto& authority : authorities) out += authority;
    return out;
  }
};

}  // namespace xivo::runtime::testing
