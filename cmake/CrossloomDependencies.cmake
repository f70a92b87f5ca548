# Third-party libraries, all from the system's packages.
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)

# libjpeg-turbo's own interface, which reports errors by values; not every distribution ships its CMake package.
find_library(CROSSLOOM_TURBOJPEG_LIBRARY turbojpeg REQUIRED)
add_library(crossloom_turbojpeg INTERFACE)
target_link_libraries(crossloom_turbojpeg INTERFACE "${CROSSLOOM_TURBOJPEG_LIBRARY}")

# yaml-cpp 0.8 renamed its target.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# The linear programming solver Clp of COIN-OR comes without a CMake package. It is loaded by its name when first used
# (src/compiler/packing/covering_program.cpp): "libClp.so.1", as "libClp.so" is only there where the headers are.
find_path(CLP_INCLUDE_FOLDER coin/Clp_C_Interface.h REQUIRED)
find_library(CLP_LIBRARY Clp REQUIRED)
file(REAL_PATH "${CLP_LIBRARY}" clp_file)
string(REGEX REPLACE "^.*/([^/]+\\.so\\.[0-9]+)[^/]*$" "\\1" clp_name "${clp_file}")
add_library(Clp::Clp INTERFACE IMPORTED)
target_include_directories(Clp::Clp INTERFACE "${CLP_INCLUDE_FOLDER}")
target_compile_definitions(Clp::Clp INTERFACE CROSSLOOM_CLP_LIBRARY="${clp_name}")
target_link_libraries(Clp::Clp INTERFACE ${CMAKE_DL_LIBS})
