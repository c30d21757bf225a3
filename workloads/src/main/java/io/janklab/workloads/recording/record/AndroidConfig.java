package io.janklab.workloads.recording.record;

/// The configuration with which Perfetto records on a phone the events that Janklab reads (`perfetto --txt -c`).
public final class AndroidConfig {
    private AndroidConfig() {}

    /// @param app the package to record, such as `com.example.app`
    public static String text(String app, double seconds) {
        return """
                # adb push this to /data/misc/perfetto-configs/janklab.pbtx, then:
                #   adb shell perfetto --txt -c /data/misc/perfetto-configs/janklab.pbtx -o /data/misc/perfetto-traces/app.pftrace
                # Production builds leave out what is marked userdebug; Janklab then models what memory does, and says so.
                duration_ms: %DURATION%
                buffers { size_kb: 262144 fill_policy: DISCARD }
                buffers { size_kb: 8192 fill_policy: DISCARD }
                data_sources {
                  config {
                    name: "linux.ftrace"
                    target_buffer: 0
                    ftrace_config {
                      compact_sched { enabled: true }
                      symbolize_ksyms: true
                      disable_generic_events: false
                      buffer_size_kb: 32768
                      drain_period_ms: 250
                      ftrace_events: "sched/sched_switch"
                      ftrace_events: "sched/sched_waking"
                      ftrace_events: "sched/sched_wakeup_new"
                      ftrace_events: "sched/sched_blocked_reason"
                      ftrace_events: "sched/sched_process_exit"
                      ftrace_events: "task/task_newtask"
                      ftrace_events: "task/task_rename"
                      ftrace_events: "power/cpu_frequency"
                      ftrace_events: "kmem/rss_stat"
                      ftrace_events: "vmscan/mm_vmscan_direct_reclaim_begin"
                      ftrace_events: "vmscan/mm_vmscan_direct_reclaim_end"
                      # userdebug or root:
                      ftrace_events: "mmap_lock/mmap_lock_start_locking"
                      ftrace_events: "mmap_lock/mmap_lock_acquire_returned"
                      ftrace_events: "mmap_lock/mmap_lock_released"
                      ftrace_events: "lock/contention_begin"
                      ftrace_events: "lock/contention_end"
                      ftrace_events: "raw_syscalls/sys_enter"
                      ftrace_events: "raw_syscalls/sys_exit"
                      syscall_events: "sys_mmap"
                      syscall_events: "sys_munmap"
                      syscall_events: "sys_madvise"
                      syscall_events: "sys_mprotect"
                      syscall_events: "sys_mremap"
                      syscall_events: "sys_brk"
                      syscall_events: "sys_prctl"
                      syscall_events: "sys_futex"
                      syscall_events: "sys_process_madvise"
                      syscall_events: "sys_ioctl"
                      atrace_categories: "gfx"
                      atrace_categories: "view"
                      atrace_categories: "dalvik"
                      atrace_categories: "binder_driver"
                      atrace_categories: "input"
                      atrace_apps: "%APP%"
                    }
                  }
                }
                data_sources {
                  config { name: "linux.process_stats" target_buffer: 1 process_stats_config { scan_all_processes_on_start: true } }
                }
                data_sources { config { name: "android.surfaceflinger.frametimeline" target_buffer: 1 } }
                data_sources { config { name: "linux.system_info" target_buffer: 1 } }
                """.replace("%DURATION%", String.valueOf((long) (seconds * 1e3))).replace("%APP%", app);
    }
}
