package io.janklab.workloads.recording.read;

import java.io.IOException;

/// The events that a trace lacks according to its own configuration (`trace_config`).
final class TraceConfig {
    private TraceConfig() {}

    static void judge(Message config, ReadReport report) throws IOException {
        for (int field = config.next(); field != 0; field = config.next()) {
            if (field == 2) {
                dataSource(config.message(), report);
            } else {
                config.skip();
            }
        }
    }

    private static void dataSource(Message source, ReadReport report) throws IOException {
        for (int field = source.next(); field != 0; field = source.next()) {
            if (field == 1) {
                Message config = source.message();
                for (int part = config.next(); part != 0; part = config.next()) {
                    if (part == 100) {
                        ftrace(config.message(), report);
                    } else {
                        config.skip();
                    }
                }
            } else {
                source.skip();
            }
        }
    }

    private static void ftrace(Message ftrace, ReadReport report) throws IOException {
        boolean wantsGeneric = false;
        boolean hasGeneric = true;
        for (int field = ftrace.next(); field != 0; field = ftrace.next()) {
            switch (field) {
                case 1 -> {
                    String event = ftrace.text();
                    wantsGeneric |= event.startsWith("mmap_lock") || event.startsWith("lock/") || event.startsWith("exceptions");
                }
                case 16 -> hasGeneric = ftrace.number() == 0;
                default -> ftrace.skip();
            }
        }
        if (wantsGeneric && !hasGeneric) {
            report.warn(
                    "The trace's configuration asks for mmap_lock or lock events, but has disable_generic_events, which drops them "
                    + "silently.");
        }
    }
}
