package io.janklab.workloads.host.conform;

import io.janklab.program.Call;
import io.janklab.workloads.host.program.SyscallProgram;

/// Where the two sides first disagree about a program.
///
/// @param step the index of the call after which they do
/// @param what the aspect they disagree about
/// @param real the host's kernel's answer
/// @param simulated the simulated kernel's
public record Divergence(SyscallProgram program, int step, Aspect what, String real, String simulated) {
    /// The state that is compared after every call.
    enum Aspect {
        RESULT("what the call returned"),
        LAYOUT("the VMAs"),
        PAGES("which pages are mapped"),
        CONTENTS("what the pages hold"),
        PAGE_TABLES("how many KiB of page tables there are"),
        CRASH("the simulated kernel broke down");

        private final String meaning;

        Aspect(String meaning) {
            this.meaning = meaning;
        }
    }

    Call call() {
        return program.calls().get(step);
    }

    /// The same without the calls after the disagreement, which do not matter.
    public Divergence upToThere() {
        return new Divergence(new SyscallProgram(program.calls().subList(0, step + 1)), step, what, real, simulated);
    }

    /// The program as a file that `conform --program` runs, with both sides' answers as comments.
    public String script() {
        return "# After the last call the kernels disagree about " + what.meaning + ".\n" + program.text() + comment("host", real)
                + comment("simulator", simulated);
    }

    private static String comment(String side, String answer) {
        return "# " + side + ":\n" + answer.lines().map(line -> "#   " + line + "\n").reduce("", String::concat);
    }
}
