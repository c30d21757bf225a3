/// Output files.
///
/// Invariant: a file appears whole or not at all, whatever fails while it is written.
@NullMarked
package io.janklab.dashboards.file;

import org.jspecify.annotations.NullMarked;
