/// The published maps of where two kernels differ, and where on them a comparison lies. `janklab map` makes them.
///
/// Invariant: a cell is what its command printed; nothing here simulates.
@NullMarked
package io.janklab.workloads.map;

import org.jspecify.annotations.NullMarked;
