package io.janklab.workloads.host.space;

import io.janklab.program.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads the text of `/proc/PID/smaps`, line by line, as far as the end of the region.
final class Smaps {
    /// The flags compared: what the simulated kernel keeps for a VMA. The others differ by machine and configuration.
    private static final Set<String> COMPARED = VmaFlagCodes.all();

    private final List<Area> areas = new ArrayList<>();
    @SuppressWarnings("NullAway.Init")
    private String[] header;
    private long rss;
    private long anonymous;
    private long anonHugePages;
    private long lazyFree;
    private long swap;
    private long locked;

    /// Takes in the whole lines of a piece of the text.
    ///
    /// @return how much of it that was, or −1 once the listing has left the region
    int lines(String text) {
        int begin = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
            if (!line(text.substring(begin, end))) {
                return -1;
            }
            begin = end + 1;
        }
        return begin;
    }

    private boolean line(String line) {
        int colon = line.indexOf(':');
        String field = colon > 0 ? line.substring(0, colon) : "";
        switch (field) {
            case "Rss" -> rss = kilobytes(line);
            case "Anonymous" -> anonymous = kilobytes(line);
            case "AnonHugePages" -> anonHugePages = kilobytes(line);
            case "LazyFree" -> lazyFree = kilobytes(line);
            case "Swap" -> swap = kilobytes(line);
            case "Locked" -> locked = kilobytes(line);
            case "VmFlags" -> finish(line.substring(colon + 1));
            default -> {
                if (isHeader(line)) {
                    header = line.split("\\s+", 6);
                    return start() < Region.END;
                }
            }
        }
        return true;
    }

    private static boolean isHeader(String line) {
        int dash = line.indexOf('-');
        return dash > 0 && Character.digit(line.charAt(0), 16) >= 0 && line.indexOf(' ') > dash;
    }

    private long start() {
        return Long.parseUnsignedLong(header[0].substring(0, header[0].indexOf('-')), 16);
    }

    private long end() {
        return Long.parseUnsignedLong(header[0].substring(header[0].indexOf('-') + 1), 16);
    }

    private static long kilobytes(String line) {
        long number = 0;
        for (int i = line.indexOf(':') + 1; i < line.length(); i++) {
            int digit = line.charAt(i) - '0';
            if (digit >= 0 && digit <= 9) {
                number = number * 10 + digit;
            }
        }
        return number;
    }

    /// The flags are a record's last line.
    private void finish(String flags) {
        Set<String> compared = new TreeSet<>(List.of(flags.trim().split(" ")));
        compared.retainAll(COMPARED);
        areas.add(new Area(start(), end(), header[1], name(), rss, anonymous, anonHugePages, lazyFree, swap, locked,
                String.join(" ", compared)));
    }

    private String name() {
        String name = header.length <= 5 ? "" : header[5];
        if (name.startsWith("/dev/zero")) {
            return Area.SHMEM;
        }
        return name.startsWith("/") ? Area.FILE : name;
    }

    List<Area> areas() {
        return areas;
    }
}
