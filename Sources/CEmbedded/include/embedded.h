#ifndef BRUSHFLOW_EMBEDDED_H
#define BRUSHFLOW_EMBEDDED_H

#include <stddef.h>

/// A file that is part of the binary.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} bf_embedded_file;

/// The slim perceptual encoder, a safetensors file.
bf_embedded_file bf_slim_encoder(void);

/// The learned styles that ship, a style network: a safetensors file.
bf_embedded_file bf_learned_styles(void);

/// The picture that styles are shown with, a JPEG.
bf_embedded_file bf_sample_picture(void);

/// A style image that is part of the binary: `name` as a user types it, `description` in one line, `file` a JPEG.
typedef struct {
    const char *name;
    const char *description;
    bf_embedded_file file;
} bf_bundled_style;

/// The number of bundled styles.
size_t bf_bundled_style_count(void);

/// The style at `index`, in 0 ..< `bf_bundled_style_count()`; all null outside.
bf_bundled_style bf_bundled_style_at(size_t index);

#endif
