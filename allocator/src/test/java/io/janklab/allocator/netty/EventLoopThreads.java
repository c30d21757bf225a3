package io.janklab.allocator.netty;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads like those of Netty's event loops, for JMH: only such have caches in Netty's own allocators (`FastThreadLocalThread`).
public final class EventLoopThreads extends ThreadPoolExecutor {
    /// As JMH wants it (`-Djmh.executor.class`).
    public EventLoopThreads(int threads, String prefix) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(prefix, true));
    }
}
