#ifndef BRUSHFLOW_CMODELS_H
#define BRUSHFLOW_CMODELS_H

#include <stddef.h>

/// A file that is part of the binary.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} bf_embedded_file;

/// The slim perceptual encoder, a safetensors file.
bf_embedded_file bf_slim_encoder(void);

#endif
