package io.janklab.workloads.app.process;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.uapi.Mman;

/// The operations of an app's thread on its address space as it is created and as it ends: mmap_lock for writing nine times at creation,
/// three of them by the creator, then those that ART adds for a thread that runs Java, and three at its end.
///
/// Sources: bionic's `libc/bionic/pthread_create.cpp` and `pthread_exit.cpp` on arm64 (`__allocate_thread_mapping`,
/// `__set_stack_and_tls_vma_name`, `__init_alternate_signal_stack`, `__init_shadow_call_stack`); ART's
/// `Thread::InstallImplicitProtection`.
public final class BionicThread {
    private static final long PAGE = Hardware.PAGE_SIZE;
    /// pthread's default, which ART rounds its own up to.
    private static final long STACK_BYTES = 1 << 20;
    /// bionic_tls and what libraries keep in static TLS: a few pages.
    private static final long TLS_BYTES = 4 * PAGE;
    /// Guard, stack, guard, TLS, guard.
    private static final long SPACE_BYTES = PAGE + STACK_BYTES + PAGE + TLS_BYTES + PAGE;
    /// `SIGNAL_STACK_SIZE`, its guard included.
    private static final long SIGNAL_STACK_BYTES = (16 << 10) + PAGE;
    /// `SCS_GUARD_REGION_SIZE` and `SCS_SIZE`.
    private static final long SHADOW_REGION_BYTES = 16 << 20;
    private static final long SHADOW_STACK_BYTES = 8 << 10;

    private final Mappings mappings;
    private final UserMemory memory;
    private final long space;
    private long signalStack;
    private long shadowRegion;

    private BionicThread(Mappings mappings, UserMemory memory, long space) {
        this.mappings = mappings;
        this.memory = memory;
        this.space = space;
    }

    /// `pthread_create`, on the thread that calls it.
    public static BionicThread create(Task creator, Mappings mappings, UserMemory memory) {
        long space = mappings.reserve(creator, SPACE_BYTES);
        BionicThread thread = new BionicThread(mappings, memory, space);
        mappings.protect(creator, thread.stack(), STACK_BYTES, Mman.PROT_RW);
        mappings.protect(creator, thread.tls(), TLS_BYTES, Mman.PROT_RW);
        memory.write(creator, thread.tls(), PAGE);
        memory.write(creator, thread.stackTop() - PAGE, PAGE);
        return thread;
    }

    private long stack() {
        return space + PAGE;
    }

    private long stackTop() {
        return stack() + STACK_BYTES;
    }

    private long tls() {
        return stackTop() + PAGE;
    }

    /// `__pthread_start`, on the thread itself.
    public void start(Task task) {
        mappings.name(task, stack(), SPACE_BYTES - 2 * PAGE, "stack_and_tls");
        signalStack = mappings.mapUnnamed(task, SIGNAL_STACK_BYTES);
        mappings.protect(task, signalStack, PAGE, Mman.PROT_NONE);
        mappings.name(task, signalStack + PAGE, SIGNAL_STACK_BYTES - PAGE, "thread signal stack");
        shadowRegion = mappings.reserve(task, SHADOW_REGION_BYTES);
        mappings.protect(task, shadowRegion, SHADOW_STACK_BYTES, Mman.PROT_RW);
        memory.write(task, shadowRegion, PAGE);
    }

    /// ART attaches it (`Thread::Init`): a page below the stack is protected against overflow, and the rest of the stack is released.
    public void attach(Task task) {
        mappings.protect(task, stack(), PAGE, Mman.PROT_NONE);
        mappings.advise(task, stack() + PAGE, STACK_BYTES - 4 * PAGE, Mman.MADV_DONTNEED);
    }

    /// `pthread_exit` of a detached thread.
    public void exit(Task task) {
        mappings.unmap(task, signalStack, SIGNAL_STACK_BYTES);
        mappings.unmap(task, shadowRegion, SHADOW_REGION_BYTES);
        mappings.unmap(task, space, SPACE_BYTES);
    }
}
