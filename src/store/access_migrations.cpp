#include "store/migration.hpp"

namespace xivo::store {

namespace {

// Keyed by the id of the account object, which is never given out again. No foreign key: the object lives in the
// configuration's tables, at revisions; who is gone is swept out (AccountStore::keep_only).
constexpr Migration kSteps[] = {
    {1, "credentials, sessions, tokens, audit", R"sql(
CREATE TABLE credential (
  account          INTEGER PRIMARY KEY,
  password_hash    TEXT,
  changed_ms       INTEGER NOT NULL,
  totp_secret      TEXT,
  totp_pending     TEXT,
  totp_last_step   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_code (
  account INTEGER NOT NULL,
  digest  TEXT    NOT NULL,
  PRIMARY KEY (account, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  digest     TEXT    NOT NULL UNIQUE,
  account    INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  source     TEXT    NOT NULL,
  agent      TEXT    NOT NULL
) STRICT;
CREATE INDEX sign_in_account ON sign_in (account, created_ms);
CREATE INDEX sign_in_expires ON sign_in (expires_ms);

CREATE TABLE token (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  digest       TEXT    NOT NULL UNIQUE,
  account      INTEGER NOT NULL,
  label        TEXT    NOT NULL,
  scopes       TEXT    NOT NULL,
  created_ms   INTEGER NOT NULL,
  expires_ms   INTEGER,
  last_used_ms INTEGER,
  last_source  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX token_account ON token (account);

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms   INTEGER NOT NULL,
  account TEXT    NOT NULL,
  event   TEXT    NOT NULL,
  source  TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at_ms);
CREATE INDEX audit_event ON audit (event, id);
CREATE INDEX audit_account ON audit (account, id);
)sql"},
};

}  // namespace

std::span<const Migration> access_migrations() { return kSteps; }

}  // namespace xivo::store
