/// `conform`: the same program on the host's kernel and on the simulated one. What its calls return, and the mappings, residency and
/// contents that they leave behind, must agree; a program that diverges is shrunk to the calls that matter.
///
/// Invariant: both address spaces are compared after every call, so a divergence names the first call that differs.
@NullMarked
package io.janklab.workloads.host.conform;

import org.jspecify.annotations.NullMarked;
