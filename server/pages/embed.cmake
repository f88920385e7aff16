# Compiles templates, catalogues and static files into the program. Read in two ways:
# included by the main CMakeLists.txt it arranges the step, run by `cmake -P` it is the step.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(pages_folder ${CMAKE_SOURCE_DIR}/server/pages)
  set(pages_embedded ${CMAKE_BINARY_DIR}/generated/pages_embedded.c)
  file(GLOB pages_files CONFIGURE_DEPENDS
    ${pages_folder}/templates/*.html ${pages_folder}/messages/*.ini ${pages_folder}/static/*.*)
  add_custom_command(OUTPUT ${pages_embedded}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${pages_folder} -DOUT=${pages_embedded} -P ${pages_folder}/embed.cmake
    DEPENDS ${pages_files} ${pages_folder}/embed.cmake
    COMMENT "Embedding the pages")
  target_sources(layer6_endpoints PRIVATE ${pages_embedded})
  return()
endif()

file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/templates/*.html ${FOLDER}/messages/*.ini ${FOLDER}/static/*.*)
set(arrays "")
set(rows "")
set(count 0)
foreach(file ${files})
  file(READ ${FOLDER}/${file} bytes HEX)
  string(LENGTH "${bytes}" length)
  math(EXPR length "${length} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const unsigned char file_${count}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${file}\", file_${count}, ${length}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "#include \"server/pages/embed.h\"\n\n${arrays}\n"
  "const struct embedded_file embedded_files[] = {\n${rows}};\n"
  "const size_t embedded_file_count = ${count};\n")
