#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call/cause.hpp"
#include "call/script.hpp"
#include "model/value.hpp"
#include "runtime/clock.hpp"

namespace xivo::model {
struct User;
}

namespace xivo::call {

class FeatureRun;

/// What a running feature may do to the call it has been given: one leg, no SIP.
///
/// Everything to be waited for is an awaitable: `co_await context.play("demo-echotest")`. The context is a small value;
/// it stays usable as long as its script lives.
/// Thread  the shard's.
class FeatureContext {
 public:
  /// co_await gives the result that the FeatureRun stores; `Take` reads it.
  template <class Result>
  class Awaitable {
   public:
    using Begin = void (*)(FeatureRun&, const Awaitable&);
    using Take = Result (*)(FeatureRun&);
    Awaitable(FeatureRun& run, Begin begin, Take take) : run_(run), begin_(begin), take_(take) {}

    std::string text;
    std::int64_t id = 0;
    model::Value fields;
    runtime::Duration duration{};

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting);
    Result await_resume() { return take_(run_); }

   private:
    FeatureRun& run_;
    Begin begin_;
    Take take_;
  };

  explicit FeatureContext(FeatureRun& run) : run_(&run) {}

  /// Answers the call; resumes when the phone has confirmed.
  [[nodiscard]] Awaitable<void> answer() const;
  /// Opens the sound path without answering, for announcements that must not be charged. At once.
  void progress() const;
  /// Plays one prompt in the caller's language. Gives whether it was heard to its end (a missing file gives false).
  [[nodiscard]] Awaitable<bool> play(std::string_view sound) const;
  [[nodiscard]] Awaitable<void> wait(runtime::Duration duration) const;
  /// The next key pressed (kept if it came earlier); nothing when `timeout` passes first.
  [[nodiscard]] Awaitable<std::optional<char>> digit(runtime::Duration timeout) const;
  /// Who calls, as configured when the call began; null: nobody's line.
  [[nodiscard]] const model::User* user() const;
  /// Changes fields of the caller's own user; gives whether that was saved, after at most ten seconds.
  [[nodiscard]] Awaitable<bool> change_user(model::Value fields) const;
  /// Changes fields of any object, as change_user() does. Whoever calls must have shown that he may.
  [[nodiscard]] Awaitable<bool> change(std::string_view kind, std::int64_t id, model::Value fields) const;
  /// The configuration that the call began with; null when its leg is gone.
  [[nodiscard]] const model::Config* config() const;
  [[nodiscard]] std::chrono::sys_seconds now() const;
  /// What the script found out, for whoever runs it.
  void give_result(std::string result) const;
  /// Sends the caller's sound back.
  void echo(bool on) const;
  /// Ends the call. The script goes on to its end or next co_await and is destroyed there.
  void hang_up(Cause cause) const;

  [[nodiscard]] const std::string& argument() const;
  [[nodiscard]] const std::string& dialled() const;

 private:
  FeatureRun* run_;
};

enum class Maturity : std::uint8_t { Stable, Alpha, WorkInProgress };
/// Whether the feature may meet callers that nobody vouches for.
enum class Trust : std::uint8_t { Anybody, KnownLines };

/// Who looks at the lamp of a function key, and which.
struct LampQuestion {
  const model::Config& config;
  const model::User* user;  // of the line that watches; null: nobody's
  std::string_view argument;  // what follows the feature's code
};

/// A feature, declared once: what it is called, which codes dial it, and the script it runs.
struct FeatureDescriptor {
  std::string_view name;  // "echo": for logs, records and routing
  std::string_view title_fr;
  std::string_view title_en;
  Maturity maturity = Maturity::Stable;
  Trust trust = Trust::KnownLines;
  std::vector<std::string_view> codes;  // "*55"
  Script (*run)(FeatureContext context) = nullptr;
  /// Whether the lamp of a key with this code is lit; nothing: there is nothing of that kind to watch. Null: the feature has none.
  std::optional<bool> (*lamp)(const LampQuestion& question) = nullptr;
};

}  // namespace xivo::call
