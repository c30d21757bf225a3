package io.janklab.allocator.arena;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapContract;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Machine;
import org.junit.jupiter.api.Nested;

/// The heap contract for every preset and for the options that change the paths through the code.
class ArenaHeapContractTest {
    abstract static class ArenaContract extends HeapContract {
        private final HeapOptions options;

        ArenaContract(HeapOptions options) {
            this.options = options;
        }

        @Override
        protected Heap newHeap(Machine machine) {
            ArenaHeap heap = new ArenaHeap(machine.syscalls(), 2, options, HeapCosts.defaults(), 1);
            for (int i = 0; i < heap.backgroundThreads(); i++) {
                int index = i;
                machine.spawn("background " + i, task -> heap.runBackgroundThread(task, index));
            }
            return heap;
        }

        @Override
        protected void validate(Heap heap) {
            HeapValidator.check((ArenaHeap) heap);
        }
    }

    @Nested
    class Jemalloc extends ArenaContract {
        Jemalloc() {
            super(HeapOptions.jemalloc());
        }
    }

    @Nested
    class JemallocAndroid extends ArenaContract {
        JemallocAndroid() {
            super(HeapOptions.jemallocAndroid());
        }
    }

    @Nested
    class JemallocAndroidWithDecayTime extends ArenaContract {
        JemallocAndroidWithDecayTime() {
            super(HeapOptions.jemallocAndroid().with("dirty_decay_ms:1000,muzzy_decay_ms:1000"));
        }
    }

    @Nested
    class WithoutThreadCaches extends ArenaContract {
        WithoutThreadCaches() {
            super(HeapOptions.parse("narenas:1,tcache:false,dirty_decay_ms:0"));
        }
    }

    @Nested
    class WithoutRetain extends ArenaContract {
        WithoutRetain() {
            super(HeapOptions.parse("narenas:1,retain:false,dirty_decay_ms:1,muzzy_decay_ms:1"));
        }
    }

    @Nested
    class ShardedAndCacheAware extends ArenaContract {
        ShardedAndCacheAware() {
            super(HeapOptions.parse("narenas:1,bin_shards:1-4096:4,cache_oblivious:false,dirty_decay_ms:-1,tcache_max:4096"));
        }
    }

    @Nested
    class PurgedByBackgroundThreads extends ArenaContract {
        PurgedByBackgroundThreads() {
            super(HeapOptions.parse("narenas:3,background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:500"));
        }
    }

    @Nested
    class PurgedByTheDaemon extends ArenaContract {
        PurgedByTheDaemon() {
            super(HeapOptions.parse("narenas:2,purger:heap-task-daemon,dirty_decay_ms:0"));
        }
    }
}
