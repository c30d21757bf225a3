/// `serve`: a page whose questions are judged as if they had been typed.
@NullMarked
package io.janklab.workloads.cli.live;

import org.jspecify.annotations.NullMarked;
