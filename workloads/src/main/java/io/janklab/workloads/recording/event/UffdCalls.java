package io.janklab.workloads.recording.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// userfaultfd's ioctls (`linux/userfaultfd.h`) by their numbers: type 0xAA, a number, and the size of the structure that the argument
/// points to. No tracepoint shows that structure: which range it is about is unknown.
public final class UffdCalls {
    private static final int TYPE = 0xaa;
    private static final int TYPE_SHIFT = 8;
    private static final int BYTE = 0xff;
    private static final Map<Integer, String> NAMES = Map.of(
            0x00, "UFFDIO_REGISTER", 0x01, "UFFDIO_UNREGISTER", 0x02, "UFFDIO_WAKE", 0x03, "UFFDIO_COPY", 0x04, "UFFDIO_ZEROPAGE",
            0x05, "UFFDIO_MOVE", 0x06, "UFFDIO_WRITEPROTECT", 0x07, "UFFDIO_CONTINUE", 0x08, "UFFDIO_POISON", 0x3f, "UFFDIO_API");
    /// As the kernel's macros make them, for filters of events.
    private static final Map<String, Long> COMMANDS = Map.of(
            "UFFDIO_REGISTER", 0xc020_aa00L, "UFFDIO_UNREGISTER", 0x8010_aa01L, "UFFDIO_WAKE", 0x8010_aa02L, "UFFDIO_COPY", 0xc028_aa03L,
            "UFFDIO_ZEROPAGE", 0xc020_aa04L, "UFFDIO_MOVE", 0xc028_aa05L, "UFFDIO_WRITEPROTECT", 0xc018_aa06L,
            "UFFDIO_CONTINUE", 0xc020_aa07L, "UFFDIO_POISON", 0xc020_aa08L, "UFFDIO_API", 0xc018_aa3fL);

    private UffdCalls() {}

    /// The name of the command of an ioctl; null if it is not userfaultfd's.
    public static @Nullable String name(long command) {
        return (command >>> TYPE_SHIFT & BYTE) == TYPE ? NAMES.get((int) (command & BYTE)) : null;
    }

    /// The same of a call's arguments.
    public static @Nullable String name(long[] arguments) {
        return arguments.length > 1 ? name(arguments[1]) : null;
    }

    /// Each command's number by its name.
    public static Map<String, Long> commands() {
        return COMMANDS;
    }
}
