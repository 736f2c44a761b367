# Third-party libraries as targets. Debian packages by find_package or pkg-config; pinned downloads from third_party/.deps
# (tools/fetch_deps.py). Each library has one home folder in src/ (ARCHITECTURE.md); link it there only.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
include(GoogleTest)
find_package(benchmark REQUIRED)
find_package(fmt REQUIRED)

set(DEPS ${CMAKE_SOURCE_DIR}/third_party/.deps)
# Does nothing when all is there.
execute_process(COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/fetch_deps.py COMMAND_ERROR_IS_FATAL ANY)

pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)
find_package(simdjson REQUIRED)

# libcurl: home src/http. Its headers alone: the library is the system's own, opened when something is fetched (http/curl.h).
pkg_check_modules(CURL REQUIRED libcurl>=7.80)
add_library(dep_curl INTERFACE)
target_include_directories(dep_curl SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})

find_package(pugixml REQUIRED)
find_library(STEMMER_LIB stemmer REQUIRED)
find_library(CMARK_LIB cmark-gfm REQUIRED)
find_library(CMARK_EXT_LIB cmark-gfm-extensions REQUIRED)

# toml++: home src/connector. Its headers alone.
pkg_check_modules(TOML REQUIRED tomlplusplus)
add_library(dep_toml INTERFACE)
target_include_directories(dep_toml SYSTEM INTERFACE ${TOML_INCLUDE_DIRS})

# DuckDB: home src/duck.
add_library(dep_duckdb SHARED IMPORTED)
set_target_properties(dep_duckdb PROPERTIES IMPORTED_LOCATION ${DEPS}/duckdb-lib/libduckdb.so IMPORTED_NO_SONAME ON)
target_include_directories(dep_duckdb SYSTEM INTERFACE ${DEPS}/duckdb-src/external/duckdb/src/include)

# DuckDB's SQL grammar: home src/duck. Its generated parser is compiled by duck/grammar.cc, which follows each reduction: for that the
# macro that bison calls at each must be ours and not the one defined in the file.
set(GRAMMAR ${DEPS}/duckdb-src/external/duckdb/third_party/libpg_query)
file(GLOB GRAMMAR_SOURCES ${GRAMMAR}/pg_functions.cpp ${GRAMMAR}/src_*.cpp)
list(FILTER GRAMMAR_SOURCES EXCLUDE REGEX "_gram\\.cpp$")
file(READ ${GRAMMAR}/src_backend_parser_gram.cpp PARSER)
set(THEIRS "#define YYLLOC_DEFAULT(Current, Rhs, N)")
string(FIND "${PARSER}" "${THEIRS}" FOUND)
if(FOUND EQUAL -1)
  message(FATAL_ERROR "DuckDB's generated parser has no '${THEIRS}': see duck/grammar.cc")
endif()
string(REPLACE "${THEIRS}" "#define YYLLOC_OF_DUCKDB(Current, Rhs, N)" PARSER "${PARSER}")
set(PARSER_COPY ${CMAKE_BINARY_DIR}/duckdb_grammar/duckdb_grammar/parser.cpp)
set(PARSER_BEFORE "")
if(EXISTS ${PARSER_COPY})
  file(READ ${PARSER_COPY} PARSER_BEFORE)
endif()
if(NOT PARSER STREQUAL PARSER_BEFORE)
  file(WRITE ${PARSER_COPY} "${PARSER}")
endif()
add_library(dep_duckdb_grammar STATIC ${GRAMMAR_SOURCES})
target_include_directories(dep_duckdb_grammar SYSTEM PUBLIC ${GRAMMAR}/include ${CMAKE_BINARY_DIR}/duckdb_grammar)
target_compile_options(dep_duckdb_grammar PRIVATE -w -O2 -fvisibility=hidden)

# CRoaring: home src/delta (deletion vectors).
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

# CLD2: home src/document (language). It loads words from wherever they lie, and knows one set of tables: the smaller one.
set(CLD2 ${DEPS}/cld2/cld2/internal)
set(CLD2_SOURCES)
foreach(SOURCE
    cldutil cldutil_shared compact_lang_det compact_lang_det_hint_code compact_lang_det_impl debug fixunicodevalue
    generated_distinct_bi_0 generated_entities generated_language generated_ulscript getonescriptspan lang_script offsetmap
    scoreonescriptspan tote utf8statetable cld2_generated_cjk_compatible cld2_generated_deltaoctachrome0122
    cld2_generated_distinctoctachrome0122 cld2_generated_quadchrome0122_2 cld_generated_cjk_delta_bi_4
    cld_generated_cjk_uni_prop_80 cld_generated_score_quad_octa_0122_2)
  list(APPEND CLD2_SOURCES ${CLD2}/${SOURCE}.cc)
endforeach()
add_library(dep_cld2 STATIC ${CLD2_SOURCES})
target_include_directories(dep_cld2 SYSTEM PUBLIC ${DEPS}/cld2/cld2/public)
# -Wno-narrowing: its tables of bytes are written as negative numbers, which clang calls an error.
target_compile_options(dep_cld2 PRIVATE -w -Wno-narrowing -O2 -fno-strict-aliasing -fno-sanitize=undefined)

add_library(dep_cmark INTERFACE)
target_link_libraries(dep_cmark INTERFACE ${CMARK_LIB} ${CMARK_EXT_LIB})
add_library(dep_stemmer INTERFACE)
target_link_libraries(dep_stemmer INTERFACE ${STEMMER_LIB})

# OpenVINO: home src/encode, in a shared module that is loaded only when a text is encoded.
set(OPENVINO_DIR ${DEPS}/openvino/openvino)
add_library(dep_openvino SHARED IMPORTED)
set_target_properties(dep_openvino PROPERTIES IMPORTED_LOCATION ${OPENVINO_DIR}/libs/libopenvino.so.2641)
target_include_directories(dep_openvino SYSTEM INTERFACE ${OPENVINO_DIR}/include)

# PDFium: home src/document. A prebuilt library that is opened by name; its functions are declared in our own words.
set(PDFIUM_DIR ${DEPS}/pdfium/pypdfium2_raw)
