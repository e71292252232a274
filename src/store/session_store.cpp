#include "store/session_store.hpp"

#include "store/migration.hpp"
#include "store/password.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

Session session_of(const Query& row) {
  return {row.integer(0),
          row.integer(1),
          from_ms(row.integer(2)),
          from_ms(row.integer(3)),
          from_ms(row.integer(4)),
          row.text(5),
          row.text(6)};
}

/// The oldest use that still counts.
std::int64_t idle_limit(runtime::WallTime now) { return to_ms(now - SessionStore::kIdleMax); }

}  // namespace

Result<std::unique_ptr<SessionStore>> SessionStore::open(const std::string& path) {
  auto database = open_access(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<SessionStore>(new SessionStore(std::move(*database)));
}

Result<std::string> SessionStore::create(const SignIn& sign_in, runtime::WallTime now,
                                         std::chrono::seconds lifetime) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  std::string token = make_token();
  auto done = database_.run(
      "INSERT INTO sign_in (digest, account, created_ms, seen_ms, expires_ms, source, agent)"
      " VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
      token_digest(token), sign_in.account, to_ms(now), to_ms(now + lifetime), sign_in.source,
      sign_in.agent.substr(0, kAgentMax));
  if (!done) return Unexpected{done.error()};
  done = database_.run(
      "DELETE FROM sign_in WHERE account = ?1 AND id NOT IN"
      " (SELECT id FROM sign_in WHERE account = ?1 ORDER BY created_ms DESC, id DESC LIMIT ?2)",
      sign_in.account, kSessionsMax);
  if (!done) return Unexpected{done.error()};
  if (done = transaction->commit(); !done) return Unexpected{done.error()};
  return token;
}

Result<std::optional<Session>> SessionStore::find(std::string_view token, runtime::WallTime now) {
  std::optional<Session> session;
  {
    auto rows = database_.query(
        "SELECT id, account, created_ms, seen_ms, expires_ms, source, agent FROM sign_in"
        " WHERE digest = ? AND expires_ms > ? AND seen_ms > ?",
        token_digest(token), to_ms(now), idle_limit(now));
    if (!rows) return Unexpected{rows.error()};
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return session;
    session = session_of(*rows);
  }
  if (now - session->seen >= kSeenEvery) {
    const auto done = database_.run("UPDATE sign_in SET seen_ms = ? WHERE id = ?", to_ms(now), session->id);
    if (!done) return Unexpected{done.error()};
    session->seen = now;
  }
  return session;
}

Result<std::vector<Session>> SessionStore::list(std::int64_t account, runtime::WallTime now) {
  auto rows = database_.query(
      "SELECT id, account, created_ms, seen_ms, expires_ms, source, agent FROM sign_in"
      " WHERE account = ? AND expires_ms > ? AND seen_ms > ? ORDER BY created_ms DESC, id DESC",
      account, to_ms(now), idle_limit(now));
  if (!rows) return Unexpected{rows.error()};
  std::vector<Session> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    all.push_back(session_of(*rows));
  }
}

Result<bool> SessionStore::end(std::int64_t account, std::int64_t id) {
  const auto done = database_.run("DELETE FROM sign_in WHERE account = ? AND id = ?", account, id);
  if (!done) return Unexpected{done.error()};
  return database_.changed_rows() > 0;
}

Result<void> SessionStore::end_by_token(std::string_view token) {
  return database_.run("DELETE FROM sign_in WHERE digest = ?", token_digest(token));
}

Result<void> SessionStore::end_others(std::int64_t account, std::int64_t kept) {
  return database_.run("DELETE FROM sign_in WHERE account = ? AND id <> ?", account, kept);
}

Result<void> SessionStore::delete_expired(runtime::WallTime now) {
  return database_.run("DELETE FROM sign_in WHERE expires_ms <= ? OR seen_ms <= ?", to_ms(now),
                       idle_limit(now));
}

}  // namespace xivo::store
