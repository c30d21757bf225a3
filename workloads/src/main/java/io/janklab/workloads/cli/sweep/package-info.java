/// `sweep` and `merge`: many runs, here or on other machines, their rows and their report.
@NullMarked
package io.janklab.workloads.cli.sweep;

import org.jspecify.annotations.NullMarked;
