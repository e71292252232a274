#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "api/exchange.hpp"
#include "model/language.hpp"
#include "model/value.hpp"
#include "runtime/loop.hpp"

namespace xivo::api {

/// What an event is about; a client sees those that it may read.
enum class Topic : std::uint8_t { Call, Registration, Configuration, Guard };
constexpr std::size_t kTopics = 4;
std::string_view name(Topic topic);   // "call", "registration", "configuration", "guard"
std::string_view scope(Topic topic);  // "call:read", "registration:read", "history:read", "toll_guard:read"

/// The live events: the last ones are kept, so that who was away for a moment reads on where it was.
///
/// Each event has a cursor that only grows, over restarts too. A client gets what follows its cursor. When that is not
/// kept any more, because it was away too long or reads too slowly, it is told so ("resync") and goes on with the next
/// event: then it has to ask for the state as a whole. Nothing is kept while nobody watches.
/// Thread  the web loop; is_watched() any. The loop outlives it.
class EventStream {
 public:
  static constexpr std::size_t kEventsMax = 10'000;
  static constexpr std::size_t kBytesMax = 8u << 20;
  static constexpr std::size_t kClientsMax = 1'000;
  static constexpr runtime::Duration kLinger =
      std::chrono::minutes(5);  // that events are kept for the last who left
  static constexpr runtime::Duration kLookEvery =
      std::chrono::seconds(30);  // whether a client's session still holds

  explicit EventStream(runtime::Loop& loop);
  ~EventStream();

  /// Whether anybody wants to know: without, making an event is wasted work.
  [[nodiscard]] bool is_watched() const;
  void publish(Topic topic, std::string_view type, const model::Value& data);
  /// The same with sentences in it: each client reads them in its own language.
  using InLanguage = std::function<model::Value(model::Language)>;
  void publish_worded(Topic topic, std::string_view type, const InLanguage& data);
  /// Events were lost on their way: everybody is told to look anew.
  void interrupt();

  struct Admission {
    std::array<bool, kTopics> topics{};
    /// Asks whether the client may still listen; calls back on the loop.
    std::function<void(std::function<void(bool holds)> done)> recheck;
  };
  /// Turns a request into a listener; refuses with 426 what is no handshake and with 503 one client too many.
  /// Shape   cursor: the last event the client has seen; nothing = from now on
  void open(const ExchangePtr& exchange, Admission admission, std::optional<std::int64_t> cursor);
  [[nodiscard]] std::size_t clients() const;

 private:
  struct State;
  class Client;
  std::shared_ptr<State> state_;
};

}  // namespace xivo::api
