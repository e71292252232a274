// Where a host is.                                                                             RFC 3263 §4, RFC 2782
#include "sip/locate.hpp"

#include <algorithm>
#include <array>

#include "base/metrics.hpp"

namespace xivo::sip {
namespace {

using runtime::DnsAnswer;
using runtime::DnsRecord;
using runtime::DnsType;

metrics::Counter located("sip_located", "host names that led to an address");
metrics::Counter not_located("sip_not_located", "host names that led nowhere, or not in time");
metrics::Counter unanswered("sip_locate_unanswered",
                            "steps of a search that were not answered in their time");
metrics::Counter overloaded("sip_locate_refused", "searches for a host refused, too many at a time");

struct Service {
  std::string_view naptr;
  std::string_view srv;
  Transport transport;
};
/// In the order in which we like them.
constexpr std::array<Service, 3> kServices{{{"sip+d2u", "_sip._udp.", Transport::Udp},
                                            {"sip+d2t", "_sip._tcp.", Transport::Tcp},
                                            {"sips+d2t", "_sips._tcp.", Transport::Tls}}};

bool allowed(const Service& service, const Whereabouts& where) {
  if (where.transport) return service.transport == *where.transport;
  return !where.secure || service.transport == Transport::Tls;
}

/// When nothing but an address can be found.                                              RFC 3263 §4.1
Transport usual_transport(const Whereabouts& where) {
  return where.transport.value_or(where.secure ? Transport::Tls : Transport::Udp);
}

/// By priority; among equals by lot, in proportion to the weights.                          RFC 2782
std::vector<DnsRecord> in_order(std::vector<DnsRecord> records, runtime::Rng& rng) {
  std::sort(records.begin(), records.end(), [](const DnsRecord& a, const DnsRecord& b) {
    return a.priority != b.priority ? a.priority < b.priority : (a.weight == 0 && b.weight != 0);
  });
  for (auto first = records.begin(); first != records.end(); ++first) {
    std::uint64_t sum = 0;
    auto last = first;
    for (; last != records.end() && last->priority == first->priority; ++last) sum += last->weight;
    auto lot = rng.below(sum + 1);
    auto chosen = first;
    while (chosen + 1 != last && chosen->weight < lot) {
      lot -= chosen->weight;
      ++chosen;
    }
    std::rotate(first, chosen, chosen + 1);
  }
  return records;
}

}  // namespace

struct Locator::Search {
  /// A name under which there may be SRV records.
  struct ServiceName {
    std::string name;
    Transport transport;
    bool answered = false;
    std::vector<DnsRecord> records;
  };
  struct Host {
    std::string name;
    std::uint16_t port;
    Transport transport;
    std::vector<IpAddress> v4;
    std::vector<IpAddress> v6;
  };
  enum class Step : std::uint8_t { Naptr, Services, Addresses };

  Whereabouts where;
  Done done;
  Step step = Step::Naptr;
  std::vector<DnsRecord> naptr;
  std::vector<ServiceName> services;
  std::vector<Host> hosts;
  std::size_t pending = 0;
  std::uint32_t round = 0;  // of questions; an answer to an earlier one comes too late
  runtime::TimerId deadline;
  runtime::TimerId step_deadline;

