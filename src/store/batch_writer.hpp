#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/worker_pool.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// Writes call records and bindings behind everybody's back: jobs from any thread go into a bounded queue, and one
/// thread commits what has come together within kGather as one transaction: a transaction costs as much as ten rows.
///
/// What was accepted is on disk a little later than that, in the order it was given; kill -9 takes at most the jobs of
/// that time, and never a part of a job. While the file is locked, jobs wait and are tried again and again; while
/// the disk is full they are tried again with the next job, tick() or flush().
/// Thread  write() and tick() any, never blocking; flush() blocks.
class BatchWriter {
 public:
  /// Statements of one job; an error undoes this job only. Runs in the writer's thread, perhaps more than once.
  using Job = std::function<Result<void>(Database&)>;

  static constexpr std::size_t kWaitingMax = 32'768;  // jobs accepted and not yet on disk
  static constexpr std::size_t kBatchMax = 512;  // jobs of one transaction
  static constexpr std::chrono::milliseconds kGather{50};  // how long the first job waits for others

  /// Opens the database of calls (call_migrations()). `patience`: how long one attempt waits for a locked file.
  static Result<std::unique_ptr<BatchWriter>> open(
      const std::string& path, std::chrono::milliseconds patience = std::chrono::seconds(1),
      std::chrono::milliseconds gather = kGather);
  /// Flushes first.
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Returns false, and drops the job, when kWaitingMax are waiting.
  bool write(Job job);
  /// Tries again what a full disk held up; call it every few seconds.
  void tick();
  /// Waits until everything accepted is on disk, or has been tried once more.
  /// Errors  why jobs still wait
  Result<void> flush();
  [[nodiscard]] std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

 private:
  BatchWriter(Database database, std::chrono::milliseconds gather)
      : database_(std::move(database)), gather_(gather) {}
  void accept(Job job);
  [[nodiscard]] bool wait_for_others();
  void commit_pending();
  void try_again();
  Result<void> commit_batch(std::size_t count);
  Result<bool> commit_together(std::size_t count);
  Result<void> commit_one_by_one(std::size_t count);
  Result<void> run_job(const Job& job);

  Database database_;  // worker thread
  const std::chrono::milliseconds gather_;
  std::chrono::steady_clock::time_point
      gather_until_{};  // worker thread: when pending_ is committed at the latest
  std::vector<Job> pending_;  // worker thread
  std::optional<Error> held_up_;  // worker thread: why pending_ could not be committed last time
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> queued_{0};  // handed to the worker, not yet in pending_
  std::atomic<bool> trying_{false};  // another attempt is on its way
  std::atomic<int> flushing_{0};
  std::atomic<bool> closing_{false};
  runtime::WorkerPool worker_{1};  // last: joins before the rest goes
};

}  // namespace xivo::store
