# tarn_room(NAME ROOMS a b … LIBS x y …): one folder of src/ as a static library tarn_NAME, with its tests (x_test.cc),
# fuzz targets (x_fuzz.cc, one program each) and benchmarks (x_bench.cc). A file in the folder, or in one of its FOLDERS, is part of the room.
# ROOMS are the rooms that it may import: tools/check_layers.py holds them against the table in ARCHITECTURE.md.

set(TARN_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
                  -Wno-unused-parameter -Werror -ffp-contract=off)

add_library(tarn_flags INTERFACE)
target_compile_options(tarn_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${TARN_WARNINGS}>)
# g++ 12 takes the unused alternatives of a variant for uninitialized memory (GCC bug 105562 and its kin).
target_compile_options(tarn_flags INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
# At -O3 g++ 12 sees overlapping copies in text + std::string (GCC bug 105651).
target_compile_options(tarn_flags INTERFACE $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<CONFIG:Release>>:-Wno-restrict>)
# libstdc++ 12's stable_sort uses what the same header deprecates, and clang says so.
target_compile_options(tarn_flags INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>)
target_include_directories(tarn_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(TARN_SANITIZE)
  target_compile_options(tarn_flags INTERFACE -fsanitize=${TARN_SANITIZE} -fno-omit-frame-pointer -O1)
  target_link_options(tarn_flags INTERFACE -fsanitize=${TARN_SANITIZE})
  if(TARN_SANITIZE MATCHES "undefined")
    # A third of the compile time is vptr's, which finds what address finds.
    target_compile_options(tarn_flags INTERFACE -fno-sanitize-recover=all -fno-sanitize=vptr,object-size)
  endif()
endif()
if(TARN_FUZZ)
  target_compile_options(tarn_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What stands in tests is compiled once for each run of them: without optimization, in half the time. Not for
# ThreadSanitizer: std::mutex::lock() would be a function of the test then, which DuckDB calls instead of its own, and
# whose calls and returns the sanitizer counts until it fails.
add_library(tarn_test_flags INTERFACE)
if(NOT TARN_SANITIZE MATCHES "thread")
  target_compile_options(tarn_test_flags INTERFACE -O0)
endif()

# The main program and the tests find their bundled libraries beside them; tests run from the build tree.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)

function(tarn_test target)
  cmake_parse_arguments(PARSE_ARGV 1 T "" "" "SOURCES;LIBS")
  add_executable(${target} ${T_SOURCES})
  target_link_libraries(${target} PRIVATE ${T_LIBS} tarn_flags tarn_test_flags GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 600 LABELS ${target})
endfunction()

function(tarn_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "" "ROOMS;LIBS;PUBLIC_LIBS;EXCLUDE;TEST_ROOMS;FOLDERS")
  list(TRANSFORM ROOM_FOLDERS APPEND "/*.cc" OUTPUT_VARIABLE below)
  file(GLOB sources CONFIGURE_DEPENDS *.cc ${below})
  foreach(excluded ${ROOM_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX "/${excluded}$")
  endforeach()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")

  list(TRANSFORM ROOM_ROOMS PREPEND tarn_ OUTPUT_VARIABLE rooms)
  if(sources)
    add_library(tarn_${name} STATIC ${sources})
    target_link_libraries(tarn_${name} PUBLIC ${rooms} ${ROOM_PUBLIC_LIBS} PRIVATE ${ROOM_LIBS} tarn_flags)
  else()
    add_library(tarn_${name} INTERFACE)
    target_link_libraries(tarn_${name} INTERFACE ${rooms} ${ROOM_PUBLIC_LIBS})
  endif()

  list(TRANSFORM ROOM_TEST_ROOMS PREPEND tarn_ OUTPUT_VARIABLE test_rooms)
  if(tests)
    tarn_test(${name}_test SOURCES ${tests} LIBS tarn_${name} ${test_rooms} ${ROOM_LIBS})
  endif()
  if(TARN_FUZZ)
    foreach(file ${fuzzers})
      get_filename_component(target ${file} NAME_WE)
      add_executable(${name}_${target} ${file})
      target_link_libraries(${name}_${target} PRIVATE tarn_${name} ${test_rooms} tarn_flags)
      target_link_options(${name}_${target} PRIVATE -fsanitize=fuzzer)
      set_property(GLOBAL APPEND PROPERTY TARN_FUZZERS ${name}_${target})
    endforeach()
  endif()
  if(NOT TARN_SANITIZE)
    foreach(file ${benches})
      get_filename_component(target ${file} NAME_WE)
      add_executable(${name}_${target} ${file})
      target_link_libraries(${name}_${target} PRIVATE tarn_${name} ${test_rooms} tarn_flags benchmark::benchmark)
      # A benchmark checks its answer; it runs tiny with the tests so that it cannot rot.
      add_test(NAME ${name}_${target} COMMAND ${name}_${target} --benchmark_min_time=0.001)
    endforeach()
  endif()
endfunction()
