#include "api/access/session_book.hpp"

#include "api/access/digest_cache.hpp"
#include "store/password.hpp"

namespace xivo::api {

using store::Session;
using store::SessionStore;

struct SessionBook::State {
  State(runtime::Loop& l, runtime::WorkerPool& workers, std::shared_ptr<SessionStore> s)
      : loop(l), sessions(std::move(s)), strand(l, workers, kWaitingMax) {}

  runtime::Loop& loop;
  std::shared_ptr<SessionStore> sessions;
  Strand strand;
  DigestCache<Session> cache;
};

SessionBook::SessionBook(runtime::Loop& loop, runtime::WorkerPool& workers,
                         std::shared_ptr<SessionStore> sessions)
    : state_(std::make_shared<State>(loop, workers, std::move(sessions))) {}

template <class T, class Work, class Then>
void SessionBook::ask(Work work, Then then, Done<T> done) {
  auto job = [work = std::move(work), sessions = state_->sessions, now = state_->loop.clock().wall()] {
    return work(*sessions, now);
  };
  auto finish = [then = std::move(then), done, weak = std::weak_ptr(state_)](const Result<T>& result) {
    const auto alive = weak.lock();
    if (!alive) return;
    then(*alive, result);
    done(result);
  };
  if (!run_then(state_->strand, state_->loop, std::move(job), std::move(finish))) done(fail(kTooManyWaiting));
}

void SessionBook::open(SessionStore::SignIn sign_in, Done<Opened> done) {
  ask<Opened>(
      [sign_in = std::move(sign_in)](SessionStore& sessions, runtime::WallTime now) -> Result<Opened> {
        if (const auto cleaned = sessions.delete_expired(now); !cleaned) return Unexpected{cleaned.error()};
        auto token = sessions.create(sign_in, now, kLifetime);
        if (!token) return Unexpected{token.error()};
        return Opened{std::move(*token), now + kLifetime};
      },
      [](State&, const Result<Opened>&) {}, std::move(done));
}

void SessionBook::find(const std::string& token, Done<std::optional<Session>> done) {
  std::string digest = store::token_digest(token);
  const Session* session = state_->cache.find(digest, state_->loop.clock().now());
  if (session != nullptr && session->expires > state_->loop.clock().wall())
    return done(std::optional(*session));
  ask<std::optional<Session>>(
      [token](SessionStore& sessions, runtime::WallTime now) { return sessions.find(token, now); },
      [digest](State& state, const Result<std::optional<Session>>& found) {
        if (found && *found) state.cache.remember(digest, **found, state.loop.clock().now());
      },
      std::move(done));
}

void SessionBook::list(std::int64_t account, Done<std::vector<Session>> done) {
  ask<std::vector<Session>>(
      [account](SessionStore& sessions, runtime::WallTime now) { return sessions.list(account, now); },
      [](State&, const Result<std::vector<Session>>&) {}, std::move(done));
}

// What is being looked up before the end of a session comes back before it, too: the cache is cleared after both.
void SessionBook::end(std::int64_t account, std::int64_t id, Done<bool> done) {
  ask<bool>([account, id](SessionStore& sessions, runtime::WallTime) { return sessions.end(account, id); },
            [account, id](State& state, const Result<bool>&) {
              state.cache.forget_if([&](const Session& s) { return s.account == account && s.id == id; });
            },
            std::move(done));
}

void SessionBook::end_others(std::int64_t account, std::int64_t kept, Done<void> done) {
  ask<void>([account, kept](SessionStore& sessions,
                            runtime::WallTime) { return sessions.end_others(account, kept); },
            [account, kept](State& state, const Result<void>&) {
              state.cache.forget_if([&](const Session& s) { return s.account == account && s.id != kept; });
            },
            std::move(done));
}

}  // namespace xivo::api
