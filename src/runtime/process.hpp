#pragma once

#include <cstddef>

/// What the process uses, and may use, of the machine.                                              Thread  any
namespace xivo::runtime {

/// Memory of the process that is in the machine's memory now; 0 when the kernel does not tell.
std::size_t resident_bytes();
/// Hands freed memory back to the kernel. Takes milliseconds, in which other threads may wait for memory: for a worker,
/// and seldom.
void give_back_memory();
/// Descriptors that the process may have open.
std::size_t descriptors_max();
/// Takes as many as the system allows: most give 1,024 at first and half a million to who asks.
void raise_descriptors_max();

}  // namespace xivo::runtime
