package io.janklab.allocator.scudo;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapContract;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.Machine;
import org.junit.jupiter.api.Nested;

/// The heap contract for Scudo, and for the options that change the paths through the code.
class ScudoHeapContractTest {
    abstract static class ScudoContract extends HeapContract {
        private final ScudoOptions options;

        ScudoContract(String conf) {
            this.options = ScudoOptions.android().with(conf);
        }

        @Override
        protected Heap newHeap(Machine machine) {
            return new ScudoHeap(machine.syscalls(), 2, options, HeapCosts.defaults(), 1);
        }

        @Override
        protected void validate(Heap heap) {
            ScudoValidator.check((ScudoHeap) heap);
        }

        @Override
        protected long counted(Heap heap, long block) {
            return ((ScudoHeap) heap).blockSize(block);
        }
    }

    @Nested
    class Android extends ScudoContract {
        Android() {
            super("");
        }
    }

    @Nested
    class ReleasingAtOnce extends ScudoContract {
        ReleasingAtOnce() {
            super("release_to_os_interval_ms:0,max_tsds_count:1");
        }
    }

    @Nested
    class WithoutSecondaryCache extends ScudoContract {
        WithoutSecondaryCache() {
            super("max_cache_entries_count:0,release_to_os_interval_ms:-1");
        }
    }

    @Nested
    class PurgedByTheDaemon extends ScudoContract {
        PurgedByTheDaemon() {
            super("purger:heap-task-daemon,secondary_release_to_os_interval_ms:1000");
        }
    }
}
