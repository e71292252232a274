# Compiler flags, decided once for the whole tree.
option(XIVO_FUZZ "build the libFuzzer targets too, and everything with what they need: clang, its address and undefined sanitizers" OFF)
option(XIVO_TESTS "build the tests" ON)
set(XIVO_SANITIZE "" CACHE STRING "sanitizers for -fsanitize=, e.g. address,undefined or thread")

find_program(XIVO_CCACHE ccache)
if(XIVO_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${XIVO_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${XIVO_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own coroutine frames and std::string under -O2; clang keeps watch over them.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=dangling-pointer)
endif()
if(XIVO_SANITIZE)
  add_compile_options(-fsanitize=${XIVO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${XIVO_SANITIZE})
endif()
if(XIVO_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(XIVO_MOLD mold)
if(XIVO_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
