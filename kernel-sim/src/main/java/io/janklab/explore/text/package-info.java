/// Litmuses as text files, in the language of [io.janklab.program]: a column per task, and what must never or always come of it.
///
/// Invariant: a file that cannot be used is refused as a whole, in one sentence that names its line, before anything is run.
package io.janklab.explore.text;
