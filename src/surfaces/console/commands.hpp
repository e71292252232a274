#pragma once

#include "console/command_tree.hpp"

/// The commands, a file for each family; each adds its own to the tree.
namespace xivo::console {

void add_sip_commands(CommandTree& tree);
void add_pjsip_commands(CommandTree& tree);
void add_core_commands(CommandTree& tree);
void add_channel_commands(CommandTree& tree);
void add_reload_commands(CommandTree& tree);
void add_help_commands(CommandTree& tree);
void add_trace_commands(CommandTree& tree);
void add_ban_commands(CommandTree& tree);
void add_toll_commands(CommandTree& tree);

/// Names `module reload X` accepts: what an administrator of Asterisk would type.
bool is_known_module(std::string_view name);
const std::vector<std::string>& known_modules();

}  // namespace xivo::console
