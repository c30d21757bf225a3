/// `explore` and `pairs`: interleavings of small programs, each judged by the kernel's rules.
@NullMarked
package io.janklab.workloads.cli.explore;

import org.jspecify.annotations.NullMarked;
