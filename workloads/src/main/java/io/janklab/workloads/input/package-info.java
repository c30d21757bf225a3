/// The input of users (options, YAML files, traces) and how errors in it are reported.
///
/// Invariant: everything wrong with an input ends as one [io.janklab.workloads.input.BadInput], whose message is a whole sentence
/// with the file and line where there are any.
@NullMarked
package io.janklab.workloads.input;

import org.jspecify.annotations.NullMarked;
