package io.janklab.workloads.host.contend;

import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;
import io.janklab.program.Answer;
import io.janklab.program.Region;
import io.janklab.workloads.host.measure.Measurement;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.HostUserfaultfd;
import io.janklab.workloads.host.sys.OtherCore;
import io.janklab.workloads.host.sys.OwnThread;
import io.janklab.workloads.host.sys.SchedStat;
import io.janklab.workloads.host.sys.SystemCall;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One contention workload on the host's own kernel, with platform threads pinned to cores.
///
/// Nothing is allocated while it is timed, so that no garbage collection comes in between.
final class RealContention {
    private static final int PR_SET_THP_DISABLE = 41;

    private final Contention contention;
    private final ContentionThreads threads;
    private final int cores;
    private final CountDownLatch ready;
    /// Where the other threads' [SchedStat]s are read, by core; empty where the host has none.
    private final Map<Integer, List<Path>> schedStats = new TreeMap<>();
    /// The part of the time that something else had the purgers' cores (ns).
    private long takenNs;
    private volatile boolean running = true;

    /// @param cores how many cores are used, at least two
    RealContention(Contention contention, int cores) {
        this.contention = contention;
        this.threads = new ContentionThreads(contention);
        this.cores = cores;
        this.ready = new CountDownLatch(contention.purgers() + (contention.hog() ? 1 : 0));
    }

    /// Takes `durationNs` and a little more.
    ///
    /// @return ns of each operation
    long[] run(long durationNs) {
        return OwnThread.run(() -> contend(durationNs));
    }

    private long[] contend(long durationNs) {
        try (HostCalls calls = new HostCalls(Contention.CORE_OF_VICTIM)) {
            calls.linux.require(SystemCall.PRCTL, PR_SET_THP_DISABLE, 1, 0, 0, 0, 0);
            threads.prepare(calls);
            Thread[] others = startOthers();
            try {
                ready.await();
                Map<Path, SchedStat> before = readSchedStats();
                long[] samples = threads.victim(calls, durationNs);
                takenNs = takenSince(before);
                return samples;
            } finally {
                running = false;
                for (Thread other : others) {
                    other.join();
                }
                threads.tidy(calls);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while it was timed", e);
        }
    }

    /// The purger's own part of a store to a page (ns), without faults, with stores to all other purged memory in between, while the
    /// victim's core, whose TLB the calls flush, is busy.
    long touchNs() {
        try (OtherCore _ = new OtherCore(Contention.CORE_OF_VICTIM, () -> {});
                HostCalls calls = new HostCalls(contention.coreOfPurger(0, cores))) {
            threads.prepare(calls);
            for (int purger = 0; purger < contention.purgers(); purger++) {
                threads.fill(calls, purger);
            }
            long perPage = Math.round(Measurement.of(() -> threads.timeRefill(calls)).medianNs());
            threads.tidy(calls);
            return perPage;
        }
    }

    private Map<Path, SchedStat> readSchedStats() {
        return schedStats.values().stream().flatMap(List::stream).collect(Collectors.toMap(Function.identity(), SchedStat::read));
    }

    private static SchedStat since(@Nullable SchedStat before, @Nullable SchedStat now) {
        return Objects.requireNonNull(now).since(Objects.requireNonNull(before));
    }

    private long takenSince(Map<Path, SchedStat> before) {
        Map<Path, SchedStat> now = readSchedStats();
        return schedStats.values().stream()
                .map(core -> core.stream().map(file -> since(before.get(file), now.get(file))).toList())
                .mapToLong(SchedStat::takenByOthersNs)
                .reduce(0, Math::max);
    }

    /// The part of the time that something else had the victim's core, or a purger's.
    double disturbance(long durationNs) {
        return (double) Math.max(threads.oversleptNs(), takenNs) / durationNs;
    }

    /// The calling thread is ready, on its core.
    private void isReady(int core) {
        synchronized (schedStats) {
            SchedStat.ofThisThread().ifPresent(file -> schedStats.computeIfAbsent(core, _ -> new ArrayList<>()).add(file));
        }
        ready.countDown();
    }

    private Thread[] startOthers() {
        Thread[] others = new Thread[contention.purgers() + (contention.hog() ? 1 : 0)];
        for (int i = 0; i < contention.purgers(); i++) {
            int purger = i;
            others[i] = Thread.ofPlatform().daemon().start(() -> purge(purger));
        }
        if (contention.hog()) {
            others[contention.purgers()] = Thread.ofPlatform().daemon().start(this::hog);
        }
        return others;
    }

    private void purge(int purger) {
        int core = contention.coreOfPurger(purger, cores);
        try (HostCalls calls = new HostCalls(core)) {
            threads.fill(calls, purger);
            isReady(core);
            threads.purge(calls, purger, () -> running);
        }
    }

    private void hog() {
        int core = contention.coreOfPurger(0, cores);
        new HostSyscalls().pinThread(core);
        isReady(core);
        while (running) {}
    }

    /// One thread's calls, made on the host.
    private static final class HostCalls implements ContentionCalls, AutoCloseable {
        private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
        private static final long NO_FD = -1;
        private static final MemorySegment EVERYWHERE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

        private final HostSyscalls linux = new HostSyscalls();
        /// Opened when it is needed.
        private @Nullable HostUserfaultfd userfaultfd;

        /// Pins the calling thread.
        HostCalls(int core) {
            linux.pinThread(core);
        }

        @Override
        public void map(long address, long length) {
            linux.require(SystemCall.MMAP, address, length, Mman.PROT_RW, ANONYMOUS | Mman.MAP_FIXED_NOREPLACE, NO_FD, 0);
        }

        @Override
        public long mapNear(long hint, long length) {
            return linux.call(SystemCall.MMAP, hint, length, Mman.PROT_RW, ANONYMOUS, NO_FD, 0);
        }

        @Override
        public void unmap(long address, long length) {
            linux.call(SystemCall.MUNMAP, address, length);
        }

        @Override
        public void advise(long address, long length, int advice) {
            linux.call(SystemCall.MADVISE, address, length, advice);
        }

        @Override
        public void protect(long address, long length, int protection) {
            linux.call(SystemCall.MPROTECT, address, length, protection);
        }

        @Override
        public void arm(long address, long length) {
            if (userfaultfd == null) {
                userfaultfd = Objects.requireNonNull(HostUserfaultfd.open(linux));
            }
            long result = userfaultfd.register(address, length, Uffd.UFFDIO_REGISTER_MODE_WP);
            if (result != 0) {
                throw new IllegalStateException("the userfaultfd cannot be armed: " + Answer.ofStatus(result));
            }
        }

        @Override
        public void touch(long address, long length) {
            for (long at = address; at < address + length; at += Region.PAGE) {
                EVERYWHERE.set(ValueLayout.JAVA_LONG, at, 1);
            }
        }

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void spinUntil(long time) {
            while (System.nanoTime() - time < 0) {}
        }

        @Override
        public void close() {
            if (userfaultfd != null) {
                userfaultfd.close();
            }
        }
    }
}