  [[nodiscard]] bool has_address() const {
    return std::any_of(hosts.begin(), hosts.end(),
                       [](const Host& host) { return !host.v4.empty() || !host.v6.empty(); });
  }
};

Locator::Locator(const runtime::Scheduler& scheduler, runtime::DnsResolver& resolver, const Limits& limits)
    : scheduler_(scheduler), resolver_(resolver), limits_(limits) {}

Locator::~Locator() {
  searches_.for_each([this](Id, const Search& search) {
    scheduler_.timers.cancel(search.deadline);
    scheduler_.timers.cancel(search.step_deadline);
  });
}

Locator::Id Locator::locate(const Whereabouts& where, Done done) {
  Search fresh;
  fresh.where = where;
  fresh.done = std::move(done);
  const auto id = searches_.emplace(std::move(fresh));
  auto& search = *searches_.find(id);
  const bool full = searches_.size() > limits_.searches_max;
  if (full) overloaded.add();
  const auto literal = IpAddress::parse(where.host);
  if (literal) {
    const auto transport = usual_transport(where);
    auto& host = search.hosts.emplace_back();
    host.port = where.port != 0 ? where.port : default_port(transport);
    host.transport = transport;
    (literal->is_v4() ? host.v4 : host.v6).push_back(*literal);
  }
  const bool at_once = literal || full;
  search.deadline = scheduler_.timers.set(at_once ? runtime::Duration::zero() : limits_.patience,
                                          [this, id] { finish(id); });
  if (!at_once) begin(id, search);
  return id;
}

void Locator::cancel(Id id) {
  const auto search = searches_.take(id);
  if (!search) return;
  scheduler_.timers.cancel(search->deadline);
  scheduler_.timers.cancel(search->step_deadline);
}

void Locator::begin(Id id, Search& search) {
  const auto& where = search.where;
  if (where.port != 0) {  // §4.2: a port makes an end of services
    search.hosts.push_back({where.host, where.port, usual_transport(where), {}, {}});
    return ask_addresses(id, search);
  }
  if (where.transport || is_silent(where.host)) return ask_services(id, search);
  limit_step(id, search, limits_.naptr_patience);
  ask(id, where.host, DnsType::Naptr,
      [](Search& its, const DnsAnswer& answer) { its.naptr = answer.records; });
}

// Every question counts until its answer is in; the last one moves the search on.
void Locator::ask(Id id, const std::string& name, DnsType type,
                  std::function<void(Search&, const DnsAnswer&)> take) {
  auto& asking = *searches_.find(id);
  ++asking.pending;
  resolver_.ask(name, type,
                [this, id, round = asking.round, take = std::move(take)](const DnsAnswer& answer) {
                  auto* search = searches_.find(id);
                  if (search == nullptr || search->round != round) return;
                  take(*search, answer);
                  if (--search->pending == 0) advance(id);
                });
}

void Locator::limit_step(Id id, Search& search, runtime::Duration patience) {
  scheduler_.timers.cancel(search.step_deadline);
  search.step_deadline = scheduler_.timers.set(patience, [this, id] { on_step_over(id); });
}

/// Not every question of a step was answered in its time.
void Locator::on_step_over(Id id) {
  auto* search = searches_.find(id);
  if (search == nullptr) return;
  if (search->step == Search::Step::Addresses && !search->has_address())
    return;  // until its whole time is over
  if (search->step == Search::Step::Naptr) remember_silence(search->where.host);
  unanswered.add();
  search->pending = 0;
  ++search->round;
  advance(id);
}

bool Locator::is_silent(const std::string& name) const {
  const auto known = silent_until_.find(name);
  return known != silent_until_.end() && scheduler_.clock.now() < known->second;
}

void Locator::remember_silence(const std::string& name) {
  if (silent_until_.size() >= limits_.silences_max) silent_until_.clear();
  silent_until_[name] = scheduler_.clock.now() + limits_.silence_kept;
}

void Locator::advance(Id id) {
  auto& search = *searches_.find(id);
  switch (search.step) {
    case Search::Step::Naptr: return ask_services(id, search);
    case Search::Step::Services: return on_services(id, search);
    case Search::Step::Addresses: return finish(id);
  }
}

void Locator::ask_services(Id id, Search& search) {
  search.step = Search::Step::Services;
  std::sort(search.naptr.begin(), search.naptr.end(), [](const DnsRecord& a, const DnsRecord& b) {
    return a.priority != b.priority ? a.priority < b.priority : a.weight < b.weight;
  });
  for (const auto& record : search.naptr) {
    for (const auto& service : kServices) {
      const bool wanted = record.flags == "s" && record.service == service.naptr && !record.target.empty();
      if (wanted && allowed(service, search.where) && search.services.size() < kServices.size())
        search.services.push_back({record.target, service.transport, false, {}});
    }
  }
  if (search.services.empty()) {
    for (const auto& service : kServices) {
      if (!allowed(service, search.where)) continue;
      search.services.push_back({std::string(service.srv) + search.where.host, service.transport, false, {}});
    }
  }
  if (search.services.empty())
    return on_services(id, search);  // by a transport that has no service of its own
  limit_step(id, search, limits_.service_patience);
  for (std::size_t i = 0; i < search.services.size(); ++i) {
    ask(id, search.services[i].name, DnsType::Srv, [i](Search& its, const DnsAnswer& answer) {
      its.services[i].answered = answer.status == DnsAnswer::Status::Found;
      its.services[i].records = answer.records;
    });
  }
}

void Locator::on_services(Id id, Search& search) {
  bool answered = false;
  for (auto& service : search.services) {
    answered = answered || service.answered;
    for (const auto& record : in_order(std::move(service.records), scheduler_.rng)) {
      // A target of "." says that the service is not offered here.
      if (record.target.empty() || record.port == 0 || search.hosts.size() >= limits_.hosts_max) continue;
      search.hosts.push_back({record.target, record.port, service.transport, {}, {}});
    }
  }
  if (!answered) {
    const auto transport = usual_transport(search.where);
    search.hosts.push_back({search.where.host, default_port(transport), transport, {}, {}});
  }
  if (search.hosts.empty()) return finish(id);
  ask_addresses(id, search);
}

void Locator::ask_addresses(Id id, Search& search) {
  search.step = Search::Step::Addresses;
  limit_step(id, search, limits_.address_patience);
  for (std::size_t i = 0; i < search.hosts.size(); ++i) {
    const auto name = search.hosts[i].name;
    ask(id, name, DnsType::A, [i](Search& its, const DnsAnswer& answer) {
      for (const auto& record : answer.records) its.hosts[i].v4.push_back(record.address);
    });
    ask(id, name, DnsType::Aaaa, [i](Search& its, const DnsAnswer& answer) {
      for (const auto& record : answer.records) its.hosts[i].v6.push_back(record.address);
    });
  }
}

void Locator::finish(Id id) {
  const auto search = searches_.take(id);
  if (!search) return;
  scheduler_.timers.cancel(search->deadline);
  scheduler_.timers.cancel(search->step_deadline);
  std::vector<Target> targets;
  for (const auto& host : search->hosts) {
    for (const auto* addresses : {&host.v4, &host.v6}) {
      for (const auto& ip : *addresses) {
        if (targets.size() < limits_.targets_max) targets.push_back({host.transport, {ip, host.port}});
      }
    }
  }
  (targets.empty() ? not_located : located).add();
  search->done(targets);
}

}  // namespace xivo::sip
