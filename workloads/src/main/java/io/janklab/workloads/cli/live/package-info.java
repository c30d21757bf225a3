/// `serve`: a page whose questions are judged as if they had been typed.
package io.janklab.workloads.cli.live;
