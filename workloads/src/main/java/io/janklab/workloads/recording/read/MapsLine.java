package io.janklab.workloads.recording.read;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.RecordedEvent;
import org.jspecify.annotations.Nullable;

/// `TGID START-END PERMS OFFSET DEVICE INODE FILE`: a process and a line of its `/proc/PID/maps` (proc_pid_maps(5)).
final class MapsLine {
    private static final int FIELDS = 7;

    private MapsLine() {}

    /// Null if it is none.
    static RecordedEvent.@Nullable Mapping parse(String text) {
        String[] words = text.strip().split(" +", FIELDS);
        int dash = words.length < 3 ? -1 : words[1].indexOf('-');
        if (dash <= 0 || words[2].length() < 4) {
            return null;
        }
        long tgid = LineHead.number(words[0], 0, words[0].length());
        long start = FieldText.digitsAt(words[1], 0, 16, false, -1);
        long end = FieldText.digitsAt(words[1], dash + 1, 16, false, -1);
        if (tgid < 0 || start < 0 || end <= start) {
            return null;
        }
        String rights = words[2];
        int protection = (rights.charAt(0) == 'r' ? Mman.PROT_READ : 0) | (rights.charAt(1) == 'w' ? Mman.PROT_WRITE : 0)
                | (rights.charAt(2) == 'x' ? Mman.PROT_EXEC : 0);
        String file = words.length == FIELDS && words[6].startsWith("/") ? words[6] : "";
        return new RecordedEvent.Mapping((int) tgid, start, end, protection, rights.charAt(3) == 's', file);
    }
}
