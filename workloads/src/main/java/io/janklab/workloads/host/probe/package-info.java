/// Questions to the host, asked by small programs: does it map the zero page, does it know this call or that. Each answer is a property
/// that the simulated side takes on, or a reason to leave something out.
///
/// Invariant: a property is found by trying, or read where the kernel reports it; never guessed from a release or a machine's name.
@NullMarked
package io.janklab.workloads.host.probe;

import org.jspecify.annotations.NullMarked;
