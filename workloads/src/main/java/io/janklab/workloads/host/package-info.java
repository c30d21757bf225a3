/// The real Linux under the JVM, called through the foreign-function API, as the measure of the simulated one.
///
/// Programs of system calls run on both sides inside the same [io.janklab.workloads.host.Region] of addresses; what they return and what
/// they leave behind must agree.
///
/// Invariant: nothing here touches an address of this process outside the region, save buffers that it mapped itself.
package io.janklab.workloads.host;
