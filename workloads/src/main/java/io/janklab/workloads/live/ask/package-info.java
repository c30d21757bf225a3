/// The questions of a page: the state in a URL, the equivalent command line, and the choices offered.
///
/// Invariant: the command line judges every question, in its own words; nothing is judged here.
@NullMarked
package io.janklab.workloads.live.ask;

import org.jspecify.annotations.NullMarked;
