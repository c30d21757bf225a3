package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.PageTable;
import io.janklab.kernel.mm.PteTable;
import io.janklab.kernel.trace.TracedLock;

/// What is accessed, in words.
final class Subject {
    private Subject() {}

    static String of(Shared kind, long id, Object what) {
        return switch (what) {
            case TracedLock lock -> lock.lockClass().label() + (lock.name().equals(lock.lockClass().label()) ? "" : " " + lock.name());
            case PteTable table -> String.format("PTE of %x", table.base() + id % PteTable.ENTRIES * PageTable.PAGE_SIZE);
            default -> kind == Shared.FOLIO || kind == Shared.FOLIO_LOCK || kind == Shared.PAGE ? kind.label() + " " + id : kind.label();
        };
    }
}
