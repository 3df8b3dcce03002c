#ifndef BRUSHFLOW_REPORT_H
#define BRUSHFLOW_REPORT_H

#include "embedded.h"

/// The page of a measurement's report and what it is dressed in, `report/report.{html,css,js}`.
bf_embedded_file bf_report_page(void);
bf_embedded_file bf_report_style(void);
bf_embedded_file bf_report_script(void);

#endif
