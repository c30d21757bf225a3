/// `run`, `compare` and `diff`: one workload on one kernel or on several, the files that remain, and two of them compared.
@NullMarked
package io.janklab.workloads.cli.run;

import org.jspecify.annotations.NullMarked;
