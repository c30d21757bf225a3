/// A process as bionic and ART set it up: its mappings, native heap and files, its threads from creation to end, how they wait for each
/// other, and the cpuset and priorities that Android gives them.
///
/// Invariant: knows nothing of frames or of what an app does; every mapping is made by a system call whose error is checked.
@NullMarked
package io.janklab.workloads.app.process;

import org.jspecify.annotations.NullMarked;
