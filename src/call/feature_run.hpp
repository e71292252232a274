#pragma once

#include <coroutine>
#include <deque>
#include <optional>
#include <string>

#include "call/feature.hpp"
#include "call/ids.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::call {

class CallRegistry;
class Leg;

/// One execution of a feature on one leg: owns the script and knows what it waits for. Owned by the call; destroying it
/// destroys the script where it stands.
/// Thread  the shard's.
class FeatureRun {
 public:
  static constexpr runtime::Duration kChangeLongest = std::chrono::seconds(10);  // of a change to be saved
  static constexpr std::size_t kDigitsMax = 64;  // typed ahead and not asked for yet

  FeatureRun(CallRegistry& registry, LegId leg, const FeatureDescriptor& feature, std::string argument,
             std::string dialled);
  ~FeatureRun();
  FeatureRun(const FeatureRun&) = delete;
  FeatureRun& operator=(const FeatureRun&) = delete;

  [[nodiscard]] const FeatureDescriptor& feature() const { return feature_; }
  [[nodiscard]] const std::string& argument() const { return argument_; }
  [[nodiscard]] const std::string& dialled() const { return dialled_; }
  [[nodiscard]] const std::string& result() const { return result_; }
  [[nodiscard]] bool done() const { return script_.done(); }

  void start();
  // What the leg reports.
  void on_established();
  void on_play_ended(bool reached_end);
  void on_digit(char digit);
  void on_user_changed(bool saved);

 private:
  friend class FeatureContext;
  template <class Result>
  friend class FeatureContext::Awaitable;

  enum class WaitsFor : std::uint8_t { Nothing, Answer, Play, Time, Digit, Change };

  [[nodiscard]] Leg* leg() const;
  [[nodiscard]] const model::User* user() const;
  void change_user(model::Value fields);
  void change(std::string kind, std::int64_t id, model::Value fields);
  void resume(WaitsFor expected);
  void start_timer(runtime::Duration duration, WaitsFor expected);
  void answer();
  void progress();
  void play(const std::string& sound);
  void hang_up(Cause cause);

  CallRegistry& registry_;
  LegId leg_;
  const FeatureDescriptor& feature_;
  std::string argument_;
  std::string dialled_;
  std::string result_;
  bool user_changed_ = false;
  Script script_;
  WaitsFor waits_for_ = WaitsFor::Nothing;
  std::coroutine_handle<> waiting_;
  runtime::TimerId timer_;
  bool play_reached_end_ = false;
  bool established_ = false;
  std::deque<char> digits_;
};

}  // namespace xivo::call
