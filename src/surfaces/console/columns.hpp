#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/clock.hpp"

/// Cells of a fixed-width table. A column is a column of the terminal, not a byte: "Zoé" takes three.
namespace xivo::console {

/// `text` made safe for a terminal: control characters and bytes that are no UTF-8 become '?'. Names, user agents and
/// URIs come from the network; an escape sequence among them must not reach the administrator's terminal.
std::string printable(std::string_view text);

/// The same for text of several lines (a SIP message): line feeds and tabs stay, carriage returns go.
std::string printable_lines(std::string_view text);

/// Columns a terminal needs for `text`, which is printable().
std::size_t display_width(std::string_view text);

/// Printable, cut to `width` columns without tearing a character.
std::string cut(std::string_view text, std::size_t width);
/// Printable, cut and padded to exactly `width` columns: left- or right-aligned.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);
/// Printable, padded to `width` columns but never cut.
std::string pad(std::string_view text, std::size_t width);

/// "1 call", "2 calls": the noun takes an s unless the number is one.
std::string counted(std::uint64_t number, std::string_view noun);

/// "2026-03-01 10:00:00", local time.
std::string date_time(runtime::WallTime when);
/// "Mon, 02 Jan 2006 15:04:05", local time.
std::string date_time_long(runtime::WallTime when);
/// "00:01:05"; hours may exceed 99.
std::string hours_minutes_seconds(std::int64_t seconds);
/// Whole seconds from `from` to `to`, 0 when the clock was set back.
std::int64_t seconds_between(runtime::WallTime from, runtime::WallTime to);

}  // namespace xivo::console
