#ifndef BRUSHFLOW_COPENBLAS_SHIM_H
#define BRUSHFLOW_COPENBLAS_SHIM_H

#include <cblas.h>

#endif
