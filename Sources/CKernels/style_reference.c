#define STYLE_LEVEL bf_style_reference
#include "style_loops.h"
