/// What is kept in memory in case it is asked for again.
@NullMarked
package io.janklab.workloads.cache;

import org.jspecify.annotations.NullMarked;
