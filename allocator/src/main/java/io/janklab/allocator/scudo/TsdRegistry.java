package io.janklab.allocator.scudo;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import java.util.Arrays;
import java.util.function.Consumer;

/// Which thread uses which context: assigned in turn, and changed by a thread that finds its own taken (`TSDRegistrySharedT`).
final class TsdRegistry {
    private static final int MOST_TRIED = 4;

    private final Tsd[] contexts;
    private final int[] coprimes;
    private Tsd[] byTid = new Tsd[64];
    private int dealt;

    TsdRegistry(int count, Primary primary, Syscalls syscalls) {
        contexts = new Tsd[count];
        for (int i = 0; i < count; i++) {
            contexts[i] = new Tsd(new LocalCache(primary), syscalls.newMutex("scudo tsd " + i));
        }
        coprimes = coprimes(count);
    }

    /// The numbers up to `n` that are coprime to it.
    private static int[] coprimes(int n) {
        int[] found = new int[n];
        int count = 0;
        for (int i = 1; i <= n; i++) {
            if (gcd(i, n) == 1) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    int count() {
        return contexts.length;
    }

    void forEach(Consumer<Tsd> action) {
        for (Tsd context : contexts) {
            action.accept(context);
        }
    }

    /// A context for the calling thread, locked.
    Tsd lock(Task task) {
        Tsd own = of(task);
        if (own.tryLock(task)) {
            return own;
        }
        if (contexts.length == 1) {
            own.lock(task);
            return own;
        }
        return lockOther(task, own);
    }

    private Tsd of(Task task) {
        int tid = task.tid();
        if (tid >= byTid.length) {
            byTid = Arrays.copyOf(byTid, Math.max(tid + 1, 2 * byTid.length));
        }
        if (byTid[tid] == null) {
            byTid[tid] = contexts[dealt++ % contexts.length];
        }
        return byTid[tid];
    }

    /// Any free context, else the one that has been waited for longest (`getTSDSlow`).
    private Tsd lockOther(Task task, Tsd own) {
        long random = own.precedence();
        int step = coprimes[(int) (random % coprimes.length)];
        int index = (int) (random % contexts.length);
        Tsd longest = own;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(MOST_TRIED, contexts.length); i++) {
            Tsd context = contexts[index];
            if (context.tryLock(task)) {
                byTid[task.tid()] = context;
                return context;
            }
            long precedence = context.precedence();
            if (precedence != 0 && precedence < least) {
                longest = context;
                least = precedence;
            }
            index = (index + step) % contexts.length;
        }
        longest.lock(task);
        byTid[task.tid()] = longest;
        return longest;
    }

    void threadExit(Task task) {
        if (task.tid() < byTid.length) {
            byTid[task.tid()] = null;
        }
    }
}
