/// A recording of a real program from file to answer: read, rebuilt, fitted, replayed under its own kernel first.
///
/// Invariant: nothing is predicted from a recording before its null test has shown how far the replay under the recorded kernel is from the
/// recording.
@NullMarked
package io.janklab.workloads.recording;

import org.jspecify.annotations.NullMarked;
