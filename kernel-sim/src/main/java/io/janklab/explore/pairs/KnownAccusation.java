package io.janklab.explore.pairs;

import java.util.Arrays;
import java.util.List;

/// An accusation that stands (`known.txt`), since Linux itself is so.
///
/// @param operations all of them are in the crossing, which may have others, too
/// @param state      of the memory, or [#ANY]
/// @param cause      words of it
/// @param why        a sentence
record KnownAccusation(List<String> operations, String state, String cause, String why) {
    static final List<KnownAccusation> ALL = Table.lines("known.txt").stream().map(KnownAccusation::parse).toList();
    private static final String ANY = "";

    private static KnownAccusation parse(String line) {
        String[] columns = line.split(" \\| ");
        String[] place = columns[0].split(" in ");
        return new KnownAccusation(Arrays.asList(place[0].split(" × ")), place.length == 1 ? ANY : place[1], columns[1], columns[2]);
    }

    boolean covers(Accusation accusation) {
        return accusation.operations().containsAll(operations)
                && (state.equals(ANY) || accusation.crossing().state().name().equals(state))
                && accusation.cause().contains(cause);
    }
}
