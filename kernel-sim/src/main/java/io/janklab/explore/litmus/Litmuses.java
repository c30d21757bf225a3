package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import java.util.List;
import java.util.stream.Stream;

/// Every litmus there is: those of memory, and those of the lock alone.
public final class Litmuses {
    /// Of memory, on a kernel's own rules.
    public static final List<Litmus> ALL = List.of(
            AnonVmaOfNeighbour.LITMUS,
            CollapseAgainstWriter.LITMUS,
            CopyAgainstDontneed.LITMUS,
            CopyAgainstReader.LITMUS,
            DontneedAgainstReclaim.LITMUS,
            FaultAgainstDontneed.LITMUS,
            FillAgainstDontneed.LITMUS,
            FirstFaultAgainstMprotect.LITMUS,
            LitmusResource.read("first-faults"),
            FolioWalkAgainstTableFree.LITMUS,
            ForkAgainstDontneed.LITMUS,
            ForkAgainstTwoWriters.LITMUS,
            ForkAgainstWriter.LITMUS,
            FreeReadReclaim.LITMUS,
            FreeRewriteReclaim.LITMUS,
            GuardAgainstDontneed.LITMUS,
            GuardAgainstFirstFault.LITMUS,
            GuardBesideNeighbour.LITMUS,
            MadviseAgainstRegister.LITMUS,
            MapsAgainstFixed.LITMUS,
            MapsAgainstFixed.MERGE,
            MergeOfMovedMemory.LITMUS,
            MoveAgainstPageout.LITMUS,
            MoveAgainstReferenced.LITMUS,
            MoveAgainstUnmap.LITMUS,
            MoveAgainstWriteLock.LITMUS,
            MoveAgainstWriter.LITMUS,
            MoveOfSharedPage.LITMUS,
            NeighbourAgainstDowngrade.LITMUS,
            PageoutAgainstPin.LITMUS,
            PageoutAgainstUser.LITMUS,
            PopulateAgainstDontneed.LITMUS,
            ReaderAgainstExit.LITMUS,
            ReaderAgainstMerge.LITMUS,
            ReaderAgainstMprotect.LITMUS,
            ReaderAgainstMunmap.LITMUS,
            ReaderAgainstSplit.LITMUS,
            ReclaimAgainstMlock.LITMUS,
            RetractAgainstDontneed.LITMUS,
            RetractAgainstMremap.LITMUS,
            RetractAgainstMremap.UNALIGNED,
            LitmusResource.read("rmap-mremap"),
            RmapAgainstSplit.LITMUS,
            StaleTlbAgainstDontneed.LITMUS,
            SwapInAgainstDontneed.LITMUS,
            TableReclaimAgainstFault.LITMUS,
            TableReclaimBesideAnother.LITMUS,
            TwoDontneeds.LITMUS,
            LitmusResource.read("two-movers"),
            TwoSwapIns.LITMUS,
            LitmusResource.read("userfault-copy"),
            UserfaultAgainstWriteLock.LITMUS);

    /// Of the lock that a policy decides about, alone: what a policy of one's own must pass before any kernel is tried on it.
    public static final List<Litmus> LOCKS =
            List.of(LockExclusion.LITMUS, LockWakeups.LITMUS, LockWriterProgress.LITMUS, LockReaderProgress.LITMUS);

    private Litmuses() {}

    /// The litmus of that name, or null.
    public static Litmus byName(String name) {
        return Stream.concat(ALL.stream(), LOCKS.stream()).filter(litmus -> litmus.name().equals(name)).findFirst().orElse(null);
    }
}
