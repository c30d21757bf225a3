/// A phone: the app in front ([io.janklab.workloads.app]), and the processes it shares cores and memory with: system_server,
/// SurfaceFlinger, the zygote, apps out of sight, a camera, dex2oat, lmkd, readers of the app's memory and maps.
///
/// Invariant: as in the app's package, everything is user code; it meets the kernel only through system calls, memory accesses, wait queues
/// and trace markers, and draws chance from streams named after their purpose.
@NullMarked
package io.janklab.workloads.phone;

import org.jspecify.annotations.NullMarked;
