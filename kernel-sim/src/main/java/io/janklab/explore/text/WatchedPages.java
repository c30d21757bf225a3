package io.janklab.explore.text;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Call;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import io.janklab.program.Stamp;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pages that a litmus watches: each load must see what the calls so far allow. Host threads may report to it at the same time.
public final class WatchedPages {
    /// Calls that change pages unseen, and so may not occur in a litmus that watches any.
    static final Set<Operation> UNSEEN = EnumSet.of(Operation.WRITE, Operation.MMAP_FILE, Operation.MREMAP, Operation.UFFD_COPY,
            Operation.UFFD_ZEROPAGE, Operation.UFFD_MOVE, Operation.COPY_TO_USER);
    private static final String STORED = "1";
    private static final String DONE = "0";

    private final Map<Long, PageHistory> pages = new LinkedHashMap<>();

    /// A call under way, and what it does to each page that it reaches.
    public static final class Doing {
        private final Call call;
        private final Map<PageHistory, PageHistory.Change> changes = new LinkedHashMap<>();
        private long began;

        private Doing(Call call) {
            this.call = call;
        }
    }

    WatchedPages(List<Long> addresses) {
        addresses.forEach(address -> pages.put(address, new PageHistory()));
    }

    /// The call begins.
    public synchronized Doing begin(Call call) {
        Doing doing = new Doing(call);
        pages.forEach((address, page) -> {
            if (reaches(call, address)) {
                begin(doing, page);
            }
        });
        return doing;
    }

    private static void begin(Doing doing, PageHistory page) {
        Call call = doing.call;
        switch (call.operation()) {
            case LOAD -> doing.began = page.tick();
            case STORE -> doing.changes.put(page, page.store(call.b()));
            case MUNMAP, MMAP -> doing.changes.put(page, page.discard());
            case MADVISE -> {
                if (call.c() == Mman.MADV_DONTNEED || call.c() == Mman.MADV_DONTNEED_LOCKED) {
                    doing.changes.put(page, page.discard());
                } else if (call.c() == Mman.MADV_FREE) {
                    doing.changes.put(page, page.mayDiscard());
                }
            }
            default -> { }
        }
    }

    private static boolean reaches(Call call, long address) {
        boolean single = call.operation() == Operation.LOAD || call.operation() == Operation.STORE;
        long length = single ? Region.PAGE : call.b();
        return call.a() < address + Region.PAGE && call.a() + length > address;
    }

    /// The call has returned. A call that failed may have done part of its work: its changes stay under way.
    ///
    /// @return what is wrong with the value it saw, as a sentence; null if nothing is
    public synchronized @Nullable String end(Doing doing, String answer) {
        switch (doing.call.operation()) {
            case LOAD -> {
                return seen(doing, answer);
            }
            case STORE -> doing.changes.forEach(answer.equals(STORED) ? PageHistory::end : PageHistory::forget);
            case MMAP -> doing.changes.forEach(answer.startsWith("@") ? PageHistory::end : PageHistory::leave);
            default -> doing.changes.forEach(answer.equals(DONE) ? PageHistory::end : PageHistory::leave);
        }
        return null;
    }

    private @Nullable String seen(Doing doing, String answer) {
        PageHistory page = pages.get(doing.call.a() & -Region.PAGE);
        if (page == null || answer.equals("EFAULT") || page.allows(Stamp.parse(answer), doing.began)) {
            return null;
        }
        return "a load sees " + answer + ", which had been overwritten when it began";
    }
}
