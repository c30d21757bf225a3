/// `advise`, `explain`, `map` and `scale`: questions that are answered by many runs of one workload, one setting apart.
@NullMarked
package io.janklab.workloads.cli.whatif;

import org.jspecify.annotations.NullMarked;
