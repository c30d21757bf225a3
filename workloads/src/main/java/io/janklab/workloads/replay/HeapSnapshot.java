package io.janklab.workloads.replay;

import io.janklab.allocator.HeapExtent;
import java.util.List;

/// A heap's extents after a number of operations, in order of address.
public record HeapSnapshot(long operation, List<HeapExtent> extents) {}
