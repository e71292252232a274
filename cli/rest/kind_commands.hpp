#pragma once

#include <functional>

#include "cli/rest/arguments.hpp"
#include "cli/rest/directory.hpp"

namespace xivo::cli {

/// What every command of the REST side is given.
struct Task {
  Directory& directory;
  Arguments arguments;
  bool json = false;
  bool dry_run = false;
  bool yes = false;
  bool force = false;  // in spite of the scenarios that hold it back
  std::string reason{};

  [[nodiscard]] Api& api() const { return directory.api(); }
  [[nodiscard]] model::Language language() const { return directory.api().language(); }
};

/// xivo KIND list|show|add|set|remove, and import|export of users. The words are those behind "xivo".
Outcome<void> run_kind_command(Task& task, const KindInfo& kind);
/// What there is to say of a kind and of what can be done with it.
std::string kind_help(const KindInfo& kind, const Schema& schema, model::Language language);

/// Makes changes in one transaction, or tries them, and prints what came of it.
Outcome<void> apply_changes(Task& task, model::Value changes);
/// Shows what an import, a rollback or an apply would do, asks, and does it.
/// Shape   send(dry_run): the request; its answer is a transaction's
Outcome<model::Value> show_ask_and_do(Task& task, const std::function<Outcome<Reply>(bool dry_run)>& send);

}  // namespace xivo::cli
