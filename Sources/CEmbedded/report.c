#include "report.h"

static const unsigned char page[] = {
#embed "report/report.html"
};
static const unsigned char style[] = {
#embed "report/report.css"
};
static const unsigned char script[] = {
#embed "report/report.js"
};

bf_embedded_file bf_report_page(void) { return (bf_embedded_file){page, sizeof page}; }
bf_embedded_file bf_report_style(void) { return (bf_embedded_file){style, sizeof style}; }
bf_embedded_file bf_report_script(void) { return (bf_embedded_file){script, sizeof script}; }
