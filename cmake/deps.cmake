# Third-party libraries as targets. Debian packages by find_package or pkg-config; pinned downloads from third_party/.deps
# (tools/fetch_deps.py). Each library has one home folder in src/ (ARCHITECTURE.md); link it there only.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
include(GoogleTest)
find_package(benchmark REQUIRED)
find_package(fmt REQUIRED)

set(DEPS ${CMAKE_SOURCE_DIR}/third_party/.deps)
if(NOT EXISTS ${DEPS}/duckdb-lib/libduckdb.so)
  message(FATAL_ERROR "third_party/.deps is not filled: run ./tools/dev setup")
endif()

pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)
find_package(simdjson REQUIRED)
find_package(CLI11 REQUIRED)
find_library(STEMMER_LIB stemmer REQUIRED)
find_library(CMARK_LIB cmark-gfm REQUIRED)
find_library(CMARK_EXT_LIB cmark-gfm-extensions REQUIRED)

# DuckDB: home src/duck.
add_library(dep_duckdb SHARED IMPORTED)
set_target_properties(dep_duckdb PROPERTIES IMPORTED_LOCATION ${DEPS}/duckdb-lib/libduckdb.so IMPORTED_NO_SONAME ON)
target_include_directories(dep_duckdb SYSTEM INTERFACE ${DEPS}/duckdb-src/external/duckdb/src/include)

# CRoaring: home src/lake (deletion vectors).
add_library(dep_roaring STATIC ${DEPS}/croaring/pyroaring/roaring.c)
target_include_directories(dep_roaring SYSTEM PUBLIC ${DEPS}/croaring/pyroaring)
target_compile_options(dep_roaring PRIVATE -w -O2)

# lexbor: home src/document (HTML).
file(GLOB_RECURSE LEXBOR_SOURCES ${DEPS}/lexbor/lexbor/source/lexbor/*.c)
list(FILTER LEXBOR_SOURCES EXCLUDE REGEX "/ports/windows_nt/")
add_library(dep_lexbor STATIC ${LEXBOR_SOURCES})
target_include_directories(dep_lexbor SYSTEM PUBLIC ${DEPS}/lexbor/lexbor/source)
target_compile_definitions(dep_lexbor PUBLIC LEXBOR_STATIC)
target_compile_options(dep_lexbor PRIVATE -w -O2)
target_link_libraries(dep_lexbor PUBLIC m)

add_library(dep_cmark INTERFACE)
target_link_libraries(dep_cmark INTERFACE ${CMARK_LIB} ${CMARK_EXT_LIB})
add_library(dep_stemmer INTERFACE)
target_link_libraries(dep_stemmer INTERFACE ${STEMMER_LIB})

# OpenVINO: home src/encode, in a shared module that is loaded only when a text is encoded.
set(OPENVINO_DIR ${DEPS}/openvino/openvino)
add_library(dep_openvino SHARED IMPORTED)
set_target_properties(dep_openvino PROPERTIES IMPORTED_LOCATION ${OPENVINO_DIR}/libs/libopenvino.so.2641)
target_include_directories(dep_openvino SYSTEM INTERFACE ${OPENVINO_DIR}/include)
