package io.janklab.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A method of the main code is used by main code: what only tests call belongs to them, and what nobody calls goes.
final class UnusedMembersTest {
    /// What others than main code call, and why: a class, or a method of it.
    private static final Map<String, Set<String>> KEPT = Map.of(
            "An allocator is used as a library: its settings, meters and ends, and jemalloc's mallctl()", Set.of(
                    "allocator.HeapCosts.free", "allocator.HeapMisuse", "allocator.HeapOptions.parse", "allocator.arena.ArenaHeap.mallctl",
                    "allocator.arena.Mallctl", "allocator.art.JavaHeap", "allocator.netty.SimulatedByteBufAllocator",
                    "allocator.netty.SimulatedByteBufAllocator$Builder", "allocator.netty.SimulatedByteBufAllocatorMetric"),
            "Litmuses, lock policies and programs of one's own are written with these", Set.of(
                    "explore.Litmus", "explore.LitmusProgram", "explore.Variable", "kernel.lock.policy.Rwsem", "kernel.syscall.Syscalls",
                    "kernel.syscall.UserfaultFd", "kernel.syscall.SegmentationFault", "kernel.mm.space.Mm.setArguments",
                    "kernel.Kernel.processes", "workloads.junit.Exploration", "workloads.junit.JankAssert",
                    "workloads.junit.JankAssertions"),
            "Faults that tests inject, and what lets them begin anew", Set.of(
                    "kernel.mm.page.FrameAllocator.failNth", "kernel.mm.page.FrameAllocator.isFailurePending",
                    "kernel.mm.page.Swap.dropUnused", "kernel.mm.space.PageCache.drop"),
            "Structures whose invariants tests check from inside", Set.of(
                    "allocator.BareMutex.owner", "allocator.art.LargeObjectSpace.allocatedBytes", "allocator.scudo.FreeList.blocks",
                    "allocator.scudo.LocalCache.block", "allocator.scudo.ScudoHeap", "allocator.scudo.Secondary.inUse",
                    "dashboards.metrics.RunMetrics.registry", "explore.Execution.loggedStep", "sim.Simulation.eventsFired",
                    "workloads.input.Settings.without", "workloads.recording.RecordedCase.recordedKernel",
                    "workloads.recording.read.Recording.read", "workloads.replay.TraceGenerator.live"));

    /// Each of them is there, and would be reported if it were not named.
    @Test
    void whatIsKeptIsNotUsedByMainCode() {
        Set<String> unused = unused();
        assertThat(KEPT.values().stream().flatMap(Set::stream))
                .allSatisfy(kept -> assertThat(unused).as(kept).anyMatch(name -> name.equals(kept) || name.startsWith(kept + ".")));
    }

    @Test
    void everyMethodIsUsedByMainCode() {
        Set<String> unused = unused();
        KEPT.values().stream().flatMap(Set::stream)
                .forEach(kept -> unused.removeIf(name -> name.equals(kept) || name.startsWith(kept + ".")));
        assertThat(unused).as("give it to the tests, or let it go").isEmpty();
    }

    private static Set<String> unused() {
        Set<String> unused = new TreeSet<>();
        for (JavaClass each : MainClasses.ALL) {
            for (JavaMethod method : each.getMethods()) {
                if (!isUsed(method) && !isMadeByTheCompiler(method) && !isRead(method)) {
                    unused.add(nameOf(each) + "." + method.getName());
                }
            }
        }
        return unused;
    }

    private static String nameOf(JavaClass each) {
        return each.getName().substring("io.janklab.".length());
    }

    private static boolean isUsed(JavaMethod method) {
        return isCalledByOthers(method) || Stream.concat(method.getOwner().getAllRawSuperclasses().stream(),
                method.getOwner().getAllRawInterfaces().stream()).anyMatch(above -> demands(above, method))
                || method.getOwner().getAllSubclasses().stream().anyMatch(below -> below.tryGetMethod(method.getName(), names(method))
                        .filter(UnusedMembersTest::isCalledByOthers).isPresent());
    }

    /// By another than itself.
    private static boolean isCalledByOthers(JavaMethod method) {
        return Stream.concat(method.getCallsOfSelf().stream().map(call -> call.getOrigin()),
                method.getReferencesToSelf().stream().map(reference -> reference.getOrigin())).anyMatch(origin -> !origin.equals(method));
    }

    /// Whether the method is one of that type's, which a library's code or ours calls there.
    private static boolean demands(JavaClass above, JavaMethod method) {
        return above.tryGetMethod(method.getName(), names(method))
                .filter(one -> !isOurs(above) || isKept(above) || isCalledByOthers(one)).isPresent()
                || !isOurs(above) && above.getMethods().stream().anyMatch(one ->
                        one.getName().equals(method.getName())
                        && one.getRawParameterTypes().size() == method.getRawParameterTypes().size());
    }

    private static boolean isOurs(JavaClass each) {
        return each.getName().startsWith("io.janklab.");
    }

    private static boolean isKept(JavaClass each) {
        return KEPT.values().stream().anyMatch(kept -> kept.contains(nameOf(each)));
    }

    private static String[] names(JavaMethod method) {
        return method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
    }

    private static boolean isMadeByTheCompiler(JavaMethod method) {
        return method.getModifiers().contains(JavaModifier.SYNTHETIC) || method.getModifiers().contains(JavaModifier.BRIDGE)
                || method.getName().startsWith("lambda$") || method.getName().startsWith("$")
                || method.getOwner().isEnum() && List.of("values", "valueOf").contains(method.getName());
    }

    /// Components of records, which Jackson reads, options of commands, and the JVM's own entrance.
    private static boolean isRead(JavaMethod method) {
        boolean isComponent = method.getOwner().isRecord() && method.getRawParameterTypes().isEmpty()
                && method.getOwner().tryGetField(method.getName()).isPresent();
        return isComponent || !method.getAnnotations().isEmpty() && method.getAnnotations().stream()
                .anyMatch(annotation -> !annotation.getRawType().getName().equals(Override.class.getName()))
                || List.of("main", "toString").contains(method.getName());
    }
}
