#include "embedded.h"

static const unsigned char bytes[] = {
#embed "learned_styles.safetensors"
};

bf_embedded_file bf_learned_styles(void) { return (bf_embedded_file){bytes, sizeof bytes}; }
