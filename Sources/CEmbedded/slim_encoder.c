#include "embedded.h"

static const unsigned char bytes[] = {
#embed "slim_encoder.safetensors"
};

bf_embedded_file bf_slim_encoder(void) { return (bf_embedded_file){bytes, sizeof bytes}; }
