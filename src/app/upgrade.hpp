#pragma once

#include <vector>

#include "model/transaction.hpp"

namespace xivo::app {

/// Brings a configuration of before 0.2 to the shape of today. There, a line said its number and the name of its context by
/// itself; here contexts are objects, and extensions lead to users and lines. Lines of one user that share a number become
/// one extension to that user, a number of one line alone an extension to that line.
/// Shape   `lines`: what is stored of them, by id, see ConfigStore::stored(). For a configuration that has no context yet
model::Transaction upgrade_numbers(const model::Config& config, const std::vector<model::Value>& lines);

}  // namespace xivo::app
