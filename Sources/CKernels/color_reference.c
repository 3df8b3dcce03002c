#include "color.h"

#define BF_COLOR_NAME(name) name##_reference
#include "color_loops.h"
