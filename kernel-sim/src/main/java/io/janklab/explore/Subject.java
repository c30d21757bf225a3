package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.TracedLock;

/// A description of the accessed object, with its value before the access where that is short.
final class Subject {
    private Subject() {}

    static String of(Shared kind, long id, Object what) {
        return switch (what) {
            case TracedLock lock -> lock.lockClass().label() + (lock.name().equals(lock.lockClass().label()) ? "" : " " + lock.name());
            case Variable variable -> variable.toString();
            case PteTable table -> pte(table, (int) (id % PteTable.ENTRIES));
            case FolioTable folios -> kind.label() + " " + id + " (" + folios.describe((int) id) + ")";
            case Rcu rcu -> "RCU (" + rcu + ")";
            case String name -> kind.label() + " " + name;
            default -> kind == Shared.FOLIO_LOCK || kind == Shared.PAGE ? kind.label() + " " + id : kind.label();
        };
    }

    /// With the value it has before the access.
    private static String pte(PteTable table, int index) {
        return String.format("PTE of %x (%s)", table.base() + index * Addresses.PAGE_SIZE, table.describe(index));
    }
}
