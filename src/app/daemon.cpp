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

#include "app/access_seed.hpp"
#include "app/announce.hpp"
#include "app/certificates.hpp"
#include "app/console_adapter.hpp"
#include "app/engine.hpp"
#include "app/memory_budget.hpp"
#include "app/record_adapter.hpp"
#include "app/seed.hpp"
#include "app/sip_debug.hpp"
#include "app/upgrade.hpp"
#include "app/version.hpp"
#include "app/web/web.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "console/console_server.hpp"
#include "runtime/log_writer.hpp"
#include "runtime/loop.hpp"
#include "runtime/process.hpp"
#include "runtime/thread.hpp"
#include "runtime/watchdog.hpp"
#include "runtime/worker_pool.hpp"
#include "store/account_store.hpp"
#include "store/batch_writer.hpp"
#include "store/call_record_store.hpp"
#include "store/config_store.hpp"
#include "store/config_writer.hpp"

namespace xivo::app {
namespace {

constexpr auto kDrainCheck = std::chrono::milliseconds(100);
constexpr auto kHousekeeping = std::chrono::seconds(1);
constexpr auto kGiveBackEvery = std::chrono::seconds(10);
constexpr unsigned kWorkers = 2;

using Outcome = Result<void, StartFailure>;

Outcome failed(ExitCode code, std::string text) { return Unexpected{StartFailure{code, std::move(text)}}; }

std::string errno_text(std::int64_t number) { return std::strerror(static_cast<int>(number)); }

void block_signals(sigset_t& set) {
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file at its limit is an error of the write, like a full disk
}

std::string_view name_of(int signal) {
  switch (signal) {
    case SIGINT: return "SIGINT";
    case SIGUSR1: return "SIGUSR1";
    default: return "SIGTERM";
  }
}

}  // namespace

struct Daemon::Impl {
  explicit Impl(Options given) : options(std::move(given)) {}
  ~Impl();

  Outcome make_folder();
  Outcome open_stores();
  Outcome seed();
  Outcome seed_numbering(bool first);
  Outcome write(model::Transaction transaction);
  Outcome load_certificates();
  Outcome open_engine();
  Result<std::string, std::string> reload_certificates();
  Outcome open_surfaces();
  Outcome open_web();
  void start_threads();
  Outcome restore();
  void watch_console();
  void housekeeping();
  void watch_memory();
  void wait_for_the_end();

  runtime::LogWriter log_writer{STDERR_FILENO};
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

