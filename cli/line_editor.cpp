#include "cli/line_editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>

#include "base/text.hpp"
#include "console/columns.hpp"

namespace xivo::cli {
namespace {

constexpr int kHistoryMax = 500;
constexpr std::size_t kWidthDefault = 80;
constexpr wchar_t kReplacement = L'?';

volatile std::sig_atomic_t terminal_resized = 0;

void on_resize(int) { terminal_resized = 1; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

int characters(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidthDefault;
  return size.ws_col;
}

void write_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

std::string_view last_word(std::string_view line) {
  std::size_t begin = 0;
  bool in_word = false;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (text::is_space(line[i]) && !quoted) {
      in_word = false;
      begin = i + 1;
      continue;
    }
    if (!in_word) begin = i;
    in_word = true;
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '\\') ++i;
  }
  return line.substr(std::min(begin, line.size()));
}

std::string common_beginning(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  std::size_t size = words.front().size();
  for (const auto& word : words) {
    const auto end =
        std::mismatch(words.front().begin(), words.front().begin() + static_cast<std::ptrdiff_t>(size),
                      word.begin(), word.end());
    size = static_cast<std::size_t>(end.first - words.front().begin());
  }
  while (size > 0 && size < words.front().size() && is_continuation(words.front()[size])) --size;
  return words.front().substr(0, size);
}

std::string in_columns(const std::vector<std::string>& words, std::size_t width) {
  std::size_t widest = 1;
  for (const auto& word : words) widest = std::max(widest, console::display_width(word) + 2);
  const auto columns = std::max<std::size_t>(1, width / widest);
  const auto rows = (words.size() + columns - 1) / columns;
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    for (std::size_t i = row; i < words.size(); i += rows) line += console::pad(words[i], widest);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

struct LineEditor::Impl {
  std::string prompt;
  std::string history_file;
  int watched = -1;
  Callbacks callbacks;
  EditLine* editor = nullptr;
  History* history = nullptr;

  static Impl* of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<Impl*>(self);
  }

  /// Prints above the line being edited.
  void print(const std::string& text) const {
    write_out("\r\x1b[K" + text);
    el_set(editor, EL_REFRESH);
  }

  /// Prints what the watched descriptor gives; false when it has ended.
  [[nodiscard]] bool show_waiting() {
    const auto text = callbacks.on_readable();
    if (text && !text->empty()) print(*text);
    return text.has_value();
  }

  /// Waits for a key, printing what comes from the watched descriptor meanwhile. 1 = a key, 0 = the end.
  int wait_for_key() {
    // What was read together with the last answer makes no descriptor readable any more: ask first.
    if (watched >= 0 && !show_waiting()) return 0;
    for (;;) {
      std::array<pollfd, 2> waited = {pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{watched, POLLIN, 0}};
      const int ready = poll(waited.data(), watched < 0 ? 1 : 2, -1);
      if (terminal_resized != 0) {
        terminal_resized = 0;
        el_resize(editor);
      }
      if (ready < 0 && errno != EINTR) return 0;
      if (ready <= 0) continue;
      if (watched >= 0 && waited[1].revents != 0 && !show_waiting()) return 0;
      if (waited[0].revents != 0) return 1;
    }
  }

  /// One character, decoded here so that nothing depends on the locale.                              RFC 3629 §3
  int read_key(wchar_t* key) {
    if (wait_for_key() == 0) return 0;
    unsigned char lead = 0;
    if (read(STDIN_FILENO, &lead, 1) != 1) return 0;
    int more = 0;
    std::uint32_t code = lead;
    if ((lead & 0xE0) == 0xC0) {
      more = 1, code = lead & 0x1Fu;
    } else if ((lead & 0xF0) == 0xE0) {
      more = 2, code = lead & 0x0Fu;
    } else if ((lead & 0xF8) == 0xF0) {
      more = 3, code = lead & 0x07u;
    }
    for (; more > 0; --more) {
      unsigned char next = 0;
      if (read(STDIN_FILENO, &next, 1) != 1) return 0;
      code = (code << 6) | (next & 0x3Fu);
    }
    *key = code > 0x10FFFF ? kReplacement : static_cast<wchar_t>(code);
    return 1;
  }

  [[nodiscard]] std::string before_cursor() const {
    const auto* line = el_line(editor);
    return {line->buffer, static_cast<std::size_t>(line->cursor - line->buffer)};
  }

  unsigned char complete(bool only_list) {
    const auto beginning = before_cursor();
    auto words = callbacks.complete(beginning);
    if (words.empty()) return CC_REFRESH_BEEP;
    const auto typed = last_word(beginning);
    auto replacement = common_beginning(words);
    const bool grows = replacement.size() > typed.size() || words.size() == 1;
    if (grows && !only_list) {
      if (words.size() == 1) replacement += ' ';
      el_deletestr(editor, characters(typed));
      el_insertstr(editor, replacement.c_str());
      return CC_REFRESH;
    }
    write_out("\n" + in_columns(words, terminal_width()));
    return CC_REDISPLAY;
  }

  static int get_key(EditLine* editor, wchar_t* key) { return of(editor)->read_key(key); }
  static const char* get_prompt(EditLine* editor) { return of(editor)->prompt.c_str(); }
  static unsigned char on_tab(EditLine* editor, int) { return of(editor)->complete(false); }
  static unsigned char on_question(EditLine* editor, int) { return of(editor)->complete(true); }

  void open_history() {
    history = history_init();
    HistEvent event{};
    ::history(history, &event, H_SETSIZE, kHistoryMax);
    ::history(history, &event, H_SETUNIQUE, 1);
    if (!history_file.empty()) ::history(history, &event, H_LOAD, history_file.c_str());
    el_set(editor, EL_HIST, ::history, history);
  }

  void remember(const std::string& line) {
    HistEvent event{};
    ::history(history, &event, H_ENTER, line.c_str());
    if (!history_file.empty()) ::history(history, &event, H_SAVE, history_file.c_str());
  }
};

LineEditor::LineEditor(std::string prompt, std::string history_file, int watched, Callbacks callbacks)
    : impl_(std::make_unique<Impl>()) {
  // Nothing else in this program looks at the locale. glibc has C.UTF-8 built in.
  std::setlocale(LC_CTYPE, "C.UTF-8");  // lint: allow locale libedit turns bytes into characters by it
  impl_->prompt = std::move(prompt);
  impl_->history_file = std::move(history_file);
  impl_->watched = watched;
  impl_->callbacks = std::move(callbacks);
  impl_->editor = el_init("xivo", stdin, stdout, stderr);
  auto* editor = impl_->editor;
  el_set(editor, EL_CLIENTDATA, impl_.get());
  el_set(editor, EL_PROMPT_ESC, &Impl::get_prompt, '\1');
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_GETCFN, &Impl::get_key);
  el_set(editor, EL_ADDFN, "console-complete", "Complete a command", &Impl::on_tab);
  el_set(editor, EL_ADDFN, "console-list", "List what may come next", &Impl::on_question);
  el_set(editor, EL_BIND, "^I", "console-complete", nullptr);
  el_set(editor, EL_BIND, "?", "console-list", nullptr);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  // While a line is edited ^C clears it; while a command runs it ends the console.
  el_set(editor, EL_SETTY, "-d", "-isig", nullptr);
  el_set(editor, EL_BIND, "^C", "em-kill-line", nullptr);
  impl_->open_history();
  struct sigaction action{};
  action.sa_handler = on_resize;
  sigaction(SIGWINCH, &action, nullptr);
}

LineEditor::~LineEditor() {
  history_end(impl_->history);
  el_end(impl_->editor);
}

std::optional<std::string> LineEditor::read_line() {
  // libedit shows the prompt before it changes the terminal's mode: a ^D in between would be lost.
  el_set(impl_->editor, EL_PREP_TERM, 1);
  int size = 0;
  const char* line = el_gets(impl_->editor, &size);
  if (line == nullptr || size <= 0) return std::nullopt;
  std::string result(line, static_cast<std::size_t>(size));
  while (!result.empty() && (result.back() == '\n' || result.back() == '\r')) result.pop_back();
  if (!text::trim(result).empty()) impl_->remember(result);
  return result;
}

}  // namespace xivo::cli
