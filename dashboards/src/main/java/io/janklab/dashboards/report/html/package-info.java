/// `report.html`: one self-contained page with tables, percentile curves and the timelines of the worst frames.
///
/// Invariant: every text that reaches the page is escaped, and the page loads nothing from elsewhere.
@NullMarked
package io.janklab.dashboards.report.html;

import org.jspecify.annotations.NullMarked;
