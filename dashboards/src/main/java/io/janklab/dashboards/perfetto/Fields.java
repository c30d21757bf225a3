package io.janklab.dashboards.perfetto;

/// Field numbers of Perfetto's messages (protos/perfetto/trace, v54), message by message.
final class Fields {
    static final int TRACE_PACKET = 1;

    private Fields() {}

    static final class Packet {
        static final int FTRACE_EVENTS = 1;
        static final int PROCESS_TREE = 2;
        static final int CLOCK_SNAPSHOT = 6;
        static final int TIMESTAMP = 8;
        static final int TRUSTED_PACKET_SEQUENCE_ID = 10;
        static final int TRACK_EVENT = 11;
        static final int INTERNED_DATA = 12;
        static final int SEQUENCE_FLAGS = 13;
        static final int SYSTEM_INFO = 45;
        static final int TRACK_DESCRIPTOR = 60;
        static final int FRAME_TIMELINE_EVENT = 76;
        /// Values of [#SEQUENCE_FLAGS].
        static final int INCREMENTAL_STATE_CLEARED = 1;
        static final int NEEDS_INCREMENTAL_STATE = 2;
    }

    static final class ClockSnapshot {
        static final int CLOCKS = 1;
        static final int PRIMARY_TRACE_CLOCK = 2;
    }

    static final class Clock {
        static final int CLOCK_ID = 1;
        static final int TIMESTAMP = 2;
    }

    static final class SystemInfo {
        static final int UTSNAME = 1;
    }

    static final class Utsname {
        static final int SYSNAME = 1;
        static final int VERSION = 2;
        static final int RELEASE = 3;
        static final int MACHINE = 4;
    }

    static final class InternedData {
        static final int EVENT_NAMES = 2;
        static final int KERNEL_SYMBOLS = 26;
    }

    /// `EventName` and `InternedString` alike.
    static final class Interned {
        static final int IID = 1;
        static final int NAME = 2;
    }

    static final class ProcessTree {
        static final int PROCESSES = 1;
        static final int THREADS = 2;
    }

    static final class Process {
        static final int PID = 1;
        static final int PPID = 2;
        static final int CMDLINE = 3;
    }

    static final class Thread {
        static final int TID = 1;
        static final int NAME = 2;
        static final int TGID = 3;
    }

    static final class Bundle {
        static final int CPU = 1;
        static final int EVENT = 2;
    }

    static final class Ftrace {
        static final int TIMESTAMP = 1;
        static final int PID = 2;
        static final int PRINT = 3;
        static final int SCHED_SWITCH = 4;
        static final int CPU_FREQUENCY = 11;
        static final int SCHED_BLOCKED_REASON = 18;
        static final int SCHED_WAKING = 20;
        static final int BINDER_TRANSACTION = 50;
        static final int BINDER_TRANSACTION_RECEIVED = 51;
        static final int RSS_STAT = 313;
    }

    static final class CpuFrequency {
        static final int STATE = 1;
        static final int CPU_ID = 2;
    }

    static final class BinderTransaction {
        static final int DEBUG_ID = 1;
        static final int TO_PROC = 3;
        static final int TO_THREAD = 4;
        static final int REPLY = 5;
        static final int FLAGS = 7;
    }

    static final class BinderReceived {
        static final int DEBUG_ID = 1;
    }

    static final class RssStat {
        static final int MEMBER = 1;
        static final int SIZE = 2;
        static final int CURR = 3;
        static final int MM_ID = 4;
    }

    static final class Print {
        static final int BUF = 2;
    }

    static final class SchedSwitch {
        static final int PREV_COMM = 1;
        static final int PREV_PID = 2;
        static final int PREV_PRIO = 3;
        static final int PREV_STATE = 4;
        static final int NEXT_COMM = 5;
        static final int NEXT_PID = 6;
        static final int NEXT_PRIO = 7;
    }

    static final class SchedWaking {
        static final int COMM = 1;
        static final int PID = 2;
        static final int PRIO = 3;
        static final int SUCCESS = 4;
        static final int TARGET_CPU = 5;
    }

    static final class BlockedReason {
        static final int PID = 1;
        static final int CALLER = 2;
        static final int IO_WAIT = 3;
    }

    static final class TrackDescriptor {
        static final int UUID = 1;
        static final int NAME = 2;
        static final int PROCESS = 3;
        static final int THREAD = 4;
        static final int PARENT_UUID = 5;
        static final int COUNTER = 8;
    }

    static final class ProcessDescriptor {
        static final int PID = 1;
        static final int PROCESS_NAME = 6;
    }

    static final class ThreadDescriptor {
        static final int PID = 1;
        static final int TID = 2;
        static final int THREAD_NAME = 5;
    }

    static final class CounterDescriptor {
        static final int UNIT = 3;
        /// Value of [#UNIT].
        static final int UNIT_SIZE_BYTES = 3;
    }

    static final class TrackEvent {
        static final int DEBUG_ANNOTATIONS = 4;
        static final int TYPE = 9;
        static final int NAME_IID = 10;
        static final int TRACK_UUID = 11;
        static final int COUNTER_VALUE = 30;
        static final int FLOW_IDS = 47;
        static final int TERMINATING_FLOW_IDS = 48;
        /// Values of [#TYPE].
        static final int SLICE_BEGIN = 1;
        static final int SLICE_END = 2;
        static final int COUNTER = 4;
    }

    static final class DebugAnnotation {
        static final int STRING_VALUE = 6;
        static final int NAME = 10;
    }

    static final class FrameTimelineEvent {
        static final int EXPECTED_DISPLAY_FRAME_START = 1;
        static final int ACTUAL_DISPLAY_FRAME_START = 2;
        static final int EXPECTED_SURFACE_FRAME_START = 3;
        static final int ACTUAL_SURFACE_FRAME_START = 4;
        static final int FRAME_END = 5;
    }

    /// Of the expected, the actual and, its first alone, of the end.
    static final class SurfaceFrame {
        static final int COOKIE = 1;
        static final int TOKEN = 2;
        static final int DISPLAY_FRAME_TOKEN = 3;
        static final int PID = 4;
        static final int LAYER_NAME = 5;
        static final int PRESENT_TYPE = 6;
        static final int ON_TIME_FINISH = 7;
        static final int GPU_COMPOSITION = 8;
        static final int JANK_TYPE = 9;
        static final int PREDICTION_TYPE = 10;
        static final int IS_BUFFER = 11;
        static final int JANK_SEVERITY_TYPE = 12;
        /// Values of [#PRESENT_TYPE].
        static final int PRESENT_ON_TIME = 1;
        static final int PRESENT_LATE = 2;
        /// Values of [#JANK_TYPE].
        static final int JANK_NONE = 1;
        static final int JANK_APP_DEADLINE_MISSED = 64;
        /// Value of [#PREDICTION_TYPE].
        static final int PREDICTION_VALID = 1;
        /// Values of [#JANK_SEVERITY_TYPE].
        static final int SEVERITY_NONE = 1;
        static final int SEVERITY_FULL = 3;
    }

    /// Of the actual and, its first three alone, of the expected.
    static final class DisplayFrame {
        static final int COOKIE = 1;
        static final int TOKEN = 2;
        static final int PID = 3;
        static final int PRESENT_TYPE = 4;
        static final int ON_TIME_FINISH = 5;
        static final int GPU_COMPOSITION = 6;
        static final int JANK_TYPE = 7;
        static final int PREDICTION_TYPE = 8;
    }
}
