package io.janklab.kernel.cpu;

import java.util.Arrays;

/// The tasks that spin only as long as another one runs (`owner_on_cpu`): each is kicked when the other leaves its core.
public final class SpinWatch {
    private Task[] spinners = new Task[2];
    private int count;

    SpinWatch() {}

    public void add(Task spinner) {
        if (count == spinners.length) {
            spinners = Arrays.copyOf(spinners, count * 2);
        }
        spinners[count++] = spinner;
    }

    /// Does nothing if `spinner` does not watch.
    public void remove(Task spinner) {
        for (int i = 0; i < count; i++) {
            if (spinners[i] == spinner) {
                spinners[i] = spinners[--count];
                spinners[count] = null;
                return;
            }
        }
    }

    void ownerLeftCpu() {
        for (int i = 0; i < count; i++) {
            spinners[i].kick();
        }
    }
}
