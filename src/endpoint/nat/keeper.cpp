// RFC 5626 §3.5.1: keep-alives by CRLF, from our side and for UDP.
#include "endpoint/nat/keeper.hpp"

#include "sip/uri.hpp"

namespace xivo::endpoint {
namespace {
constexpr std::string_view kKeepAlive = "\r\n\r\n";
}

bool is_behind_nat(const Binding& binding) {
  if (binding.flow.transport != sip::Transport::Udp) return false;
  const auto uri = sip::Uri::parse(binding.contact);
  return !uri || IpAddress::parse(uri->host) != binding.flow.remote.ip;
}

NatKeeper::NatKeeper(const runtime::Scheduler& scheduler, sip::Wire& wire, Visit bindings,
                     std::chrono::seconds interval)
    : scheduler_(scheduler), wire_(wire), bindings_(std::move(bindings)), interval_(interval) {
  arm();
}

NatKeeper::~NatKeeper() { scheduler_.timers.cancel(timer_); }

void NatKeeper::arm() {
  if (interval_.count() > 0) timer_ = scheduler_.timers.set(interval_, [this] { keep(); });
}

void NatKeeper::keep() {
  bindings_([this](const Binding& binding) {
    if (is_behind_nat(binding)) wire_.send(binding.flow, kKeepAlive);
  });
  arm();
}

}  // namespace xivo::endpoint