  MemoryBudget memory{std::size_t{options.memory_max_mb} << 20};
  runtime::Instant gave_back_memory_at{};
  std::unique_ptr<runtime::Watchdog> watchdog;
  runtime::Loop web_loop{"web"};
  std::unique_ptr<runtime::WorkerPool> workers;
  WebSocketHub browsers{
      {web_loop.scheduler(), [this](runtime::Task task) { return web_loop.post(std::move(task)); }}};
  Certificates certificates{options, clock};
  std::shared_ptr<const runtime::TlsContext> tls;  // as the start read it; none when nothing needs it
  std::unique_ptr<StoredRecords> records;
  std::unique_ptr<StoredBindings> bindings;
  std::unique_ptr<StoredBans> bans;
  std::unique_ptr<StoredTollBlocks> toll_blocks;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<ConsoleAdapter> console_adapter;
  std::unique_ptr<console::ConsoleServer> console;
  std::unique_ptr<Web> web;
  runtime::Thread web_thread;
};

// Threads first, then what they used, the databases last; what is not there yet was never started.
Daemon::Impl::~Impl() {
  web_loop.stop();
  if (engine) engine->stop();
  web_thread.join();
  workers.reset();
  config_writer.reset();  // what it was given is written, and told to those below
  web.reset();
  console.reset();
  console_adapter.reset();
  engine.reset();
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

  auto loaded = config_store->load();
  if (!loaded) return refuse(config_path, loaded.error());
  config.publish(std::move(*loaded));
  config_writer = std::make_unique<store::ConfigWriter>(config, *config_store, clock);
  return {};
}

// The first start of an empty folder makes an administrator and, unless told otherwise, the example company.
Outcome Daemon::Impl::seed() {
  const auto config_path = folder + "/config.db";
  const bool first = config.current()->revision() == 0;
  auto password = seed_access({config, *config_writer, *accounts, clock, rng});
  if (!password) return failed(ExitCode::Database, fmt::format("{}: {}", config_path, password.error()));
  announcement.admin_password = std::move(*password);
  if (const auto outcome = write(missing_feature_codes(*config.current(), feature_codes())); !outcome)
    return outcome;
  if (const auto outcome = seed_numbering(first); !outcome) return outcome;
  if (!options.example || !first) return {};
  auto company = example_company(rng);
  announcement.phones = std::move(company.phones);
  return write(std::move(company.transaction));
}

// Contexts: a first start makes those that XiVO starts with, a database of before 0.2 has its own brought into today's shape.
Outcome Daemon::Impl::seed_numbering(bool first) {
  const auto now = config.current();
  if (!now->objects<model::Context>().empty()) return {};
  if (first) return write(first_objects());
  const auto lines = config_store->stored("line");
  if (!lines) return failed(ExitCode::Database, fmt::format("{}/config.db: {}", folder, lines.error().what));
  return write(upgrade_numbers(*now, *lines));
}

Outcome Daemon::Impl::write(model::Transaction transaction) {
  if (transaction.changes.empty()) return {};
  transaction.review = model::Review::None;
  const auto written = config_writer->write(std::move(transaction));
  if (written) return {};
  const auto& refusal = written.error();
  const auto why = refusal.storage ? std::string(refusal.storage->what)
                                   : model::describe(refusal.problems.front(), model::Language::English);
  return failed(ExitCode::Database, fmt::format("{}/config.db: {}", folder, why));
}

Outcome Daemon::Impl::load_certificates() {
  if (options.sip_tls.empty() && !options.https) return {};
  auto context = certificates.load();
  if (!context) {
    const bool given = !options.certificates.empty();
    return failed(given ? ExitCode::BadOption : ExitCode::FolderNotWritable, context.error());
  }
  tls = std::move(*context);
  return {};
}

Outcome Daemon::Impl::open_engine() {
  records = std::make_unique<StoredRecords>(*writer);
  bindings = std::make_unique<StoredBindings>(*writer);
  bans = std::make_unique<StoredBans>(*writer);
  toll_blocks = std::make_unique<StoredTollBlocks>(*writer);
  const auto key = gruu_key(folder + "/gruu.key", rng);
  if (!key)
    return failed(ExitCode::FolderNotWritable, fmt::format("{}/gruu.key: {}", folder, key.error().what));
  const auto desk = [this](model::Transaction transaction, std::function<void(bool)> done) {
    return config_writer->submit(
        std::move(transaction),
        [done = std::move(done)](const store::ConfigWriter::Outcome& outcome) { done(outcome.has_value()); });
  };
  auto opened = Engine::open(options, {config, *records, *bindings, *bans, *key, tls, desk, &browsers});
  if (!opened) return Unexpected{opened.error()};
  engine = std::move(*opened);
  announcement.sip = engine->addresses();
  announcement.sip_tls = engine->tls_addresses();
  return restore();
}

// What the last run knew.
Outcome Daemon::Impl::restore() {
  const auto calls_path = folder + "/calls.db";
  const auto rows = store::BindingStore::load(calls_path);
  if (!rows) return failed(ExitCode::Database, fmt::format("{}: {}", calls_path, rows.error().what));
  std::vector<endpoint::Binding> restored;
  for (const auto& row : *rows) {
    if (auto binding = to_binding(row)) restored.push_back(std::move(*binding));
  }
  engine->shards().restore(std::move(restored));
  const auto ban_rows = store::BanStore::load(calls_path);
  if (!ban_rows) return failed(ExitCode::Database, fmt::format("{}: {}", calls_path, ban_rows.error().what));
  std::vector<endpoint::Ban> restored_bans;
  for (const auto& row : *ban_rows) {
    if (auto ban = to_ban(row)) restored_bans.push_back(std::move(*ban));
  }
  engine->shards().restore_bans(std::move(restored_bans));
  const auto toll_rows = store::TollBlockStore::load(calls_path);
  if (!toll_rows)
    return failed(ExitCode::Database, fmt::format("{}: {}", calls_path, toll_rows.error().what));
  call::TollMeter& toll = engine->shards().toll();
  toll_blocks->restore(*toll_rows, *config.current(), toll);
  toll.keep_in(*toll_blocks);
  return {};
}

// Files are read in the caller's thread; new handshakes use them from the shards' next turn.
Result<std::string, std::string> Daemon::Impl::reload_certificates() {
  if (options.sip_tls.empty() && !options.https) return std::string();
  auto context = certificates.load();
  if (!context) {
    log::warning("tls", "certificates stay as they are: {}", context.error());
    return Unexpected{context.error()};
  }
  if (!options.sip_tls.empty()) engine->set_tls(*context);
  if (options.https) web_loop.post([this, fresh = *context] { web->set_tls(fresh); });
  auto text = describe(**context);
  log::notice("tls", "certificates are read anew: {}", text::trim(text));
  return text;
}

Outcome Daemon::Impl::open_surfaces() {
  workers = std::make_unique<runtime::WorkerPool>(kWorkers);
  watch_console();
  announcement.console_socket = folder + "/run/xivo.sock";
  if (const auto listening = console->listen(announcement.console_socket); !listening) {
    return failed(ExitCode::Console,
                  fmt::format("{}: {}", announcement.console_socket, listening.error().what));
  }
  return open_web();
}

Outcome Daemon::Impl::open_web() {
  const auto refuse = [](std::string_view what, const SocketAddress& address, const Error& error) {
    return failed(ExitCode::HttpPort, fmt::format("{} port {}: {} ({})", what, address.to_string(),
                                                  error.what, errno_text(error.detail)));
  };
  auto opened = Web::open({options.http, folder, options.web, web_loop, *workers, engine->shards(), config,
                           *config_writer, browsers});
  if (!opened) return refuse("HTTP", options.http, opened.error());
  web = std::move(*opened);
  announcement.http = web->address();
  if (options.https) {
    const auto listening = web->listen_tls(*options.https, tls);
    if (!listening) return refuse("HTTPS", *options.https, listening.error());
    announcement.https = *listening;
  }
  announcement.rest_socket = folder + "/run/api.sock";
  if (const auto listening = web->listen_unix(announcement.rest_socket); !listening) {
    return failed(ExitCode::Console, fmt::format("{}: {}", announcement.rest_socket, listening.error().what));
  }
  return {};
}

// ---------------------------------------------------------------------------------------------------- console

void Daemon::Impl::watch_console() {
  ConsoleAdapter::Parts parts{
      web_loop,
      engine->shards(),
      config,
      *console_records,
      *console_history,
      [](bool graceful) { kill(getpid(), graceful ? SIGUSR1 : SIGTERM); },
      [this](const console::SipDebug& filter) {
        if (filter.mode == console::SipDebug::Mode::Off) return engine->set_tap({});
        engine->set_tap([this, filter](bool sent, const sip::Flow& flow, std::string_view bytes) {
          if (!wanted(filter, flow)) return;
          web_loop.post([this, text = debug_text(sent, flow, bytes)] { console->publish_sip_debug(text); });
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
  for (std::size_t i = 0; i < engine->shards().size(); ++i) {
    engine->shards().shard(i).calls().events().subscribe([this](const call::Event& event) {
      const int highest = console_adapter->verbose();
      if (highest == 0) return;
      auto line = verbose_line(event);
      if (line.level > highest) return;
      web_loop.post([this, kept = std::move(line)] { console->publish_verbose(kept.level, kept.text); });
    });
  }
}

// Looked at once a second, so what a second brings has to fit beside the budget.
void Daemon::Impl::watch_memory() {
  if (!memory.limited()) return;
  const bool before = memory.exhausted();
  const auto used = runtime::resident_bytes();
  const bool now = memory.update(used);
  if (now && clock.now() - gave_back_memory_at >= kGiveBackEvery) {
    gave_back_memory_at = clock.now();
    workers->submit([] { runtime::give_back_memory(); });
  }
  if (now == before) return;
  engine->set_short(now);
  if (now) {
    log::warning("daemon", "memory: {} MB are in use, {} are allowed; new calls are refused", used >> 20,
                 options.memory_max_mb);
  } else {
    log::notice("daemon", "memory: {} MB are in use; new calls are taken again", used >> 20);
  }
}

void Daemon::Impl::housekeeping() {
  writer->tick();
  watch_memory();
  web_loop.timers().set(kHousekeeping, [this] { housekeeping(); });
}

// ---------------------------------------------------------------------------------------------------- running

void Daemon::Impl::start_threads() {
  housekeeping();
  watchdog = std::make_unique<runtime::Watchdog>(runtime::Watchdog::Limits{});
  engine->start();
  web_thread = runtime::Thread("web", [this] { web_loop.run(); });
}

void Daemon::Impl::wait_for_the_end() {
  int signal = SIGHUP;
  while (signal == SIGHUP) {
    sigwait(&signals, &signal);
    if (signal == SIGHUP) workers->submit([this] { (void)reload_certificates(); });
  }
  const bool without_end = signal == SIGUSR1;
  if (!without_end && options.drain.count() == 0) {
    return log::notice("daemon", "stopping on {}", name_of(signal));
  }
  log::notice("daemon", "stopping on {} when the last of {} calls has ended", name_of(signal),
              engine->calls());
  engine->close();
  const auto deadline = clock.now() + options.drain;
  timespec pause{};
  pause.tv_nsec = std::chrono::nanoseconds(kDrainCheck).count();
  while (engine->calls() > 0 && (without_end || clock.now() < deadline)) {
    const int another = sigtimedwait(&signals, nullptr, &pause);
    if (another != SIGINT && another != SIGTERM) continue;
    log::notice("daemon", "stopping at once on {}", name_of(another));
    break;
  }
}

Daemon::Daemon(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Daemon::~Daemon() = default;

Result<void, StartFailure> Daemon::start() {
  block_signals(impl_->signals);
  umask(0027);
  runtime::raise_descriptors_max();
  if (impl_->options.debug) log::set_level(log::Level::Debug);
  for (const auto step : {&Impl::make_folder, &Impl::open_stores, &Impl::seed, &Impl::load_certificates,
                          &Impl::open_engine, &Impl::open_surfaces}) {
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
  impl_->wait_for_the_end();
  impl_->engine->say_goodbye();
  impl_.reset();
}

}  // namespace xivo::app
