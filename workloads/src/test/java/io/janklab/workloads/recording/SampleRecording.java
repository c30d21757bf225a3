package io.janklab.workloads.recording;

import java.util.Locale;

/// A small recording as ftrace text: a main thread with a frame of work every 10 ms, and a worker it wakes, which maps, touches and unmaps.
public final class SampleRecording {
    private final StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576\n");
    private double us = 1_000_000;

    private void line(String task, int tid, int cpu, String flags, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (  100) [%03d] %s %.6f: %s%n", task, tid, cpu, flags, us / 1e6, event));
    }

    private void after(double more) {
        us += more;
    }

    /// @param rounds how many frames
    public static String text(int rounds) {
        SampleRecording recording = new SampleRecording();
        recording.line("main", 100, 0, ".....", "task_newtask: pid=101 comm=main clone_flags=3d0f00 oom_score_adj=0");
        recording.us += 10;
        recording.line("<idle>", 0, 1, "d....", switched("swapper/1", 0, "R", "worker", 101));
        recording.us += 50;
        recording.line("worker", 101, 1, "d....", switched("worker", 101, "S", "swapper/1", 0));
        recording.us += 10;
        recording.line("main", 100, 0, "d....", switched("main", 100, "S", "swapper/0", 0));
        for (int i = 0; i < rounds; i++) {
            recording.round(i);
        }
        return recording.text.toString();
    }

    private static String switched(String prev, int prevTid, String state, String next, int nextTid) {
        return String.format(
                "sched_switch: prev_comm=%s prev_pid=%d prev_prio=120 prev_state=%s ==> next_comm=%s next_pid=%d next_prio=120", prev,
                prevTid, state, next, nextTid);
    }

    private void round(int i) {
        double begin = 1_010_000 + i * 10_000.0;
        us = begin;
        line("<idle>", 0, 0, "d.h..", "sched_waking: comm=main pid=100 prio=120 target_cpu=000");
        after(5);
        line("<idle>", 0, 0, "d....", switched("swapper/0", 0, "R", "main", 100));
        line("main", 100, 0, ".....", "tracing_mark_write: B|100|frame");
        // Work that differs, so that sleeps do, and their ends do not.
        after(1_000 + i % 5 * 200);
        line("main", 100, 0, "d....", "sched_waking: comm=worker pid=101 prio=120 target_cpu=001");
        after(5);
        line("<idle>", 0, 1, "d....", switched("swapper/1", 0, "R", "worker", 101));
        after(100);
        line("worker", 101, 1, ".....", "sys_mmap(addr: 0, len: 0x4000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        after(5);
        line("worker", 101, 1, ".....", "sys_mmap -> 0x7f0000000000");
        for (int page = 0; page < 4; page++) {
            after(2);
            line("worker", 101, 1, "d....", "page_fault_user: address=0x7f000000" + page + "010 ip=0x1 error_code=0x6");
        }
        after(20);
        line("worker", 101, 1, ".....", "sys_munmap(addr: 0x7f0000000000, len: 0x4000)");
        after(10);
        line("worker", 101, 1, ".....", "sys_munmap -> 0x0");
        after(500);
        line("main", 100, 0, ".....", "tracing_mark_write: E|100");
        line("main", 100, 0, "d....", switched("main", 100, "S", "swapper/0", 0));
        after(100);
        line("worker", 101, 1, "d....", switched("worker", 101, "S", "swapper/1", 0));
    }
}
