package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import java.util.List;

/// Every litmus there is.
public final class Litmuses {
    public static final List<Litmus> ALL = List.of(
            AnonVmaOfNeighbour.LITMUS,
            CollapseAgainstWriter.LITMUS,
            CopyAgainstDontneed.LITMUS,
            CopyAgainstReader.LITMUS,
            DontneedAgainstReclaim.LITMUS,
            FaultAgainstDontneed.LITMUS,
            FirstFaultAgainstMprotect.LITMUS,
            FirstFaults.LITMUS,
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
            MoveAgainstReferenced.LITMUS,
            MoveAgainstUnmap.LITMUS,
            MoveAgainstWriteLock.LITMUS,
            MoveAgainstWriter.LITMUS,
            MoveOfSharedPage.LITMUS,
            NeighbourAgainstDowngrade.LITMUS,
            PageoutAgainstPin.LITMUS,
            PageoutAgainstUser.LITMUS,
            ReaderAgainstMerge.LITMUS,
            ReaderAgainstMprotect.LITMUS,
            ReaderAgainstMunmap.LITMUS,
            ReaderAgainstSplit.LITMUS,
            RetractAgainstDontneed.LITMUS,
            RmapAgainstMremap.LITMUS,
            RmapAgainstSplit.LITMUS,
            StaleTlbAgainstDontneed.LITMUS,
            SwapInAgainstDontneed.LITMUS,
            TableReclaimAgainstFault.LITMUS,
            TableReclaimBesideAnother.LITMUS,
            TwoDontneeds.LITMUS,
            TwoMoversCrossing.LITMUS,
            TwoSwapIns.LITMUS,
            UserfaultAgainstCopy.LITMUS,
            UserfaultAgainstWriteLock.LITMUS);

    private Litmuses() {}

    /// The litmus of that name, or null.
    public static Litmus byName(String name) {
        return ALL.stream().filter(litmus -> litmus.name().equals(name)).findFirst().orElse(null);
    }
}
