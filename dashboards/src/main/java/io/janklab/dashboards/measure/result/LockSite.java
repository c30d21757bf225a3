package io.janklab.dashboards.measure.result;

/// Where locks were waited for: a system call, `page fault`, or a kernel thread.
public record LockSite(String name, long contentions, long waitNs) {}
