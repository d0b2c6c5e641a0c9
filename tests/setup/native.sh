# Compiling ahead of time links with the system's linker and C library; the C++ compiler brings both.
need g++ g++ "linking of ahead-of-time compiled code"
