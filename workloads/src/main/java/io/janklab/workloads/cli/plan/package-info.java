/// The options that say what runs on which kernels, and the immutable plan that they become.
@NullMarked
package io.janklab.workloads.cli.plan;

import org.jspecify.annotations.NullMarked;
