/// `record` and `import`: recordings of real programs, made here or brought from elsewhere.
package io.janklab.workloads.cli.recording;
