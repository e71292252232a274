#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "console/command_tree.hpp"
#include "console/pattern.hpp"

namespace xivo::console {

using Arguments = std::vector<std::string>;

/// A handler that answers with what `render(engine, arguments)`, which returns an Output, makes of a snapshot.
template <class Render>
Handler from_snapshot(Render render) {
  return [render](Invocation invocation) {
    auto& view = invocation.view;
    view.snapshot([render, arguments = std::move(invocation.arguments),
                   answer = std::move(invocation.answer)](const EngineSnapshot& engine) {
      answer(render(engine, arguments));
    });
  };
}

/// The same for a table without arguments: `render(engine)` returns text.
template <class Render>
Handler from_snapshot_table(Render render) {
  return from_snapshot(
      [render](const EngineSnapshot& engine, const Arguments&) { return Output{render(engine)}; });
}

/// The same for a table that may be filtered: `render(engine, like)` returns text; the last argument, if there is
/// one, is the pattern.
template <class Render>
Handler from_snapshot_like(Render render) {
  return from_snapshot([render](const EngineSnapshot& engine, const Arguments& arguments) {
    if (arguments.empty()) return Output{render(engine, nullptr)};
    const auto pattern = Pattern::compile(arguments.back());
    if (!pattern)
      return Output{"Cannot use this pattern: " + std::string(pattern.error().what) + ".\n", true};
    return Output{render(engine, &*pattern)};
  });
}

}  // namespace xivo::console
