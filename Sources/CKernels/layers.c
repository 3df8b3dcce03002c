#define LAYER_LEVEL bf_layers_reference
#include "layer_loops.h"
