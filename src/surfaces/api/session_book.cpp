#include "api/session_book.hpp"

#include "store/password.hpp"

namespace xivo::api {

struct SessionBook::State {
  State(runtime::Loop& l, runtime::WorkerPool& workers, std::shared_ptr<store::AccountStore> a)
      : loop(l), accounts(std::move(a)), strand(l, workers, kWaitingMax) {}

  const store::Session* remembered(const std::string& digest) {
    const auto found = by_digest.find(digest);
    if (found == by_digest.end()) return nullptr;
    if (found->second.until > loop.clock().now() && found->second.session.expires > loop.clock().wall()) {
      return &found->second.session;
    }
    by_digest.erase(found);
    return nullptr;
  }

  void remember(const std::string& digest, const store::Session& session) {
    if (by_digest.size() >= kRememberedMax) by_digest.clear();
    by_digest[digest] = {session, loop.clock().now() + kTrusted};
  }

  runtime::Loop& loop;
  std::shared_ptr<store::AccountStore> accounts;
  Strand strand;
  std::unordered_map<std::string, Remembered> by_digest;
};

SessionBook::SessionBook(runtime::Loop& loop, runtime::WorkerPool& workers,
                         std::shared_ptr<store::AccountStore> accounts)
    : state_(std::make_shared<State>(loop, workers, std::move(accounts))) {}

void SessionBook::find(const std::string& token, OnFound done) {
  const std::string digest = store::token_digest(token);
  if (const auto* session = state_->remembered(digest)) return done(std::optional(*session));
  auto ask = [token, digest, done, weak = std::weak_ptr(state_), accounts = state_->accounts,
              &loop = state_->loop] {
    auto found = accounts->find_session(token, loop.clock().wall());
    loop.post([found = std::move(found), digest, done, weak] {
      const auto alive = weak.lock();
      if (!alive) return;
      if (found && *found) alive->remember(digest, **found);
      done(found);
    });
  };
  if (!state_->strand.run(std::move(ask))) done(fail(kTooMany));
}

void SessionBook::end(const std::string& token, std::function<void(const Result<void>&)> done) {
  const std::string digest = store::token_digest(token);
  auto ask = [token, digest, done, weak = std::weak_ptr(state_), accounts = state_->accounts,
              &loop = state_->loop] {
    const auto ended = accounts->delete_session(token);
    loop.post([ended, digest, done, weak] {
      const auto alive = weak.lock();
      if (!alive) return;
      alive->by_digest.erase(digest);
      done(ended);
    });
  };
  state_->by_digest.erase(digest);
  if (!state_->strand.run(std::move(ask))) done(fail(kTooMany));
}

}  // namespace xivo::api
