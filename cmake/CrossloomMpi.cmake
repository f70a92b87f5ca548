# MPI, for sweeps and searches on several machines: CROSSLOOM_MPI=AUTO takes it where it is installed (Debian:
# libopenmpi-dev), ON insists.
set(CROSSLOOM_MPI AUTO CACHE STRING "Build crossloom-mpi, which needs MPI: AUTO, ON or OFF")
set_property(CACHE CROSSLOOM_MPI PROPERTY STRINGS AUTO ON OFF)
set(CROSSLOOM_HAS_MPI OFF)
if(CROSSLOOM_MPI STREQUAL "AUTO" OR CROSSLOOM_MPI)
  set(MPI_CXX_SKIP_MPICXX ON) # the C interface alone
  find_package(MPI QUIET COMPONENTS CXX)
  if(MPI_CXX_FOUND)
    set(CROSSLOOM_HAS_MPI ON)
  elseif(NOT CROSSLOOM_MPI STREQUAL "AUTO")
    message(FATAL_ERROR "CROSSLOOM_MPI=${CROSSLOOM_MPI}: MPI was not found (Debian, Ubuntu: libopenmpi-dev openmpi-bin)")
  endif()
endif()
message(STATUS "Sweeps and searches with MPI: ${CROSSLOOM_HAS_MPI}")
