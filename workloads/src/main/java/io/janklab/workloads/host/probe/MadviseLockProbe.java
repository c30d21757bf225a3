package io.janklab.workloads.host.probe;

import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.OtherCore;
import io.janklab.workloads.host.sys.SmallPages;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.host.sys.UserMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Which lock a madvise takes: while one thread is inside mprotect of much memory, which holds mmap_lock for writing, another on a second
/// core gives the same advice over and over to a mapping of its own. Under the VMA lock its calls get through meanwhile; under mmap_lock
/// one of them waits until mprotect is done.
///
/// Both threads may be preempted by something else on the host. So an mprotect counts only if it takes hardly longer than the shortest, and
/// of each only the middle half, where the lock is certainly held; a call counts as waiting only if it begins and ends at about the same
/// time as mprotect.
public final class MadviseLockProbe implements AutoCloseable {
    private static final int PAGES = 1 << 11;
    private static final int MOST_ROUNDS = 3000;
    private static final int ADVISED_PAGES = 4;
    /// An mprotect that takes no longer than this many times the shortest was not preempted. The shortest met no adviser, whose core it has
    /// to flush: three times as long is common.
    private static final double UNDISTURBED = 4;
    /// A call that waits for mprotect begins at most this long before it, about the length of a call, and ends at most this long after it.
    private static final long BEFORE_NS = 5_000;
    private static final long AFTER_NS = 100_000;
    /// Rounds that decide.
    private static final int ENOUGH = 6;
    private static final int CLEARLY = 4;
    /// On a busy host rounds are long, and most of them disturbed.
    private static final long MOST_NS = 5_000_000_000L;

    private final HostSyscalls linux = new HostSyscalls();
    private final HostSyscalls advisersLinux = new HostSyscalls();
    private final MemorySegment protectedMemory = SmallPages.map(linux, PAGES * Region.PAGE);
    private final MemorySegment apart = SmallPages.map(linux, (ADVISED_PAGES + 2) * Region.PAGE);
    /// Between pages of another protection: merged with the protected memory, it would be write-locked with it.
    private final MemorySegment advised = apart.asSlice(Region.PAGE, ADVISED_PAGES * Region.PAGE);
    private boolean isWritable = true;

    public MadviseLockProbe() {
        for (int page = 0; page < PAGES; page++) {
            protectedMemory.set(ValueLayout.JAVA_BYTE, page * Region.PAGE, (byte) 1);
        }
        linux.call(SystemCall.MPROTECT, apart.address(), Region.PAGE, 0);
        linux.call(SystemCall.MPROTECT, apart.address() + apart.byteSize() - Region.PAGE, Region.PAGE, 0);
        // Gives the mapping its anon_vma, which some advice needs.
        advised.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    }

    /// `vma`, `mmap`, or null if it could not be observed.
    ///
    /// @param advice an MADV_* that succeeds on memory without pages
    /// @param adviserCore another than the caller's
    public @Nullable String lockOf(int advice, int adviserCore) {
        Calls calls = new Calls();
        String verdict = null;
        try (OtherCore _ = new OtherCore(adviserCore, () -> calls.time(advice))) {
            long shortest = Long.MAX_VALUE;
            int through = 0;
            int waited = 0;
            long deadline = System.nanoTime() + MOST_NS;
            long begin = System.nanoTime();
            for (int round = 0; round < MOST_ROUNDS && begin < deadline && verdict == null && !calls.refused; round++) {
                begin = System.nanoTime();
                changeProtection();
                long end = System.nanoTime();
                UserMode.stay(AFTER_NS);
                shortest = Math.min(shortest, end - begin);
                if (end - begin <= UNDISTURBED * shortest) {
                    through += calls.gotThrough(begin, end) ? 1 : 0;
                    waited += calls.waited(begin, end) ? 1 : 0;
                }
                verdict = verdict(through, waited);
            }
        }
        return calls.refused ? null : verdict;
    }

    private void changeProtection() {
        isWritable = !isWritable;
        linux.call(SystemCall.MPROTECT, protectedMemory.address(), protectedMemory.byteSize(), isWritable ? Mman.PROT_RW : Mman.PROT_READ);
    }

    /// Null if it takes more rounds.
    ///
    /// @param through rounds in which calls got through
    /// @param waited rounds in which a call waited
    static @Nullable String verdict(int through, int waited) {
        if (through >= ENOUGH && through >= CLEARLY * waited) {
            return "vma";
        }
        return waited >= ENOUGH && waited >= CLEARLY * through ? "mmap" : null;
    }

    /// The adviser's latest, by its own clock.
    private final class Calls {
        /// Far more than fit into a round.
        private static final int KEPT = 1 << 15;

        private final long[] begins = new long[KEPT];
        private final long[] ends = new long[KEPT];
        private volatile int made;
        private volatile boolean refused;

        /// By the advisers' thread alone.
        @SuppressWarnings("NonAtomicVolatileUpdate")
        void time(int advice) {
            int number = made;
            int next = number & KEPT - 1;
            begins[next] = System.nanoTime();
            refused |= Errno.isError(advisersLinux.call(SystemCall.MADVISE, advised.address(), advised.byteSize(), advice));
            ends[next] = System.nanoTime();
            made = number + 1;
        }

        /// Whether more than one call began and ended in the middle of the round.
        boolean gotThrough(long begin, long end) {
            long quarter = (end - begin) / 4;
            int count = 0;
            for (int call = made - 1; call >= 0 && begins[call & KEPT - 1] - begin > 0; call--) {
                int kept = call & KEPT - 1;
                count += begins[kept] - (begin + quarter) > 0 && ends[kept] - (end - quarter) < 0 ? 1 : 0;
            }
            return count > 1;
        }

        /// Whether one call lasted as long as the round.
        boolean waited(long begin, long end) {
            long quarter = (end - begin) / 4;
            for (int call = made - 1; call >= 0 && ends[call & KEPT - 1] - begin > 0; call--) {
                int kept = call & KEPT - 1;
                boolean allAlong = begins[kept] - (begin + quarter) < 0 && ends[kept] - (end - quarter) > 0;
                if (allAlong) {
                    return begins[kept] - (begin - BEFORE_NS) > 0 && ends[kept] - (end + AFTER_NS) < 0;
                }
            }
            return false;
        }
    }

    @Override
    public void close() {
        linux.call(SystemCall.MUNMAP, protectedMemory.address(), protectedMemory.byteSize());
        linux.call(SystemCall.MUNMAP, apart.address(), apart.byteSize());
    }
}
