/// Litmuses as text files, in the language of [io.janklab.program]: a column per task, and the outcomes that must never or always occur.
///
/// Invariant: a file that cannot be used is refused as a whole, in one sentence that names its line, before anything is run.
@NullMarked
package io.janklab.explore.text;

import org.jspecify.annotations.NullMarked;
