/// Netty's `ByteBufAllocator` on a simulated heap, for ordinary Java threads.
///
/// The only package below `workloads` that knows host threads. Each of them is a thread of one simulated process; a thread that makes a
/// call, or touches a page that is not present, enters the simulation under one lock and runs it until its call has returned. Bytes lie in
/// host memory, a contiguous range for each mapping, and the simulated pages say which of them still count.
///
/// Invariant: simulated code runs only under the lock of [io.janklab.allocator.netty.HostedProcess]; a page that the kernel has dropped
/// reads zero.
@NullMarked
package io.janklab.allocator.netty;

import org.jspecify.annotations.NullMarked;
