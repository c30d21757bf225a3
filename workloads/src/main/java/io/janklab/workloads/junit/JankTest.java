package io.janklab.workloads.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test of a jank budget: the scenario is run first, and its result is passed to the test method as a [io.janklab.workloads.api.Jank].
@Test
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(JankExtension.class)
public @interface JankTest {
    /// Version of the kernel: `6.17`.
    String kernel();

    /// Name of a bundled scenario, or path of your own file.
    String scenario() default "scroll";

    /// Name of a bundled device, or path of your own file.
    String device() default "pixel-6";

    /// Seeds 1 to this number are run.
    int seeds() default 5;

    /// Virtual time of each run; 0 for the scenario's own.
    double seconds() default 0;

    /// `KEY=VALUE`, as `--set` on the command line.
    String[] set() default {};
}
