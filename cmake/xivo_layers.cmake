# The only build logic of the tree: xivo_layer(), xivo_feature(), xivo_fuzz(), xivo_test().
#
# Each layer is a static library that sees other layers only through an include *view*: a folder in the build
# tree that holds one link to the layer's sources. A layer whose view is not on the include path cannot be
# included at all, so a forbidden include does not compile.

function(_xivo_view out layer folder)
  set(view ${CMAKE_BINARY_DIR}/view/${layer})
  get_filename_component(parent ${view}/${layer} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${folder} ${view}/${layer} SYMBOLIC)
  set(${out} ${view} PARENT_SCOPE)
endfunction()

# xivo_layer(<name> [PUBLIC <layer>...] [PRIVATE <layer>...] [LIBS <library>...] [PRIVATE_LIBS <library>...])
#
# Builds xivo_<name> from every *.cpp under the current folder except tests/. PUBLIC: layers that the folder's own
# headers include. PRIVATE: layers that only its .cpp files include. Tests in tests/*_test.cpp become one program,
# xivo_<name>_tests.
function(xivo_layer name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;LIBS;PRIVATE_LIBS;TEST_LAYERS;TEST_LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/tests/")
  set(target xivo_${name})
  _xivo_view(view ${name} ${CMAKE_CURRENT_SOURCE_DIR})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${view})
    set(mode PUBLIC)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${view})
    set(mode INTERFACE)
  endif()
  foreach(layer ${ARG_PUBLIC})
    target_link_libraries(${target} ${mode} xivo_${layer})
  endforeach()
  target_link_libraries(${target} ${mode} ${ARG_LIBS})
  if(sources)
    foreach(layer ${ARG_PRIVATE})
      target_link_libraries(${target} PRIVATE xivo_${layer})
    endforeach()
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE_LIBS})
  endif()
  _xivo_tests(${target} "${ARG_TEST_LAYERS};${ARG_PRIVATE}" "${ARG_TEST_LIBS};${ARG_PRIVATE_LIBS}")
endfunction()

function(_xivo_tests target layers libs)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/*_test.cpp)
  if(NOT tests OR NOT XIVO_TESTS)
    return()
  endif()
  add_executable(${target}_tests ${tests})
  target_link_libraries(${target}_tests PRIVATE ${target} xivo_test_support GTest::gtest GTest::gmock GTest::gtest_main ${libs})
  foreach(layer ${layers})
    target_link_libraries(${target}_tests PRIVATE xivo_${layer})
  endforeach()
  add_test(NAME unit.${target} COMMAND ${target}_tests)
  set_tests_properties(unit.${target} PROPERTIES LABELS "unit;fast" TIMEOUT 900)
endfunction()

# xivo_feature(<name>)
#
# Builds src/features/<name>/ as a layer of its own that sees only base, runtime, model, media and call, and adds it
# to the generated list of features (features::all()). The folder must define
#   const call::FeatureDescriptor& xivo::features::<name>::describe();
function(xivo_feature name)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(target xivo_feature_${name})
  _xivo_view(view features/${name} ${folder})
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${view})
  target_link_libraries(${target} PUBLIC xivo_base xivo_runtime xivo_model xivo_media xivo_call)
  file(GLOB tests CONFIGURE_DEPENDS ${folder}/tests/*_test.cpp)
  if(tests AND XIVO_TESTS)
    add_executable(${target}_tests ${tests})
    target_link_libraries(${target}_tests PRIVATE ${target} GTest::gtest GTest::gmock GTest::gtest_main)
    add_test(NAME unit.${target} COMMAND ${target}_tests)
    set_tests_properties(unit.${target} PROPERTIES LABELS "unit;fast" TIMEOUT 900)
  endif()
  set_property(GLOBAL APPEND PROPERTY XIVO_FEATURES ${name})
endfunction()

# xivo_fuzz(<layer> <file>): builds tests/<file>_fuzz.cpp of the current folder (of tests/fuzz: <file>_fuzz.cpp) with
# libFuzzer; seeds in tests/corpus/<file>/ of the source tree's root.
function(xivo_fuzz layer file)
  if(NOT XIVO_FUZZ)
    return()
  endif()
  set(target fuzz_${file})
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/tests/${file}_fuzz.cpp)
  if(NOT EXISTS ${source})
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file}_fuzz.cpp)
  endif()
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE xivo_${layer})
  target_link_options(${target} PRIVATE -fsanitize=fuzzer,address,undefined)
endfunction()
