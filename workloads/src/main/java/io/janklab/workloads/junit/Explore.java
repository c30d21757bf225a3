package io.janklab.workloads.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test of a small concurrent program on the simulated kernel, under many schedules. Its method is handed an [Exploration], to which it
/// gives the program.
@Test
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ExploreExtension.class)
public @interface Explore {
    /// Schedules at most.
    long schedules() default 10_000;

    /// `random`, `pct:DEPTH`, `dfs` or `replay:SCHEDULE`, as `--strategy` on the command line.
    String strategy() default "pct:3";

    /// The seed of random strategies.
    long seed() default 1;

    /// Version of the kernel: `6.17`.
    String kernel() default "6.17";

    /// `arm64` or `x86-64`.
    String arch() default "arm64";

    /// `SWITCH=VALUE`, as `--set` on the command line.
    String[] set() default {};
}
