#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "model/config.hpp"
#include "model/language.hpp"
#include "model/transaction.hpp"
#include "model/value.hpp"
#include "runtime/rng.hpp"

namespace xivo::api {

/// A table of users as the transaction that makes it true, and the way back from its changes to rows and columns.
struct UserImport {
  /// Where one change came from.
  struct Origin {
    std::size_t line = 0;  // of the text
    std::string_view part;  // "user", "line", "extension", "incall", "voicemail", "permission"
    bool named_by_number = false;  // a line whose name was taken from the column exten
    std::vector<std::size_t> also{};  // more lines of the text that have a part in it
  };

  std::vector<model::Change> changes;
  std::vector<Origin> origins;  // of each change
  std::size_t rows = 0;
  model::Value::List problems;  // of the table itself; when there are any, the changes are not to be made
  model::Value::List ignored;  // [{column, rows, reason}]
};

struct UserImportOptions {
  bool update = false;  // rows that name a user who exists change that user
  model::Language language = model::Language::English;
};

/// Reads a table, header first. Objects are created and changed, never removed: an empty cell clears a text of the user
/// or the mailbox and leaves everything else as it is.
UserImport read_users(const model::Config& config, const std::vector<csv::Row>& table,
                      const UserImportOptions& options, runtime::Rng& rng);

/// Adds row and column to what the model found wrong with the changes, and says so in the message.
void name_cells(const UserImport& import, model::Value::List& problems, model::Language language);

/// How many rows made a user, changed one, or changed nothing: {rows, created, updated, unchanged, ignored}.
model::Value import_summary(const UserImport& import, const model::Applied& applied);

/// "Row 3, column exten: ..." in either language; `column` may be empty.
std::string at_cell(std::size_t line, std::string_view column, std::string_view message,
                    model::Language language);

}  // namespace xivo::api
