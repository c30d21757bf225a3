/// The options that say what runs on which kernels, and the immutable plan that they become.
package io.janklab.workloads.cli.plan;
