/// `advise`, `explain`, `map` and `scale`: questions that are answered by many runs of one workload, one setting apart.
package io.janklab.workloads.cli.whatif;
