package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldLocksTest {
    private record Lock(LockClass lockClass, String name) implements TracedLock {}

    private record Hold(TracedLock lock, LockMode mode) {
        String inWords() {
            return lock.lockClass().label() + " " + lock.name() + " (" + mode.label() + ")";
        }
    }

    private final HeldLocks held = new HeldLocks();
    private final List<Hold> model = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void answersAsAPlainListWouldBeTheyFewOrMany(int seed) {
        Random random = new Random(seed);
        List<Lock> locks = IntStream.range(0, 60).mapToObj(i -> new Lock(LockClass.values()[i % 9], "lock " + i)).toList();
        for (int step = 0; step < 3_000; step++) {
            // Tides: at times more are taken, at times more are released.
            boolean rising = step / 150 % 2 == 0;
            act(locks.get(random.nextInt(locks.size())), random.nextInt(10) < (rising ? 8 : 2), random);
            assertThat(held.count()).isEqualTo(model.size());
            int kinds = model.stream()
                    .mapToInt(hold -> HeldLocks.kind(hold.lock.lockClass(), hold.mode)).reduce(0, (some, more) -> some | more);
            assertThat(held.kinds()).isEqualTo(kinds);
        }
    }

    private void act(TracedLock lock, boolean take, Random random) {
        Hold hold = model.stream().filter(other -> other.lock == lock).findFirst().orElse(null);
        assertThat(held.contains(lock)).isEqualTo(hold != null);
        for (LockMode mode : LockMode.values()) {
            assertThat(held.contains(lock, mode)).isEqualTo(hold != null && hold.mode == mode);
        }
        if (hold == null && take) {
            LockMode mode = LockMode.values()[random.nextInt(2)];
            held.push(lock, mode);
            model.add(new Hold(lock, mode));
        } else if (hold != null && !take) {
            held.remove(lock);
            model.remove(hold);
        } else if (hold != null) {
            held.downgrade(lock);
            model.set(model.indexOf(hold), new Hold(lock, LockMode.READ));
        } else {
            assertThatThrownBy(() -> held.remove(lock)).isInstanceOf(KernelRuleBroken.class).hasMessageContaining("not held");
        }
    }

    @ParameterizedTest(name = "{0} locks")
    @ValueSource(ints = {0, 1, 16, 17, 70_000})
    void saysWhatIsHeldInOrderAndNotWithoutEnd(int count) {
        for (int i = 0; i < count; i++) {
            Hold hold = new Hold(new Lock(LockClass.VMA_LOCK, "vma " + i), LockMode.WRITE);
            model.add(hold);
            held.push(hold.lock, hold.mode);
        }
        List<String> first = model.stream().limit(8).map(Hold::inWords).toList();
        assertThat(held).asString().startsWith(count == 0 ? "no locks" : String.join(", ", first)).hasSizeLessThan(600);
    }
}
