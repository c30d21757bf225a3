/// `replay`: traces of an allocator and recordings, run again on a simulated device.
@NullMarked
package io.janklab.workloads.cli.replay;

import org.jspecify.annotations.NullMarked;
