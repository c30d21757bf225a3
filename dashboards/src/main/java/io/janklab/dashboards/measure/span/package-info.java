/// Spans of time that have ended: a stay in a state, a hold, a wait, a trace slice; and the timeline made of those around a frame.
///
/// Invariant: recording a span allocates nothing, and of a whole run only the last spans are kept
/// ([io.janklab.dashboards.measure.span.SpanRing]).
@NullMarked
package io.janklab.dashboards.measure.span;

import org.jspecify.annotations.NullMarked;
