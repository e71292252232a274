// How the process is put together; the order here is the order in which things must exist.       docs/threads.md
#include "app/daemon.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <future>

#include "app/announce.hpp"
#include "app/certificates.hpp"
#include "app/console_adapter.hpp"
#include "app/dns.hpp"
#include "app/record_adapter.hpp"
#include "app/seed.hpp"
#include "app/shard.hpp"
#include "app/sip_debug.hpp"
#include "app/version.hpp"
#include "app/web.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "console/console_server.hpp"
#include "media/loop_engine.hpp"
#include "runtime/loop.hpp"
#include "runtime/thread.hpp"
#include "runtime/worker_pool.hpp"
#include "sip/socket_wire.hpp"
#include "store/account_store.hpp"
#include "store/batch_writer.hpp"
#include "store/call_record_store.hpp"
#include "store/config_store.hpp"
#include "store/config_writer.hpp"

namespace xivo::app {
namespace {

constexpr auto kGoodbyeMax = std::chrono::seconds(1);  // how long a stop waits for calls to end
constexpr auto kGoodbyeCheck = std::chrono::milliseconds(10);
constexpr auto kDrainCheck = std::chrono::milliseconds(200);
constexpr auto kHousekeeping = std::chrono::seconds(1);
constexpr unsigned kWorkers = 2;
constexpr unsigned kMediaLoopsMax = 4;
constexpr std::size_t kPasswordSize = 16;

using Outcome = Result<void, StartFailure>;

Outcome failed(ExitCode code, std::string text) { return Unexpected{StartFailure{code, std::move(text)}}; }

std::string errno_text(std::int64_t number) { return std::strerror(static_cast<int>(number)); }

void block_signals(sigset_t& set) {
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

}  // namespace

struct Daemon::Impl {
  explicit Impl(Options given) : options(std::move(given)) {}
  ~Impl();

  Outcome make_folder();
  Outcome open_stores();
  Outcome seed();
  Outcome open_ports();
  Outcome open_tls();
  Result<std::string, std::string> reload_certificates();
  Outcome open_surfaces();
  void start_threads();
  void watch_console();
  void housekeeping();
  void drain_then_stop();
  void say_goodbye();

  Options options;
  std::string folder;
  sigset_t signals{};

  std::unique_ptr<store::ConfigStore> config_store;
  std::unique_ptr<store::AccountStore> accounts;
  std::unique_ptr<store::BatchWriter> writer;
  std::unique_ptr<store::CallRecordReader> console_records;
  std::unique_ptr<store::ConfigStore> console_history;
  model::ConfigSource config;
  runtime::SystemClock clock;
  std::unique_ptr<store::ConfigWriter> config_writer;
  runtime::SystemRng rng;
  Announcement announcement;

