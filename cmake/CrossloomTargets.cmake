# crossloom_flags: how every target of the project is compiled.
add_library(crossloom_flags INTERFACE)
target_compile_features(crossloom_flags INTERFACE cxx_std_20)
target_compile_options(
  crossloom_flags
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wold-style-cast
            -Wnon-virtual-dtor
            # Designated initialisers leave members at their defaults on purpose.
            -Wno-missing-field-initializers
            # False alarms of g++ 12 about "text" + std::to_string(n) (GCC bug 105651, fixed in 13).
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
            # The same bits with and without fused multiply-add units.
            -ffp-contract=off
            $<$<BOOL:${CROSSLOOM_WERROR}>:-Werror>)
if(CROSSLOOM_SANITIZERS)
  set(sanitizer_flags -fsanitize=${CROSSLOOM_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(crossloom_flags INTERFACE ${sanitizer_flags})
  target_link_options(crossloom_flags INTERFACE ${sanitizer_flags})
endif()

# Links the project's own libraries PUBLIC (their headers appear in ours) and third-party ones PRIVATE (theirs never do).
function(crossloom_link target)
  foreach(dependency IN LISTS ARGN)
    if(dependency MATCHES "^crossloom_")
      target_link_libraries(${target} PUBLIC ${dependency})
    else()
      target_link_libraries(${target} PRIVATE ${dependency})
    endif()
  endforeach()
endfunction()

# crossloom_library(name SOURCES a.cpp ... [DEPENDS crossloom_support fmt::fmt ...]): a static library of one floor.
function(crossloom_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE crossloom_flags)
  crossloom_link(${name} ${arg_DEPENDS})
endfunction()

# crossloom_executable(name SOURCES ... [DEPENDS ...])
function(crossloom_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE crossloom_flags)
  crossloom_link(${name} ${arg_DEPENDS})
endfunction()

# crossloom_test(name SOURCES a_test.cpp ... [DEPENDS ...]): one GoogleTest program; ctest runs each TEST on its own.
# Test helpers are included from the root of the repository: "tests/support/scratch_folder.h".
# CROSSLOOM_SOURCE_FOLDER is the root of the repository as a string literal.
function(crossloom_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  crossloom_executable(${name} SOURCES ${arg_SOURCES} DEPENDS ${arg_DEPENDS} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE CROSSLOOM_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE ${CROSSLOOM_TEST_OPTIONS})
  if(CROSSLOOM_PRECOMPILE_TESTS)
    target_precompile_headers(${name} PRIVATE <gtest/gtest.h>)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
