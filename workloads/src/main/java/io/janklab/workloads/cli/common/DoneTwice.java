package io.janklab.workloads.cli.common;

/// `--verify` has done a thing twice, and the results differ: a failure of the program, or of a policy of the user's own.
public final class DoneTwice extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DoneTwice(String first, String second) {
        super(first + ", and the second time " + second);
    }
}
