/// `record` and `import`: recordings of real programs, made here or brought from elsewhere.
@NullMarked
package io.janklab.workloads.cli.recording;

import org.jspecify.annotations.NullMarked;
