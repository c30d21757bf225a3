/// Scudo as Android configures it (`AndroidNormalConfig` in AOSP's `external/scudo/config/custom_scudo_config.h`; the allocator is LLVM's
/// `compiler-rt/lib/scudo/standalone`): blocks of 32 sizes in a region each, free lists by groups of 1 MiB, a few contexts whose caches
/// threads share, pages released by group at most once per interval, and a mapping for each larger block.
///
/// Invariant: a block is the program's, in one cache, or on its region's free list, never two of them; a page is released only while every
/// block on it is on the free list.
///
/// Simplified: transfer batches and group records lie outside simulated memory (they are counted, as `metadata`); a chunk's header is
/// written in simulated memory, as Scudo does, but its checksum is not computed, since any freed address is looked up exactly; a mapping
/// that fails returns out of memory where Scudo aborts. Absent: memory tagging, the quarantine (off on Android), GWP-ASan, and the
/// condition variable that newer configurations put on refilling a region.
@NullMarked
package io.janklab.allocator.scudo;

import org.jspecify.annotations.NullMarked;
