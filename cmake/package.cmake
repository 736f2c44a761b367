# The target `dist`: the relocatable program in dist/tarn/. The program, libpdfium.so, which
# it opens when a PDF is read, and the module that it opens when a text is encoded.
if(TARGET tarn)
  set(TARN_DIST_ARGUMENTS --program $<TARGET_FILE:tarn> --opened ${PDFIUM_DIR}/libpdfium.so)
  set(TARN_DIST_TARGETS tarn)
  if(TARGET tarn_openvino)
    list(APPEND TARN_DIST_ARGUMENTS --module $<TARGET_FILE:tarn_openvino>)
    list(APPEND TARN_DIST_TARGETS tarn_openvino)
  endif()
  add_custom_target(dist COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/dist.py ${TARN_DIST_ARGUMENTS}
                    DEPENDS ${TARN_DIST_TARGETS} USES_TERMINAL VERBATIM)
endif()
# Names of the fuzz targets, one a line, for ./tools/dev fuzz.
get_property(TARN_FUZZER_NAMES GLOBAL PROPERTY TARN_FUZZERS)
list(JOIN TARN_FUZZER_NAMES "\n" TARN_FUZZER_LINES)
file(WRITE ${CMAKE_BINARY_DIR}/fuzzers.txt "${TARN_FUZZER_LINES}\n")
