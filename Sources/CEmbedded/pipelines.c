#include "pipelines.h"

static const unsigned char draft[] = {
#embed "../../Pipelines/draft.yml"
};
static const unsigned char balanced[] = {
#embed "../../Pipelines/balanced.yml"
};
static const unsigned char best[] = {
#embed "../../Pipelines/best.yml"
};

bf_embedded_file bf_pipeline_draft(void) { return (bf_embedded_file){draft, sizeof draft}; }
bf_embedded_file bf_pipeline_balanced(void) { return (bf_embedded_file){balanced, sizeof balanced}; }
bf_embedded_file bf_pipeline_best(void) { return (bf_embedded_file){best, sizeof best}; }
