package io.janklab.program;

import io.janklab.kernel.uapi.Errno;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The result of a call, in words that mean the same on both sides.
public final class Answer {
    public static final String ELSEWHERE = "elsewhere";
    /// A value that no page ever holds.
    public static final long FAULT = -1;

    /// How a line about a VMA begins.
    private static final Pattern AREA = Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) ", Pattern.MULTILINE);

    private Answer() {}

    /// 0, or an error's name.
    public static String ofStatus(long returned) {
        return Errno.describe(returned);
    }

    /// Where something was mapped: the exact address only inside the region, since the rest of the address space differs.
    public static String ofAddress(long returned) {
        if (Errno.isError(returned)) {
            return Errno.describe(returned);
        }
        return Region.contains(returned) ? Region.describe(returned) : ELSEWHERE;
    }

    /// The result of mincore: a digit per page.
    public static String ofResidency(long returned, byte[] resident, long length) {
        if (returned != 0) {
            return Errno.describe(returned);
        }
        StringBuilder text = new StringBuilder("0 ");
        for (int i = 0; i < (length + Region.PAGE - 1) / Region.PAGE; i++) {
            text.append(resident[i] & 1);
        }
        return text.toString();
    }

    /// Loads a page's stamp, or faults.
    @FunctionalInterface
    public interface Load {
        /// @return the stamp, or [#FAULT]
        long at(long address);
    }

    /// Stores a page's stamp.
    @FunctionalInterface
    public interface Store {
        /// @return false if it faulted
        boolean at(long address);
    }

    /// The stamp of every page, up to the first fault: `3@12 0 EFAULT`.
    public static String ofLoads(long address, long length, Load load) {
        StringBuilder text = new StringBuilder();
        for (long at = address; at < address + length; at = nextPage(at)) {
            long stamp = load.at(at & -Long.BYTES);
            if (stamp == FAULT) {
                return text.append("EFAULT").toString();
            }
            text.append(Stamp.describe(stamp)).append(' ');
        }
        return text.toString().trim();
    }

    /// How many pages could be written: `2`, or `1 EFAULT` if the second could not.
    public static String ofStores(long address, long length, Store store) {
        int stored = 0;
        for (long at = address; at < address + length; at = nextPage(at)) {
            if (!store.at(at & -Long.BYTES)) {
                return stored + " EFAULT";
            }
            stored++;
        }
        return Integer.toString(stored);
    }

    /// Whether a listing such as `/proc/PID/maps` has every page of a range: `whole`, or `hole@N`, N the first page that it lacks.
    public static String ofListing(String listing, long address, long length) {
        long at = address;
        for (Iterator<String> lines = listing.lines().iterator(); lines.hasNext(); ) {
            Matcher area = AREA.matcher(lines.next());
            if (area.lookingAt() && Long.parseUnsignedLong(area.group(1), 16) <= at) {
                at = Math.max(at, Long.parseUnsignedLong(area.group(2), 16));
            }
        }
        return at >= address + length ? "whole" : "hole" + Region.describe(at);
    }

    /// How many lines of a listing lie in a range, or reach into it.
    public static String ofAreas(String listing, long address, long length) {
        long areas = AREA.matcher(listing).results()
                .filter(area -> Long.parseUnsignedLong(area.group(1), 16) < address + length
                        && Long.parseUnsignedLong(area.group(2), 16) > address)
                .count();
        return Long.toString(areas);
    }

    private static long nextPage(long address) {
        return (address & -Region.PAGE) + Region.PAGE;
    }
}
