#include "api/access/token_book.hpp"

#include "api/access/digest_cache.hpp"
#include "store/password.hpp"

namespace xivo::api {

using store::ApiToken;
using store::TokenStore;

struct TokenBook::State {
  State(runtime::Loop& l, runtime::WorkerPool& workers, std::shared_ptr<TokenStore> t)
      : loop(l), tokens(std::move(t)), strand(l, workers, kWaitingMax) {}

  runtime::Loop& loop;
  std::shared_ptr<TokenStore> tokens;
  Strand strand;
  DigestCache<ApiToken> cache;
};

namespace {

Result<std::optional<TokenBook::Use>> use(TokenStore& tokens, const std::string& token,
                                          const std::string& source, runtime::WallTime now) {
  auto found = tokens.find(token, now);
  if (!found) return Unexpected{found.error()};
  if (!*found) return std::optional<TokenBook::Use>();
  TokenBook::Use use{std::move(**found), false};
  use.first = !use.token.last_used;
  if (use.first || now - *use.token.last_used >= TokenBook::kUsedEvery || use.token.last_source != source) {
    if (const auto done = tokens.mark_used(use.token.id, source, now); !done) return Unexpected{done.error()};
  }
  return std::optional(std::move(use));
}

}  // namespace

TokenBook::TokenBook(runtime::Loop& loop, runtime::WorkerPool& workers, std::shared_ptr<TokenStore> tokens)
    : state_(std::make_shared<State>(loop, workers, std::move(tokens))) {}

template <class T, class Work, class Then>
void TokenBook::ask(Work work, Then then, Done<T> done) {
  auto job = [work = std::move(work), tokens = state_->tokens, now = state_->loop.clock().wall()] {
    return work(*tokens, now);
  };
  auto finish = [then = std::move(then), done, weak = std::weak_ptr(state_)](const Result<T>& result) {
    const auto alive = weak.lock();
    if (!alive) return;
    then(*alive, result);
    done(result);
  };
  if (!run_then(state_->strand, state_->loop, std::move(job), std::move(finish))) done(fail(kTooManyWaiting));
}

void TokenBook::find(const std::string& token, std::string source, Done<std::optional<Use>> done) {
  std::string digest = store::token_digest(token);
  const ApiToken* known = state_->cache.find(digest, state_->loop.clock().now());
  if (known != nullptr && (!known->expires || *known->expires > state_->loop.clock().wall())) {
    return done(std::optional(Use{*known, false}));
  }
  ask<std::optional<Use>>(
      [token, source = std::move(source)](TokenStore& tokens, runtime::WallTime now) {
        return use(tokens, token, source, now);
      },
      [digest](State& state, const Result<std::optional<Use>>& found) {
        if (found && *found) state.cache.remember(digest, (*found)->token, state.loop.clock().now());
      },
      std::move(done));
}

void TokenBook::create(ApiToken wish, Done<TokenStore::Made> done) {
  ask<TokenStore::Made>([wish = std::move(wish)](TokenStore& tokens,
                                                 runtime::WallTime now) { return tokens.create(wish, now); },
                        [](State&, const Result<TokenStore::Made>&) {}, std::move(done));
}

void TokenBook::list(std::int64_t account, Done<std::vector<ApiToken>> done) {
  ask<std::vector<ApiToken>>(
      [account](TokenStore& tokens, runtime::WallTime) { return tokens.list(account); },
      [](State&, const Result<std::vector<ApiToken>>&) {}, std::move(done));
}

void TokenBook::remove(std::int64_t account, std::int64_t id, Done<bool> done) {
  ask<bool>([account, id](TokenStore& tokens, runtime::WallTime) { return tokens.remove(account, id); },
            [account, id](State& state, const Result<bool>&) {
              state.cache.forget_if([&](const ApiToken& t) { return t.account == account && t.id == id; });
            },
            std::move(done));
}

}  // namespace xivo::api