  runtime::Loop shard_loop{"shard"};
  runtime::Loop web_loop{"web"};
  std::unique_ptr<runtime::WorkerPool> workers;
  std::unique_ptr<sip::SocketWire> wire;
  Certificates certificates{options, clock};
  std::unique_ptr<runtime::DnsResolver> dns;
  std::unique_ptr<media::LoopEngine> media;
  std::unique_ptr<StoredRecords> records;
  std::unique_ptr<StoredBindings> bindings;
  std::unique_ptr<Shard> shard;
  std::unique_ptr<ConsoleAdapter> console_adapter;
  std::unique_ptr<console::ConsoleServer> console;
  std::unique_ptr<Web> web;
  runtime::Thread shard_thread;
  runtime::Thread web_thread;
};

// Threads first, then what they used, the databases last; what is not there yet was never started.
Daemon::Impl::~Impl() {
  web_loop.stop();
  shard_loop.stop();
  web_thread.join();
  shard_thread.join();
  workers.reset();
  web.reset();
  console.reset();
  console_adapter.reset();
  shard.reset();
  dns.reset();
  media.reset();
  wire.reset();
  if (writer) {
    if (const auto flushed = writer->flush(); !flushed) {
      log::error("store", "records that could not be written are lost: {}", flushed.error().what);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- starting

Outcome Daemon::Impl::make_folder() {
  std::error_code error;
  folder = options.var;
  std::filesystem::create_directories(folder + "/run", error);
  if (error || access(folder.c_str(), W_OK | X_OK) != 0) {
    return failed(ExitCode::FolderNotWritable,
                  fmt::format("{}: {}", folder, error ? error.message() : errno_text(errno)));
  }
  return {};
}

Outcome Daemon::Impl::open_stores() {
  const auto config_path = folder + "/config.db";
  const auto calls_path = folder + "/calls.db";
  const auto refuse = [](const std::string& path, const Error& error) {
    return failed(ExitCode::Database, fmt::format("{}: {}", path, error.what));
  };
  auto opened_config = store::ConfigStore::open(config_path);
  if (!opened_config) return refuse(config_path, opened_config.error());
  config_store = std::move(*opened_config);
  auto opened_history = store::ConfigStore::open(config_path);
  if (!opened_history) return refuse(config_path, opened_history.error());
  console_history = std::move(*opened_history);
  auto opened_accounts = store::AccountStore::open(config_path);
  if (!opened_accounts) return refuse(config_path, opened_accounts.error());
  accounts = std::move(*opened_accounts);
  auto opened_writer = store::BatchWriter::open(calls_path);
  if (!opened_writer) return refuse(calls_path, opened_writer.error());
  writer = std::move(*opened_writer);
  auto opened_reader = store::CallRecordReader::open(calls_path);
  if (!opened_reader) return refuse(calls_path, opened_reader.error());
  console_records = std::move(*opened_reader);

  auto loaded = config_store->load(feature_codes());
  if (!loaded) return refuse(config_path, loaded.error());
  config.publish(std::move(*loaded));
  config_writer = std::make_unique<store::ConfigWriter>(config, *config_store, clock);
  return {};
}

// The first start of an empty folder makes an administrator and, unless told otherwise, the example company.
Outcome Daemon::Impl::seed() {
  const auto config_path = folder + "/config.db";
  const auto known = accounts->has_accounts();
  if (!known) return failed(ExitCode::Database, fmt::format("{}: {}", config_path, known.error().what));
  if (!*known) {
    announcement.admin_password = rng.token(kPasswordSize);
    if (const auto made = accounts->create("admin", announcement.admin_password, clock.wall()); !made) {
      return failed(ExitCode::Database, fmt::format("{}: {}", config_path, made.error().what));
    }
  }
  if (!options.example || config.current()->revision() != 0) return {};
  auto company = example_company(rng);
  const auto written = config_writer->write(std::move(company.transaction));
  if (!written) {
    const auto& refusal = written.error();
    const auto why = refusal.storage ? std::string(refusal.storage->what)
                                     : model::describe(refusal.problems.front(), model::Language::English);
    return failed(ExitCode::Database, fmt::format("{}: {}", config_path, why));
  }
  announcement.phones = std::move(company.phones);
  return {};
}

Outcome Daemon::Impl::open_ports() {
  wire = std::make_unique<sip::SocketWire>(shard_loop, sip::SocketWire::Limits{});
  for (const auto& address : options.sip) {
    // A machine without IPv6 is no reason not to start on the default addresses.
    const bool optional_address = !address.ip.is_v4() && address.ip.is_unspecified();
    auto local = address;
    for (const auto transport : {sip::Transport::Udp, sip::Transport::Tcp}) {
      const auto bound = wire->listen(transport, local);
      if (!bound && optional_address && bound.error().detail != EADDRINUSE) break;
      if (!bound) {
        return failed(ExitCode::SipPort, fmt::format("SIP port {} ({}): {}", local.to_string(),
                                                     sip::name(transport), errno_text(bound.error().detail)));
      }
      local = *bound;
      if (transport == sip::Transport::Udp) announcement.sip.push_back(local);
    }
  }
  if (auto opened = open_tls(); !opened) return opened;
  media::LoopEngine::Options media_options;
  media_options.loops =
      options.media_loops != 0 ? options.media_loops : std::min(runtime::core_count(), kMediaLoopsMax);
  media_options.first_port = options.rtp_first;
  media_options.last_port = options.rtp_last;
  media_options.sounds.prompt_folders = options.sounds;
  media_options.sounds.music_folders = {options.music};
  auto engine = media::LoopEngine::start(media_options,
                                         [this](runtime::Task task) { shard_loop.post(std::move(task)); });
  if (!engine) {
    return failed(ExitCode::MediaPorts,
                  fmt::format("media ports {}-{}: {} ({})", options.rtp_first, options.rtp_last,
                              engine.error().what, errno_text(engine.error().detail)));
  }
  media = std::move(*engine);
  return {};
}

Outcome Daemon::Impl::open_tls() {
  if (options.sip_tls.empty()) return {};
  const auto context = certificates.load();
  if (!context) {
    const bool given = !options.certificates.empty();
    return failed(given ? ExitCode::BadOption : ExitCode::FolderNotWritable, context.error());
  }
  wire->set_tls(*context);
  for (const auto& address : options.sip_tls) {
    const bool optional_address = !address.ip.is_v4() && address.ip.is_unspecified();
    const auto bound = wire->listen(sip::Transport::Tls, address);
    if (bound) announcement.sip_tls.push_back(*bound);
    if (bound || (optional_address && bound.error().detail != EADDRINUSE)) continue;
    return failed(ExitCode::SipPort, fmt::format("SIP port {} (TLS): {}", address.to_string(),
                                                 errno_text(bound.error().detail)));
  }
  return {};
}

// Files are read in the caller's thread; new handshakes use them from the shard's next turn.
Result<std::string, std::string> Daemon::Impl::reload_certificates() {
  if (options.sip_tls.empty()) return std::string();
  auto context = certificates.load();
  if (!context) {
    log::warning("tls", "certificates stay as they are: {}", context.error());
    return Unexpected{context.error()};
  }
  shard_loop.post([this, fresh = *context] { wire->set_tls(fresh); });
  auto text = describe(**context);
  log::notice("tls", "certificates are read anew: {}", text::trim(text));
  return text;
}

Outcome Daemon::Impl::open_surfaces() {
  records = std::make_unique<StoredRecords>(*writer);
  bindings = std::make_unique<StoredBindings>(*writer);
  workers = std::make_unique<runtime::WorkerPool>(kWorkers);
  Shard::Options shard_options;
  shard_options.calls.calls_max = options.calls_max;
  shard_options.user_agent.realm = options.realm;
  shard_options.user_agent.digest.clear();
  for (const auto& name : options.digest) {
    shard_options.user_agent.digest.push_back(name == "md5" ? sip::digest::Algorithm::Md5
                                                            : sip::digest::Algorithm::Sha256);
  }
  shard_options.user_agent.server = fmt::format("XiVO/{}", kVersion);
  dns = open_dns(shard_loop, options);
  shard = std::make_unique<Shard>(shard_loop.scheduler(),
                                  Shard::Parts{*wire, *media, config, *records, *bindings, dns.get()},
                                  shard_options);
  wire->set_user(*shard);

  const auto calls_path = folder + "/calls.db";
  const auto rows = store::BindingStore::load(calls_path);
  if (!rows) return failed(ExitCode::Database, fmt::format("{}: {}", calls_path, rows.error().what));
  std::vector<endpoint::Binding> restored;
  for (const auto& row : *rows) {
    if (auto binding = to_binding(row)) restored.push_back(std::move(*binding));
  }
  shard->user_agent().registrar().restore(std::move(restored));

  watch_console();
  announcement.console_socket = folder + "/run/xivo.sock";
  if (const auto listening = console->listen(announcement.console_socket); !listening) {
    return failed(ExitCode::Console,
                  fmt::format("{}: {}", announcement.console_socket, listening.error().what));
  }
  auto opened =
      Web::open({options.http, folder, web_loop, shard_loop, *workers, *shard, config, *config_writer});
  if (!opened) {
    return failed(ExitCode::HttpPort, fmt::format("HTTP port {}: {} ({})", options.http.to_string(),
                                                  opened.error().what, errno_text(opened.error().detail)));
  }
  web = std::move(*opened);
  announcement.http = web->address();
  return {};
}

// ---------------------------------------------------------------------------------------------------- console

void Daemon::Impl::watch_console() {
  ConsoleAdapter::Parts parts{
      web_loop,
      shard_loop,
      *shard,
      config,
      *console_records,
      *console_history,
      [this](bool graceful) {
        if (!graceful) return static_cast<void>(kill(getpid(), SIGTERM));
        shard_loop.post([this] {
          shard->calls().close();
          drain_then_stop();
        });
      },
      [this](const console::SipDebug& filter) {
        shard_loop.post([this, filter] {
          if (filter.mode == console::SipDebug::Mode::Off) return wire->set_tap({});
          wire->set_tap([this, filter](bool sent, const sip::Flow& flow, std::string_view bytes) {
            if (!wanted(filter, flow)) return;
            web_loop.post([this, text = debug_text(sent, flow, bytes)] { console->publish_sip_debug(text); });
          });
        });
      },
      [this](std::function<void(console::ReloadedCertificates)> done) {
        workers->submit([this, done = std::move(done)] {
          const auto text = reload_certificates();
          console::ReloadedCertificates told{!text, text ? *text : text.error()};
          web_loop.post([done, told] { done(told); });
        });
      }};
  console_adapter = std::make_unique<ConsoleAdapter>(std::move(parts));
  console = std::make_unique<console::ConsoleServer>(web_loop, *console_adapter);
  shard->calls().events().subscribe([this](const call::Event& event) {
    const int highest = console_adapter->verbose();
    if (highest == 0) return;
    auto line = verbose_line(event);
    if (line.level > highest) return;
    web_loop.post([this, kept = std::move(line)] { console->publish_verbose(kept.level, kept.text); });
  });
}

void Daemon::Impl::drain_then_stop() {
  if (shard->calls().call_count() == 0) return static_cast<void>(kill(getpid(), SIGTERM));
  shard_loop.timers().set(kDrainCheck, [this] { drain_then_stop(); });
}

void Daemon::Impl::housekeeping() {
  writer->tick();
  web_loop.timers().set(kHousekeeping, [this] { housekeeping(); });
}

// ---------------------------------------------------------------------------------------------------- running

void Daemon::Impl::start_threads() {
  housekeeping();
  shard_thread = runtime::Thread("shard", [this] { shard_loop.run(); });
  web_thread = runtime::Thread("web", [this] { web_loop.run(); });
}

// BYE to everybody; phones that do not answer in time are left to find out by themselves.
void Daemon::Impl::say_goodbye() {
  std::promise<void> over;
  auto gone = over.get_future();
  const auto deadline = shard_loop.clock().now() + kGoodbyeMax;
  runtime::Task check;
  check = [&] {
    if (shard->calls().call_count() == 0 || shard_loop.clock().now() >= deadline) return over.set_value();
    shard_loop.timers().set(kGoodbyeCheck, check);
  };
  shard_loop.post([&] {
    shard->calls().close();
    shard->calls().hang_up_all(call::Cause::NormalClearing);
    check();
  });
  gone.wait();
}

Daemon::Daemon(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Daemon::~Daemon() = default;

Result<void, StartFailure> Daemon::start() {
  block_signals(impl_->signals);
  umask(0027);
  if (impl_->options.debug) log::set_level(log::Level::Debug);
  for (const auto step :
       {&Impl::make_folder, &Impl::open_stores, &Impl::seed, &Impl::open_ports, &Impl::open_surfaces}) {
    if (auto done = (impl_.get()->*step)(); !done) return done;
  }
  impl_->start_threads();
  return {};
}

void Daemon::announce() const {
  auto& announcement = impl_->announcement;
  const auto config = impl_->config.current();
  announcement.revision = config->revision();
  announcement.users = config->users().size();
  announcement.lines = config->lines().size();
  std::fputs(text_of(announcement).c_str(), stdout);
  std::fflush(stdout);
}

void Daemon::run() {
  int signal = SIGHUP;
  while (signal == SIGHUP) {
    sigwait(&impl_->signals, &signal);
    if (signal == SIGHUP) impl_->workers->submit([this] { (void)impl_->reload_certificates(); });
  }
  log::notice("daemon", "stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
  impl_->say_goodbye();
  impl_.reset();
}

}  // namespace xivo::app
