#ifndef BRUSHFLOW_PIPELINES_H
#define BRUSHFLOW_PIPELINES_H

#include "embedded.h"

/// The configuration files of `Pipelines/` by name.
bf_embedded_file bf_pipeline_draft(void);
bf_embedded_file bf_pipeline_balanced(void);
bf_embedded_file bf_pipeline_best(void);

#endif
