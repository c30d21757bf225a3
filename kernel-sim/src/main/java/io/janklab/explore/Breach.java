package io.janklab.explore;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.syscall.SegmentationFault;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A broken rule in one run.
///
/// @param kind     what sort of thing: shorter schedules count as the same finding if this is the same
/// @param sentence the rule that was broken
/// @param where    the operation of mm that came upon it: `Populate.touched`; empty if it showed at the end
public record Breach(String kind, String sentence, String where) {
    private static final String OUTCOME = "outcome";
    private static final Pattern OPERATION =
            Pattern.compile("io\\.janklab\\.kernel\\.mm\\.(advise|edit|fault|huge|map|proc|reclaim|uffd)\\..*");

    public static Breach of(RuntimeException thrown) {
        Throwable e = thrown instanceof TaskFailure && thrown.getCause() != null ? thrown.getCause() : thrown;
        String sentence = switch (e) {
            case KernelRuleBroken broken -> broken.getMessage();
            case ConditionBroken broken -> broken.getMessage();
            case SegmentationFault fault -> "killed by SIGSEGV: " + fault.getMessage();
            default -> "the kernel crashed: " + e + at(e);
        };
        return new Breach(e.getClass().getSimpleName(), Objects.requireNonNullElse(sentence, ""), where(e));
    }

    /// The innermost frame in an operation, as opposed to what all of them use: locks, folios, page tables.
    private static String where(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (OPERATION.matcher(frame.getClassName()).matches()) {
                String owner = frame.getClassName();
                return owner.substring(owner.lastIndexOf('.') + 1) + "." + frame.getMethodName();
            }
        }
        return "";
    }

    /// The innermost frame that is no class of Java's own, which a user's policy may be.
    private static String at(Throwable e) {
        return Arrays.stream(e.getStackTrace()).filter(frame -> !frame.getClassName().startsWith("java.")).findFirst()
                .map(frame -> " at " + frame.getClassName() + "." + frame.getMethodName() + " (" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .orElse("");
    }

    /// Null if the outcome is allowed.
    static @Nullable Breach ofOutcome(Litmus litmus, String outcome) {
        if (litmus.allowed().isEmpty() || litmus.allowed().contains(outcome)) {
            return null;
        }
        return new Breach(OUTCOME, "the outcome " + outcome + " is forbidden", "");
    }

    /// Whether the program came to its end, but not to one that is allowed.
    public boolean isOutcome() {
        return kind.equals(OUTCOME);
    }

    /// Whether the run was given up for its length.
    public boolean isEndless() {
        return kind.equals(Starvation.Endless.class.getSimpleName());
    }
}
