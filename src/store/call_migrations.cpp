#include "store/migration.hpp"

namespace xivo::store {

namespace {

constexpr Migration kSteps[] = {
    {1, "call records, legs, bindings", R"sql(
CREATE TABLE call (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid            TEXT    NOT NULL UNIQUE,
  start_ms        INTEGER NOT NULL,
  answer_ms       INTEGER,
  end_ms          INTEGER NOT NULL,
  caller_line     INTEGER NOT NULL,
  caller_number   TEXT    NOT NULL,
  caller_name     TEXT    NOT NULL,
  dialled         TEXT    NOT NULL,
  called_user     INTEGER NOT NULL,
  called_number   TEXT    NOT NULL,
  called_name     TEXT    NOT NULL,
  disposition     TEXT    NOT NULL,
  cause           INTEGER NOT NULL,
  hung_up_by      TEXT    NOT NULL,
  config_revision INTEGER NOT NULL,
  trace           TEXT    NOT NULL
) STRICT;
CREATE INDEX call_start ON call (start_ms, id);

CREATE TABLE leg (
  call       INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
  number     INTEGER NOT NULL,
  role       TEXT    NOT NULL,
  line       INTEGER NOT NULL,
  channel    TEXT    NOT NULL,
  remote     TEXT    NOT NULL,
  codec      TEXT    NOT NULL,
  start_ms   INTEGER NOT NULL,
  answer_ms  INTEGER,
  end_ms     INTEGER NOT NULL,
  cause      INTEGER NOT NULL,
  sip_status INTEGER NOT NULL,
  statistics TEXT    NOT NULL,
  PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE binding (
  line          INTEGER NOT NULL,
  key           TEXT    NOT NULL,
  contact       TEXT    NOT NULL,
  flow          TEXT    NOT NULL,
  path          TEXT    NOT NULL,
  instance      TEXT    NOT NULL,
  user_agent    TEXT    NOT NULL,
  call_id       TEXT    NOT NULL,
  reg_id        INTEGER NOT NULL,
  cseq          INTEGER NOT NULL,
  q_milli       INTEGER NOT NULL,
  registered_ms INTEGER NOT NULL,
  expires_ms    INTEGER NOT NULL,
  extra         TEXT    NOT NULL,
  PRIMARY KEY (line, key)
) STRICT, WITHOUT ROWID;
)sql"},
    {2, "bans", R"sql(
CREATE TABLE ban (
  id       INTEGER PRIMARY KEY,
  network  TEXT    NOT NULL,
  reason   TEXT    NOT NULL,
  detail   TEXT    NOT NULL,
  author   TEXT    NOT NULL,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT;
)sql"},
    {3, "toll blocks", R"sql(
CREATE TABLE toll_block (
  payer_kind TEXT    NOT NULL,
  payer      INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  toll_guard INTEGER NOT NULL,
  calls_max  INTEGER NOT NULL,
  calls      INTEGER NOT NULL,
  since_ms   INTEGER NOT NULL,
  PRIMARY KEY (payer_kind, payer)
) STRICT, WITHOUT ROWID;
)sql"},
};

}  // namespace

std::span<const Migration> call_migrations() { return kSteps; }

}  // namespace xivo::store
