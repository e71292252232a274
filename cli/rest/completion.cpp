#include "cli/rest/completion.hpp"

#include <fmt/format.h>

namespace xivo::cli {
namespace {

constexpr std::string_view kHead = R"(# bash completion for xivo, made by: xivo completion bash
_xivo() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} kind=${COMP_WORDS[1]} verb=${COMP_WORDS[2]}
  local words="" common="--json --dry-run --yes --force --reason --url --cafile --insecure --token --socket --help"
)";

constexpr std::string_view kTail = R"(  if [[ $before == --* && $word != --* ]]; then
    case "$kind $before" in
CHOICES      *) ;;
    esac
    [[ -n $words ]] && { COMPREPLY=($(compgen -W "$words" -- "$word")); return; }
  fi
  if ((COMP_CWORD == 1)); then
    words="KINDS config numbering route whoami token completion console status calls trace bans toll"
  elif ((COMP_CWORD == 2)); then
    case $kind in
VERBS      config) words="history diff rollback export apply check" ;;
      numbering) words="map numbers emergency" ;;
      token) words="list add remove" ;;
      bans) words="add release" ;;
      toll) words="release" ;;
      completion) words="bash" ;;
    esac
  elif [[ $word == --* ]]; then
    case $kind in
OPTIONS      config) words="--return --with-secrets --keep --limit --before --kind --author" ;;
      token) words="--label --scope --expires" ;;
      route) words="--at --trunk --busy --dnd --no-answer --unregistered --down --congestion" ;;
      numbering) words="--context --state --proven --search --limit --offset" ;;
    esac
    words="$words $common"
  else
    case "$kind $verb" in
      "user import" | "config apply" | "config diff" | "config export" | "user export")
        COMPREPLY=($(compgen -f -- "$word"))
        return ;;
      *" show" | *" set" | *" remove" | *" impact" | "scenario run")
        ((COMP_CWORD == 3)) && words=$(xivo "$kind" names 2>/dev/null) ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _xivo xivo
)";

std::string options_of(const KindInfo& kind, const Schema& schema) {
  std::string options;
  for (const FieldInfo& field : kind.fields) {
    if (!field.read_only) options += fmt::format("--{} ", field.name);
  }
  for (const OwnedInfo& owned : kind.owned) {
    const KindInfo* other = schema.kind(owned.kind);
    if (other == nullptr) continue;
    if (kind.field(owned.kind) == nullptr) options += fmt::format("--{} ", owned.kind);
    for (const FieldInfo& field : other->fields) {
      if (!field.read_only && field.name != owned.field)
        options += fmt::format("--{}.{} ", owned.kind, field.name);
    }
  }
  return options + "--search --order --desc --limit --columns --owned";
}

std::string choices_of(const KindInfo& kind) {
  std::string lines;
  for (const FieldInfo& field : kind.fields) {
    std::string values = field.type == "boolean" ? "true false" : "";
    for (const auto& choice : field.choices) values += (values.empty() ? "" : " ") + choice.first;
    if (!values.empty())
      lines += fmt::format("      \"{} --{}\") words=\"{}\" ;;\n", kind.name, field.name, values);
  }
  return lines;
}

void replace(std::string& text, std::string_view mark, const std::string& content) {
  text.replace(text.find(mark), mark.size(), content);
}

}  // namespace

std::string bash_completion(const Schema& schema) {
  std::string kinds, verbs, options, choices;
  for (const KindInfo& kind : schema.kinds) {
    kinds += (kinds.empty() ? "" : " ") + kind.name;
    const std::string words = kind.singleton ? "show set"
                              : kind.fixed   ? "list show set"
                                             : "list show add set remove impact";
    verbs += fmt::format("      {}) words=\"{}{}\" ;;\n", kind.name, words,
                         kind.name == "user"       ? " import export"
                         : kind.name == "scenario" ? " run"
                                                   : "");
    options += fmt::format("      {}) words=\"{}\" ;;\n", kind.name, options_of(kind, schema));
    choices += choices_of(kind);
  }
  std::string tail(kTail);
  replace(tail, "CHOICES", choices);
  replace(tail, "KINDS", kinds);
  replace(tail, "VERBS", verbs);
  replace(tail, "OPTIONS", options);
  return std::string(kHead) + tail;
}

}  // namespace xivo::cli
