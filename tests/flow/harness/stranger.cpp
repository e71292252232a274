#include "stranger.hpp"

#include <fmt/format.h>

#include <array>

#include "call/call_registry.hpp"

namespace xivo::flow {
namespace {

constexpr std::array kMethods = {"INVITE", "REGISTER", "MESSAGE", "SUBSCRIBE", "REFER", "NOTIFY",
                                 "INFO",   "BYE",      "PUBLISH", "UPDATE",    "PRACK", "PUNCH"};

std::vector<std::string> targets_of(const model::Config& config) {
  std::vector<std::string> targets = {"0033123456789", "s", "admin", "112", "anonymous"};
  for (const auto& [id, line] : config.lines()) {
    targets.push_back(line->name);
  }
  for (const auto& [id, extension] : config.objects<model::Extension>()) {
    if (!config.line_by_name(extension->exten)) targets.push_back(extension->exten);
  }
  for (const auto& code : app::feature_codes()) targets.push_back(code.code);
  return targets;
}

std::string request(std::string_view method, std::string_view target, int number) {
  return fmt::format(
      "{} sip:{}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.66:5060;branch=z9hG4bK-{};rport\r\n"
      "Max-Forwards: 70\r\nFrom: <sip:{}@192.0.2.1>;tag=x\r\nTo: <sip:{}@192.0.2.1>\r\nCall-ID: "
      "stranger-{}\r\n"
      "CSeq: 1 {}\r\nContact: <sip:x@198.51.100.66>\r\nContent-Length: 0\r\n\r\n",
      method, target, number, target, target, number, method);
}

}  // namespace

std::string try_everything(World& world) {
  const auto here = *IpAddress::parse("198.51.100.66");
  std::string problem;
  std::string asked;
  int answers = 0;
  int number = 0;
  world.network().attach(here, [&](const SocketAddress&, const SocketAddress&, const std::string& bytes) {
    ++answers;
    if (!bytes.starts_with("SIP/2.0 ") || (bytes[8] < '4' && !bytes.starts_with("SIP/2.0 100"))) {
      problem += fmt::format("{} got '{}'; ", asked, bytes.substr(0, bytes.find('\r')));
    }
  });
  for (const auto& target : targets_of(*world.config())) {
    for (const std::string_view method : kMethods) {
      asked = fmt::format("{} {}", method, target);
      const int before = answers;
      world.inject({here, 5060}, world.server(), request(method, target, ++number));
      world.run_for(std::chrono::seconds(4));
      if (answers == before) problem += asked + " got no answer; ";
      const auto& calls = world.shard().calls();
      if (calls.call_count() + calls.leg_count() != 0) problem += asked + " made a call; ";
    }
  }
  world.network().detach(here);
  if (!world.records().empty()) problem += "a call was recorded; ";
  if (world.shard().user_agent().registrar().size() != 0) problem += "something is registered; ";
  return problem;
}

}  // namespace xivo::flow
