#include <fmt/format.h>

#include "base/text.hpp"
#include "console/channel_tables.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/ladder.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

constexpr std::size_t kCallsDefault = 10;
constexpr std::size_t kCallsMax = 1000;
constexpr std::size_t kCallsSearched = 200;

/// Whether the ladder of `call` was drawn.
using Drawn = std::function<void(bool)>;

/// How a trace is to be drawn.
struct Look {
  std::size_t width = kLadderWidthDefault;
  Language language = Language::English;
};

void draw(ConsoleView& view, const Look& look, const std::string& call, const Answer& answer,
          const Drawn& drawn) {
  view.trace(call, look.language,
             [width = look.width, answer, drawn](const std::optional<TraceListing>& trace) {
               if (trace) answer({ladder(*trace, width)});
               drawn(trace.has_value());
             });
}

void say_unknown(const std::string& call, const Answer& answer) {
  answer({fmt::format("No call '{}' is remembered (see 'calls last').\n", printable(call)), true});
}

/// Nobody types a whole id: draws the one among the newest calls that begins with `beginning`.
void draw_beginning(ConsoleView& view, const Look& look, const std::string& beginning, const Answer& answer) {
  view.last_calls(kCallsSearched, [&view, look, beginning, answer](const std::vector<CallSummary>& calls) {
    std::vector<std::string> found;
    for (const auto& call : calls) {
      if (call.id.compare(0, beginning.size(), beginning) == 0) found.push_back(call.id);
    }
    if (found.empty()) return say_unknown(beginning, answer);
    if (found.size() > 1) {
      auto text = fmt::format("Several calls begin with '{}':\n", printable(beginning));
      for (const auto& id : found) text += fmt::format("  {}\n", printable(id));
      return answer({text, true});
    }
    draw(view, look, found.front(), answer, [id = found.front(), answer](bool drawn) {
      if (!drawn) say_unknown(id, answer);
    });
  });
}

void trace(const Invocation& invocation) {
  auto& view = invocation.view;
  const auto& call = invocation.arguments[0];
  Look look{kLadderWidthDefault, invocation.settings.language};
  if (invocation.arguments.size() > 1) {
    const auto wanted = text::parse_decimal<std::size_t>(invocation.arguments[1]);
    if (!wanted || *wanted < kLadderWidthMin || *wanted > 400) {
      invocation.answer({fmt::format("The width must be a number from {} to 400.\n", kLadderWidthMin), true});
      return;
    }
    look.width = *wanted;
  }
  if (call != "last") {
    draw(view, look, call, invocation.answer, [&view, look, call, answer = invocation.answer](bool drawn) {
      if (!drawn) draw_beginning(view, look, call, answer);
    });
    return;
  }
  view.last_calls(1, [&view, look, answer = invocation.answer](const std::vector<CallSummary>& calls) {
    if (calls.empty()) {
      answer({"No calls yet.\n", true});
    } else {
      draw(view, look, calls.front().id, answer, [id = calls.front().id, answer](bool drawn) {
        if (!drawn) say_unknown(id, answer);
      });
    }
  });
}

void show_last_calls(const Invocation& invocation) {
  auto count = kCallsDefault;
  if (!invocation.arguments.empty()) {
    const auto wanted = text::parse_decimal<std::size_t>(invocation.arguments[0]);
    if (!wanted || *wanted == 0 || *wanted > kCallsMax) {
      invocation.answer({fmt::format("The count must be a number from 1 to {}.\n", kCallsMax), true});
      return;
    }
    count = *wanted;
  }
  auto& view = invocation.view;
  view.last_calls(count, [&view, answer = invocation.answer](const std::vector<CallSummary>& calls) {
    view.snapshot(
        [calls, answer](const EngineSnapshot& engine) { answer({last_calls(calls, engine.taken)}); });
  });
}

}  // namespace

void add_trace_commands(CommandTree& tree) {
  tree.add({"trace",
            between(1, 2, "<call>|last [<width>]", ArgumentKind::Call),
            {"Draw what happened in a call", "Dessiner ce qui s'est passé dans un appel"},
            trace,
            "       A call is named as 'calls last' names it or by the beginning of that, by one of its "
            "channels or by a SIP Call-ID.\n"});
  tree.add({"calls last",
            optional("[<count>]"),
            {"List the newest calls and how they ended", "Lister les derniers appels et leur issue"},
            show_last_calls});
}

}  // namespace xivo::console
