#include "api/access/audit_book.hpp"

#include <array>
#include <iterator>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace xivo::api {
namespace {

using store::AuditEntry;
using store::AuditStore;

metrics::Counter dropped(
    "xivo_api_audit_dropped_total",
    "entries of the log of accesses that found no room and are only in the program's log");

struct EventName {
  AuditEvent event;
  std::string_view name;
};

constexpr std::array kNames{
    EventName{AuditEvent::Login, "login"},
    EventName{AuditEvent::LoginRefused, "login-refused"},
    EventName{AuditEvent::Logout, "logout"},
    EventName{AuditEvent::SessionEnded, "session-ended"},
    EventName{AuditEvent::Forbidden, "forbidden"},
    EventName{AuditEvent::PasswordChanged, "password-changed"},
    EventName{AuditEvent::SecondFactorChanged, "totp-changed"},
    EventName{AuditEvent::RecoveryCodesMade, "recovery-codes-made"},
    EventName{AuditEvent::TokenCreated, "token-created"},
    EventName{AuditEvent::TokenRemoved, "token-removed"},
    EventName{AuditEvent::TokenUsedFirst, "token-used-first"},
    EventName{AuditEvent::SecretRevealed, "secret-revealed"},
    EventName{AuditEvent::TollReleased, "toll-released"},
};

/// As it may stand between quotes in a line of the log: what others typed forges no entry there.
std::string quoted(std::string text) {
  for (char& c : text) {
    if (c == '"' || static_cast<unsigned char>(c) < ' ') c = '\'';
  }
  return text;
}

}  // namespace

std::string_view name(AuditEvent event) {
  for (const auto& row : kNames) {
    if (row.event == event) return row.name;
  }
  return "";
}

const std::vector<std::string_view>& audit_event_names() {
  static const std::vector<std::string_view> kAll = [] {
    std::vector<std::string_view> all;
    for (const auto& row : kNames) all.push_back(row.name);
    return all;
  }();
  return kAll;
}

struct AuditBook::State : std::enable_shared_from_this<State> {
  State(runtime::Loop& l, runtime::WorkerPool& workers, std::shared_ptr<AuditStore> a)
      : loop(l), audit(std::move(a)), strand(l, workers, kWaitingMax) {}

  struct Item {
    AuditEntry entry;
    Written done;  // may be none
  };

  void add(Note note, Written done) {
    log::notice("security", R"(event="{}" account="{}" remote="{}" detail="{}")", name(note.event),
                quoted(note.account), quoted(note.source), quoted(note.detail));
    if (waiting.size() >= kWaitingMax) {
      dropped.add();
      if (done) done(fail(kTooManyWaiting));
      return;
    }
    waiting.push_back({{.at = loop.clock().wall(),
                        .account = std::move(note.account),
                        .event = std::string(name(note.event)),
                        .source = std::move(note.source),
                        .detail = std::move(note.detail)},
                       std::move(done)});
    flush();
  }

  void flush() {
    if (writing || waiting.empty()) return;
    writing = true;
    auto batch = std::make_shared<std::vector<Item>>(std::move(waiting));
    waiting.clear();
    const bool accepted = run_then(
        strand, loop,
        [batch, store = audit, now = loop.clock().wall()] {
          std::vector<AuditEntry> entries;
          for (const Item& item : *batch) entries.push_back(item.entry);
          return store->append(entries, now);
        },
        [batch, weak = weak_from_this()](const Result<void>& result) {
          if (const auto alive = weak.lock()) alive->written(*batch, result);
        });
    if (!accepted) written(*batch, fail(kTooManyWaiting));
  }

  /// Entries that nobody waits for are tried again; who waits is told.
  void written(std::vector<Item>& batch, const Result<void>& result) {
    writing = false;
    for (const Item& item : batch) {
      if (item.done) item.done(result);
    }
    if (result) return flush();
    log::warning("api", "the log of accesses waits: {}", result.error().what);
    std::erase_if(batch, [](const Item& item) { return static_cast<bool>(item.done); });
    batch.insert(batch.end(), std::make_move_iterator(waiting.begin()),
                 std::make_move_iterator(waiting.end()));
    waiting = std::move(batch);
    loop.timers().set(kTryAgain, [weak = weak_from_this()] {
      if (const auto alive = weak.lock()) alive->flush();
    });
  }

  runtime::Loop& loop;
  std::shared_ptr<AuditStore> audit;
  Strand strand;
  std::vector<Item> waiting;
  bool writing = false;
};

AuditBook::AuditBook(runtime::Loop& loop, runtime::WorkerPool& workers, std::shared_ptr<AuditStore> audit)
    : state_(std::make_shared<State>(loop, workers, std::move(audit))) {}

void AuditBook::note(Note note) { state_->add(std::move(note), {}); }
void AuditBook::write(Note note, Written done) { state_->add(std::move(note), std::move(done)); }

void AuditBook::list(store::AuditFilter filter, Listed done) {
  const bool accepted = run_then(
      state_->strand, state_->loop,
      [filter = std::move(filter), audit = state_->audit] { return audit->list(filter); }, done);
  if (!accepted) done(fail(kTooManyWaiting));
}

}  // namespace xivo::api
