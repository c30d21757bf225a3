/// `replay`: traces of an allocator and recordings, run again on a simulated device.
package io.janklab.workloads.cli.replay;
