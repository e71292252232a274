#include "store/migration.hpp"

namespace xivo::store {

namespace {

// object: one row for each state an object ever had. The state that holds has superseded_by NULL; the state at revision
// R is the row with revision <= R and superseded_by NULL or > R. body is NULL when the object was deleted.
constexpr Migration kSteps[] = {
    {1, "objects, revisions, accounts", R"sql(
CREATE TABLE revision (
  number     INTEGER PRIMARY KEY,
  author     TEXT    NOT NULL,
  message    TEXT    NOT NULL,
  wall_ms    INTEGER NOT NULL,
  difference TEXT    NOT NULL
) STRICT;

CREATE TABLE object (
  kind          TEXT    NOT NULL,
  id            INTEGER NOT NULL,
  revision      INTEGER NOT NULL REFERENCES revision (number),
  superseded_by INTEGER REFERENCES revision (number),
  body          TEXT,
  PRIMARY KEY (kind, id, revision)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX object_now ON object (kind, id) WHERE superseded_by IS NULL;

CREATE TABLE next_id (
  kind TEXT    PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT    NOT NULL UNIQUE,
  password_hash TEXT    NOT NULL,
  created_ms    INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  digest     TEXT    PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account, created_ms);
CREATE INDEX session_expires ON session (expires_ms);
)sql"},
    {2, "which objects a revision changed", R"sql(
CREATE INDEX object_revision ON object (revision, kind, id);
)sql"},
};

}  // namespace

std::span<const Migration> configuration_migrations() { return kSteps; }

}  // namespace xivo::store
