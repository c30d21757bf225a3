/// `sweep` and `merge`: many runs, here or on other machines, their rows and their report.
package io.janklab.workloads.cli.sweep;
