// The only file that knows c-ares.
#include <ares.h>
#include <fmt/format.h>

#include <unordered_map>

#include "base/metrics.hpp"
#include "runtime/dns/resolver.hpp"

namespace xivo::runtime {
namespace {

metrics::Counter asked("dns_questions", "questions sent to DNS servers");
metrics::Counter unanswered("dns_failed", "DNS questions without a usable answer");
metrics::Counter refused("dns_refused", "DNS questions refused, too many were in flight");

// c-ares 1.28 names a better way for some of what 1.18 has only this way.
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

bool library_is_ready() {
  static const bool kReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  return kReady;
}

std::string server_list(const std::vector<SocketAddress>& servers) {
  std::string list;
  for (const auto& server : servers) {
    if (!list.empty()) list += ',';
    list += server.to_string();
  }
  return list;
}

constexpr int kClassInternet = 1;

}  // namespace

/// What answers that are on their way still need when the resolver is gone.
struct AresResolver::State {
  std::size_t in_flight = 0;
  bool closed = false;
};

struct AresResolver::Impl {
  Impl(Loop& its_loop, const Options& its_options) : loop(its_loop), options(its_options) {}
  ~Impl();

  bool open();
  void on_socket(ares_socket_t fd, bool readable, bool writable);
  void on_ready(ares_socket_t fd, Loop::Events events);
  void process(ares_socket_t readable, ares_socket_t writable);
  void arm();

  Loop& loop;
  const Options options;
  ares_channel channel = nullptr;
  std::unordered_map<ares_socket_t, WatchId> watches;
  TimerId timer;
  std::shared_ptr<State> state = std::make_shared<State>();
};

namespace {

struct Question {
  AresResolver::Done done;
  std::string name;
  DnsType type;
  TimerWheel* timers;
  std::shared_ptr<AresResolver::State> state;
};

DnsAnswer interpret(const Question& question, int status, std::string_view bytes) {
  if (status == ARES_SUCCESS || !bytes.empty()) {
    auto answer = read_dns_answer(bytes, question.name, question.type);
    if (answer) return std::move(*answer);
  }
  DnsAnswer nothing;
  if (status == ARES_ENOTFOUND || status == ARES_ENODATA) nothing.status = DnsAnswer::Status::Nothing;
  return nothing;
}

void on_answer(void* context, int status, int /*timeouts*/, unsigned char* bytes, int size) {
  std::unique_ptr<Question> question(static_cast<Question*>(context));
  --question->state->in_flight;
  if (question->state->closed) return;
  const auto text = bytes == nullptr ? std::string_view()
                                     : std::string_view(reinterpret_cast<const char*>(bytes),
                                                        static_cast<std::size_t>(size));
  auto answer = interpret(*question, status, text);
  if (answer.status == DnsAnswer::Status::Failed) unanswered.add();
  // c-ares may answer from inside the question; whoever asked is never called from there.
  question->timers->set(Duration::zero(), [state = question->state, done = std::move(question->done),
                                           kept = std::move(answer)] {
    if (!state->closed) done(kept);
  });
}

}  // namespace

AresResolver::Impl::~Impl() {
  state->closed = true;
  loop.timers().cancel(timer);
  if (channel != nullptr) ares_destroy(channel);  // ends every question, and closes the sockets
}

bool AresResolver::Impl::open() {
  if (!library_is_ready()) return false;
  ares_options wanted{};
  wanted.timeout = static_cast<int>(options.patience.count());
  wanted.tries = options.tries;
  wanted.flags = ARES_FLAG_NOSEARCH;
  wanted.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<Impl*>(self)->on_socket(fd, readable != 0, writable != 0);
  };
  wanted.sock_state_cb_data = this;
  constexpr int kMask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB;
  if (ares_init_options(&channel, &wanted, kMask) != ARES_SUCCESS) return false;
  return options.servers.empty() ||
         ares_set_servers_ports_csv(channel, server_list(options.servers).c_str()) == ARES_SUCCESS;
}

// c-ares says before it closes a socket, so the number is never somebody else's.
void AresResolver::Impl::on_socket(ares_socket_t fd, bool readable, bool writable) {
  const auto known = watches.find(fd);
  if (!readable && !writable) {
    if (known == watches.end()) return;
    loop.unwatch(known->second);
    watches.erase(known);
  } else if (known != watches.end()) {
    loop.want_write(known->second, writable);
  } else if (!state->closed) {
    watches.emplace(fd, loop.watch(fd, [this, fd](Loop::Events events) { on_ready(fd, events); }, writable));
  }
}

void AresResolver::Impl::on_ready(ares_socket_t fd, Loop::Events events) {
  process(events.readable ? fd : ARES_SOCKET_BAD, events.writable ? fd : ARES_SOCKET_BAD);
}

void AresResolver::Impl::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel, readable, writable);
  arm();
}

void AresResolver::Impl::arm() {
  loop.timers().cancel(timer);
  timeval wait{};
  if (ares_timeout(channel, nullptr, &wait) == nullptr) return;
  const auto after = std::chrono::seconds(wait.tv_sec) + std::chrono::microseconds(wait.tv_usec);
  timer =
      loop.timers().set(std::chrono::ceil<std::chrono::milliseconds>(after) + std::chrono::milliseconds(1),
                        [this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); });
}

AresResolver::AresResolver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AresResolver::~AresResolver() = default;

Result<std::unique_ptr<AresResolver>> AresResolver::open(Loop& loop, const Options& options) {
  auto impl = std::make_unique<Impl>(loop, options);
  if (!impl->open()) return fail("DNS cannot be used");
  return std::unique_ptr<AresResolver>(new AresResolver(std::move(impl)));
}

void AresResolver::ask(const std::string& name, DnsType type, Done done) {
  auto& timers = impl_->loop.timers();
  if (impl_->state->in_flight >= impl_->options.in_flight_max) {
    refused.add();
    timers.set(Duration::zero(), [state = impl_->state, done = std::move(done)] {
      if (!state->closed) done({});
    });
    return;
  }
  asked.add();
  ++impl_->state->in_flight;
  auto question = std::make_unique<Question>(Question{std::move(done), name, type, &timers, impl_->state});
  ares_query(impl_->channel, name.c_str(), kClassInternet, static_cast<int>(type), on_answer,
             question.release());
  impl_->arm();
}

}  // namespace xivo::runtime
