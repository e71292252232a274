#include "cli/rest/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/text.hpp"
#include "cli/rest/values.hpp"
#include "console/columns.hpp"
#include "model/json.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr std::size_t kChangesMax = 200;  // objects shown

char sign_of(const std::string& op) { return op == "create" ? '+' : op == "delete" ? '-' : '~'; }

std::string value_text(Directory& directory, const FieldInfo* field, const Value* value) {
  if (value == nullptr || value->is_null()) return "\"\"";
  // The difference may speak of objects that are gone or not there yet: their ids will do.
  if (field == nullptr || field->type == "reference" || field->type == "destination" ||
      field->type == "reference_list")
    return model::to_json(*value);
  const std::string text = shown(directory, *field, *value);
  return value->text() != nullptr ? model::to_json(Value(text)) : text;
}

std::string field_line(Directory& directory, const KindInfo* kind, const Value& field,
                       const std::string& op) {
  const std::string name = field.text_at("name");
  const FieldInfo* known = kind == nullptr ? nullptr : kind->field(name);
  const std::string before = value_text(directory, known, field.find("before"));
  const std::string after = value_text(directory, known, field.find("after"));
  if (op == "create") return fmt::format("    {}: {}\n", name, after);
  if (op == "delete") return fmt::format("    {}: {}\n", name, before);
  return fmt::format("    {}: {} -> {}\n", name, before, after);
}

}  // namespace

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& cell : head) widths.push_back(console::display_width(console::printable(cell)));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], console::display_width(console::printable(row[i])));
  }
  std::string text;
  const auto write_row = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += console::pad(row[i], widths[i]) + "  ";
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  write_row(head);
  for (const auto& row : rows) write_row(row);
  return text;
}

std::string difference_text(Directory& directory, const Value& answer) {
  const Value* difference = answer.find("difference");
  if (difference == nullptr || difference->items() == nullptr) return {};
  std::string text;
  std::size_t count = 0;
  for (const Value& object : *difference->items()) {
    if (count++ == kChangesMax) break;
    const std::string op = object.text_at("op");
    const KindInfo* kind = directory.schema().kind(object.text_at("kind"));
    text += fmt::format("{} {} {} {}\n", sign_of(op), object.text_at("kind"), object.integer_at("id"),
                        object.text_at("name"));
    const Value* fields = object.find("fields");
    if (fields == nullptr || fields->items() == nullptr) continue;
    for (const Value& field : *fields->items()) text += field_line(directory, kind, field, op);
  }
  const auto all = static_cast<std::size_t>(answer.integer_at("changes"));
  if (all > kChangesMax)
    text += fmt::format(fmt::runtime(in(directory.api().language(), "... et {} objets de plus\n",
                                        "... and {} more objects\n")),
                        all - kChangesMax);
  return console::printable_lines(text);
}

namespace {

/// What a change does to the plan, a line each.
std::string harm_text(const Value& answer, Language language) {
  std::string text;
  const auto each = [&](std::string_view list, const auto& line) {
    const Value* found = answer.find(list);
    if (found == nullptr || found->items() == nullptr) return;
    for (const Value& item : *found->items()) text += line(item) + '\n';
  };
  each("findings", [](const Value& finding) {
    return fmt::format("{}: {}", finding.text_at("severity"), finding.text_at("sentence"));
  });
  each("broken_scenarios", [&](const Value& run) {
    return fmt::format(fmt::runtime(in(language, "scénario cassé : {} ({})", "broken scenario: {} ({})")),
                       run.text_at("name"), run.text_at("happened"));
  });
  return text;
}

}  // namespace

std::string outcome_text(const Value& answer, Language language) {
  const auto changes = answer.integer_at("changes");
  if (changes == 0) return in(language, "Rien ne change.\n", "Nothing changes.\n");
  const std::string harm = harm_text(answer, language);
  if (answer.boolean_at("dry_run"))
    return harm + in(language, "Essai seulement : rien n'est fait.\n", "Only tried: nothing is done.\n");
  return harm + fmt::format(fmt::runtime(in(language, "Fait : révision {}.\n", "Done: revision {}.\n")),
                            answer.integer_at("revision"));
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void complain(std::string_view text) {
  for (const auto line : text::split(text, '\n')) {
    const std::string whole = fmt::format("xivo: {}\n", console::printable(line));
    std::fwrite(whole.data(), 1, whole.size(), stderr);
  }
}

Outcome<bool> agrees(std::string_view question, Language language) {
  if (isatty(STDIN_FILENO) == 0)
    return failed(kUsage,
                  in(language, "pas de terminal pour demander ; --yes répond oui, --dry-run essaie seulement",
                     "no terminal to ask at; --yes says yes, --dry-run only tries"));
  print(fmt::format("{} {} ", question, in(language, "[o/N]", "[y/N]")));
  std::string answer;
  std::getline(std::cin, answer);
  const auto said = text::trim(answer);
  return !said.empty() && std::string_view("yYoO").find(said.front()) != std::string_view::npos;
}

}  // namespace xivo::cli
