/// `explore` and `pairs`: interleavings of small programs, each judged by the kernel's rules.
package io.janklab.workloads.cli.explore;
