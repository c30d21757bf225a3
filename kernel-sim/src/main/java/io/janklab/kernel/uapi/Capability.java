package io.janklab.kernel.uapi;

/// Privileges of a process (Linux `include/uapi/linux/capability.h`).
public enum Capability {
    /// `CAP_IPC_LOCK`: lock memory without limit.
    IPC_LOCK,
    /// `CAP_SYS_NICE`: advise other processes' memory.
    SYS_NICE
}
