package io.janklab.workloads.host.conform;

import io.janklab.sim.RandomStream;
import java.util.BitSet;

/// The calls of a program after which its whole state is compared, besides the last; what calls return is always compared.
///
/// Reading the host's state takes ten times as long as an average call. What a random program's calls leave behind is the same whether it
/// is looked at after each of them or not, and each is the last one that was made before some comparison.
@FunctionalInterface
interface Checkpoints {
    /// After every call: a disagreement is that of the call before it.
    Checkpoints EVERY_CALL = step -> true;
    /// After the last call alone.
    Checkpoints LAST_CALL = step -> false;

    /// Whether the state is compared after the `step`-th call.
    boolean after(int step);

    /// A sample of one in `every` calls.
    static Checkpoints sample(RandomStream random, int calls, int every) {
        BitSet sample = new BitSet(calls);
        for (int step = 0; step < calls; step++) {
            sample.set(step, random.nextInt(every) == 0);
        }
        return sample::get;
    }
}
