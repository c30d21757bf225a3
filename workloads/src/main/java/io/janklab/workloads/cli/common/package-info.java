/// What every command is made of: its common options, its output folder and texts, progress, exit codes and sentences about bad input.
@NullMarked
package io.janklab.workloads.cli.common;

import org.jspecify.annotations.NullMarked;
