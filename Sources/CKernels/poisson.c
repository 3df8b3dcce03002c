#define POISSON_LEVEL bf_poisson_reference
#include "poisson_loops.h"
