#ifndef BRUSHFLOW_COPENBLAS_SHIM_H
#define BRUSHFLOW_COPENBLAS_SHIM_H

#include <cblas.h>

// Of OpenBLAS with threads of its own; in no header.
extern int blas_thread_shutdown_(void) __attribute__((weak));

/// Ends the threads that OpenBLAS starts when it is loaded. A product that asks for more than one starts them again.
static inline void bf_openblas_end_threads(void) {
    if (blas_thread_shutdown_) { (void)blas_thread_shutdown_(); }
}

#endif
