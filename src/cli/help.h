// Help made from the commands: the first screen, and one page for each command. 80 columns, no colour unless asked.
#pragma once

#include <string>

#include "cli/commands.h"

namespace tarn::cli {

std::string first_screen(const Commands& commands, const std::string& version, bool color);
std::string command_help(const Command& command, const Commands& commands, bool color);

}  // namespace tarn::cli
