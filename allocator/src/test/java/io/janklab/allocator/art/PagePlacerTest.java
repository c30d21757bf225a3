package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.BareSyscalls;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a collector handles the kernel's answers.
final class PagePlacerTest {
    private static final long TO = 1 << 20;
    private static final long BUFFER = 2 << 20;

    private final List<String> ioctls = new ArrayList<>();
    private final Deque<Long> moveAnswers = new ArrayDeque<>();

    private PagePlacer placer(CompactionIoctl ioctl) {
        UserfaultFd uffd = (UserfaultFd) Proxy.newProxyInstance(
                UserfaultFd.class.getClassLoader(), new Class<?>[] {UserfaultFd.class}, (proxy, method, arguments) -> {
                    ioctls.add(method.getName());
                    return method.getName().equals("move") ? moveAnswers.remove() : arguments[3];
                });
        JavaHeapOptions options = JavaHeapRig.options(CollectorType.MARK_COMPACT, ioctl, new Lifetimes(16 << 20, 0.5, 0.25));
        return new PagePlacer(new HeapParts(new BareSyscalls(), null, options, null, null, null), uffd, false);
    }

    @Test
    void pageThatCannotBeMovedIsCopiedAtOnceAndSoAreAllAfterIt() {
        PagePlacer placer = placer(CompactionIoctl.MOVE);
        moveAnswers.add(2 * MemMap.PAGE);
        moveAnswers.add((long) -Errno.EBUSY);
        assertThat(placer.place(null, TO, BUFFER, 4, false)).isEqualTo(2);
        assertThat(placer.place(null, TO, BUFFER, 2, false)).isEqualTo(2);
        assertThat(placer.place(null, TO, BUFFER, 1, false)).isEqualTo(1);
        assertThat(ioctls).containsExactly("move", "move", "copy", "copy");
    }

    @Test
    void pageThatAMutatorHasPlacedCountsAsInPlace() {
        PagePlacer placer = placer(CompactionIoctl.MOVE);
        moveAnswers.add((long) -Errno.EEXIST);
        assertThat(placer.place(null, TO, BUFFER, 4, false)).isEqualTo(1);
        assertThat(ioctls).containsExactly("move");
    }

    @Test
    void copyingCollectorNeverMoves() {
        assertThat(placer(CompactionIoctl.COPY).place(null, TO, BUFFER, 4, false)).isEqualTo(4);
        assertThat(ioctls).containsExactly("copy");
    }
}
