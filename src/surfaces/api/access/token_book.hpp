#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/strand.hpp"
#include "base/result.hpp"
#include "runtime/clock.hpp"
#include "store/token_store.hpp"

namespace xivo::api {

/// API tokens, asked of the database and remembered for a few seconds.
/// Thread  the web loop; each `done` is called there. Errors  the database's; kTooManyWaiting, at once
class TokenBook {
 public:
  static constexpr std::size_t kWaitingMax = 256;
  static constexpr std::chrono::seconds kUsedEvery{60};  // how exactly the last use is kept

  /// A token in use.
  struct Use {
    store::ApiToken token;
    bool first = false;  // it has never been used before
  };
  template <class T>
  using Done = std::function<void(const Result<T>&)>;

  TokenBook(runtime::Loop& loop, runtime::WorkerPool& workers, std::shared_ptr<store::TokenStore> tokens);

  /// At once when the token is remembered; otherwise this is a use of it.
  void find(const std::string& token, std::string source, Done<std::optional<Use>> done);
  void create(store::ApiToken wish, Done<store::TokenStore::Made> done);
  void list(std::int64_t account, Done<std::vector<store::ApiToken>> done);
  /// Whether the account had such a token; it is dead at once.
  void remove(std::int64_t account, std::int64_t id, Done<bool> done);

 private:
  struct State;
  template <class T, class Work, class Then>
  void ask(Work work, Then then, Done<T> done);
  std::shared_ptr<State> state_;  // the loop's; callbacks of workers hold it weakly
};

}  // namespace xivo::api
