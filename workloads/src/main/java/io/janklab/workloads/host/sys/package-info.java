/// The host's own kernel: its system calls through the foreign-function API, its userfaultfd, its cores, its version, and the
/// [io.janklab.program.Region] of addresses that the calls may touch.
///
/// Invariant: nothing here touches an address of this process outside the region, save buffers that it mapped itself.
@NullMarked
package io.janklab.workloads.host.sys;

import org.jspecify.annotations.NullMarked;
