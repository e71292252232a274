#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "app/shard_team.hpp"
#include "console/console_view.hpp"
#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"
#include "store/call_record_store.hpp"
#include "store/config_store.hpp"

namespace xivo::app {

/// What the console knows of the engine: each question travels through the shards (or to a worker, when only the database
/// knows) and its answer travels back to the web loop.
/// Thread  the web loop's.
class ConsoleAdapter final : public console::ConsoleView {
 public:
  struct Parts {
    runtime::Loop& web;
    ShardTeam& shards;
    const model::ConfigSource& config;
    store::CallRecordReader& records;  // this adapter's own
    store::ConfigStore& history;  // likewise: a second reader beside the writer
    /// Ends the process; `graceful`: after the last call.
    std::function<void(bool graceful)> stop;
    std::function<void(const console::SipDebug&)> set_sip_debug;
    std::function<void(std::function<void(console::ReloadedCertificates)> done)> reload_certificates;
  };

  explicit ConsoleAdapter(Parts parts);

  [[nodiscard]] console::Version version() const override;
  void snapshot(std::function<void(console::EngineSnapshot)> done) override;
  void hang_up(std::optional<std::string> channel, std::function<void(std::size_t)> done) override;
  void trace(std::string call, console::Language language,
             std::function<void(std::optional<console::TraceListing>)> done) override;
  void last_calls(std::size_t count, std::function<void(std::vector<console::CallSummary>)> done) override;
  void reload_certificates(std::function<void(console::ReloadedCertificates)> done) override {
    parts_.reload_certificates(std::move(done));
  }
  void bans(std::function<void(console::BanListing)> done) override;
  void add_ban(IpNetwork network, std::string detail, std::string author,
               std::function<void(std::optional<console::Ban>)> done) override;
  void release_bans(IpNetwork network, std::string author,
                    std::function<void(std::vector<console::Ban>)> done) override;
  void set_sip_debug(const console::SipDebug& filter) override { parts_.set_sip_debug(filter); }
  std::vector<console::TollAccount> toll_accounts() override;
  bool release_toll(bool is_trunk, std::int64_t id, const std::string& author) override;
  void set_core_debug(int level) override;
  void set_verbose(int highest) override { verbose_.store(highest, std::memory_order_relaxed); }
  void stop(bool graceful) override { parts_.stop(graceful); }

  /// The highest level an open console wants. Thread  any.
  [[nodiscard]] int verbose() const { return verbose_.load(std::memory_order_relaxed); }

 private:
  void stored_trace(std::string call, std::function<void(std::optional<console::TraceListing>)> done);

  Parts parts_;
  runtime::WallTime started_;
  std::atomic<int> verbose_{0};
  runtime::WorkerPool reader_{1};  // last: joins before what it reads goes
};

/// The line of Asterisk's console for an event, and the verbosity that asks for it.
struct VerboseLine {
  int level;
  std::string text;
};
VerboseLine verbose_line(const call::Event& event);

}  // namespace xivo::app
