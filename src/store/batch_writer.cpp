#include "store/batch_writer.hpp"

#include <thread>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "store/migration.hpp"

namespace xivo::store {

namespace {

metrics::Counter written("store_jobs_written", "call records and bindings written to the database");
metrics::Counter refused("store_jobs_refused",
                         "call records and bindings dropped because too many were waiting");
metrics::Counter failures("store_jobs_failed", "call records and bindings that the database refused");
metrics::Counter held("store_batches_held_up", "batches that a locked database or a full disk held up");

/// Whether an error is about the row that a job wanted to write, and would be the same the next time.
bool is_of_the_job(const Error& error) {
  const Failure failure = failure_of(error);
  return failure == Failure::Constraint || failure == Failure::Other;
}

}  // namespace

Result<std::unique_ptr<BatchWriter>> BatchWriter::open(const std::string& path,
                                                       std::chrono::milliseconds patience,
                                                       std::chrono::milliseconds gather) {
  auto database = open_calls(path);
  if (!database) return Unexpected{database.error()};
  database->set_busy_timeout(patience);
  return std::unique_ptr<BatchWriter>(new BatchWriter(std::move(*database), gather));
}

BatchWriter::~BatchWriter() {
  closing_ = true;
  if (const auto done = flush(); !done) {
    log::error("store", "{} call records or bindings could not be written: {}", waiting(), done.error().what);
  }
}

bool BatchWriter::write(Job job) {
  if (waiting_.fetch_add(1) >= kWaitingMax) {
    waiting_.fetch_sub(1);
    refused.add();
    return false;
  }
  queued_.fetch_add(1);
  if (worker_.submit([this, job = std::move(job)]() mutable { accept(std::move(job)); })) return true;
  queued_.fetch_sub(1);
  waiting_.fetch_sub(1);
  refused.add();
  return false;
}

void BatchWriter::tick() {
  if (waiting() > 0) try_again();
}

void BatchWriter::try_again() {
  if (trying_.exchange(true)) return;
  const bool accepted = worker_.submit([this] {
    trying_ = false;
    commit_pending();
  });
  if (!accepted) trying_ = false;
}

Result<void> BatchWriter::flush() {
  std::optional<Error> why;
  flushing_.fetch_add(1);  // or a locked file would keep the worker busy for ever
  worker_.submit([this, &why] {
    commit_pending();
    why = held_up_;
  });
  worker_.drain();
  flushing_.fetch_sub(1);
  if (!why) return {};
  if (!closing_) try_again();
  return Unexpected{*why};
}

/// Commits when the time to gather is over and nothing else is on its way: jobs that arrive meanwhile make up the batch,
/// those that arrive during a commit the next one.
void BatchWriter::accept(Job job) {
  if (pending_.empty()) {
    const auto now = std::chrono::steady_clock::now();  // lint: allow clock of the thread's own sleep
    gather_until_ = now + gather_;
  }
  pending_.push_back(std::move(job));
  const bool last = queued_.fetch_sub(1) == 1;
  const bool full = pending_.size() >= kBatchMax && !held_up_;
  if (full || (last && !wait_for_others())) commit_pending();
}

/// Sleeps until the batch is due. Returns whether others came: the last of them commits.
bool BatchWriter::wait_for_others() {
  if (held_up_ || closing_ || flushing_ > 0) return false;
  std::this_thread::sleep_until(gather_until_);  // lint: allow sleep this thread blocks by trade
  return queued_ > 0;
}

void BatchWriter::commit_pending() {
  while (!pending_.empty()) {
    const std::size_t count = std::min(pending_.size(), kBatchMax);
    if (const auto done = commit_batch(count); !done) {
      if (!held_up_) log::warning("store", "call records wait: {}", done.error().what);
      held_up_ = done.error();
      held.add();
      // SQLite itself has waited for the lock: this is no busy loop. A full disk waits for tick() or the next job.
      if (failure_of(*held_up_) == Failure::Locked && flushing_ == 0 && !closing_) try_again();
      return;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    waiting_.fetch_sub(count);
    if (held_up_) log::notice("store", "call records are written again");
    held_up_.reset();
  }
}

Result<void> BatchWriter::commit_batch(std::size_t count) {
  const auto together = commit_together(count);
  if (!together) return Unexpected{together.error()};
  return *together ? Result<void>() : commit_one_by_one(count);
}

/// Nearly always all rows are taken: no savepoint for each. Returns false, and has changed nothing, when one was not.
Result<bool> BatchWriter::commit_together(std::size_t count) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  for (std::size_t i = 0; i < count; ++i) {
    const auto ran = pending_[i](database_);
    if (!ran && is_of_the_job(ran.error())) return false;
    if (!ran) return Unexpected{ran.error()};
  }
  if (auto committed = transaction->commit(); !committed) return Unexpected{committed.error()};
  written.add(static_cast<std::int64_t>(count));
  return true;
}

Result<void> BatchWriter::commit_one_by_one(std::size_t count) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  std::int64_t done = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto ran = run_job(pending_[i]);
    if (!ran && !is_of_the_job(ran.error())) return ran;
    if (ran) ++done;
  }
  if (auto committed = transaction->commit(); !committed) return committed;
  written.add(done);
  failures.add(static_cast<std::int64_t>(count) - done);
  return {};
}

/// A row that the tables refuse must not take the rest of its batch along.
Result<void> BatchWriter::run_job(const Job& job) {
  if (auto done = database_.run("SAVEPOINT job"); !done) return done;
  const auto ran = job(database_);
  if (ran) return database_.run("RELEASE job");
  if (is_of_the_job(ran.error())) {
    log::error("store", "a call record or binding was refused: {} ({})", ran.error().what,
               ran.error().detail);
    if (auto undone = database_.script("ROLLBACK TO job; RELEASE job"); !undone) return undone;
  }
  return ran;
}

}  // namespace xivo::store
