package io.janklab.explore.text;

import io.janklab.explore.LitmusProgram;
import io.janklab.explore.Variable;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Uffd;
import io.janklab.program.Operation;
import io.janklab.program.ProcessCalls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs the program of a litmus file.
final class TextProgram extends LitmusProgram {
    private static final int MOST_STEPS_PER_PAGE = 30;

    private final LitmusText text;
    private final Map<String, String> answers;
    private final WatchedPages watched;
    /// Whether the first call has returned: visible to tasks, and so a point of choice.
    private final Map<Condition.Order, Variable> orders = new LinkedHashMap<>();
    @SuppressWarnings("NullAway.Init")
    private ProcessCalls calls;
    /// Of the tasks that are in children, by name.
    private final Map<String, Process> children = new LinkedHashMap<>();
    private @Nullable VirtualFile file;
    private boolean exits;
    /// The last line begun by any task.
    private @Nullable Line begun;

    TextProgram(LitmusText text) {
        this.text = text;
        this.answers = text.blanks();
        this.watched = text.watch();
    }

    @Override
    protected int memoryPages() {
        return text.machine().pages();
    }

    /// Programs that need much memory may copy huge pages, base page by base page.
    @Override
    protected int mostSteps() {
        return Math.max(super.mostSteps(), MOST_STEPS_PER_PAGE * text.machine().pages());
    }

    @Override
    protected String doing() {
        return begun == null ? super.doing() : "`" + begun.call() + "`";
    }

    @Override
    protected void setUp(Task task) {
        text.orders().forEach(order -> orders.put(order, variable(order.first() + " has returned", 0)));
        if (text.machine().swap() > 0) {
            kernel().memory().swapOn(text.machine().swap() * PAGE, 2);
        }
        kernel().memory().hugetlb().pool().resize(text.machine().hugetlb());
        file = file();
        calls = callsOf(process());
        if (text.calls().stream().anyMatch(line -> Operation.USERFAULTFD.contains(line.call().operation()))) {
            calls.userfaultfd(task);
        }
        run(task, calls, text.before());
        for (LitmusText.Column column : text.tasks()) {
            if (column.place() == LitmusText.Place.CHILD) {
                Process child = process().forkWithoutThreads(task, column.name());
                check(child != null, "there is no memory for the child '" + column.name() + "'");
                children.put(column.name(), Objects.requireNonNull(child));
            }
        }
    }

    private ProcessCalls callsOf(Process owner) {
        return new ProcessCalls(kernel(), owner, text.machine().userfaultsWait() ? 0 : Uffd.UFFD_FEATURE_SIGBUS, file);
    }

    private @Nullable VirtualFile file() {
        if (text.machine().file() == 0) {
            return null;
        }
        VirtualFile file = kernel().memory().pageCache().create("file", text.machine().file());
        kernel().memory().pageCache().preload(file, 0, file.pages());
        return file;
    }

    @Override
    protected void start() {
        for (LitmusText.Column task : text.tasks()) {
            Process owner = switch (task.place()) {
                case HERE -> process();
                case ELSEWHERE -> kernel().createProcess(task.name());
                case CHILD -> Objects.requireNonNull(children.get(task.name()));
            };
            ProcessCalls its = switch (task.place()) {
                case HERE -> calls;
                case ELSEWHERE -> calls.from(owner);
                case CHILD -> callsOf(owner);
            };
            exits |= owner == process() && task.lines().stream().anyMatch(line -> line.call().operation() == Operation.EXIT);
            task(task.name(), owner, self -> run(self, its, task.lines()));
        }
    }

    private void run(Task task, ProcessCalls its, List<Line> lines) {
        for (Line line : lines) {
            begun = line;
            orders.forEach((order, returned) -> {
                if (order.second().equals(line.result()) && returned.get() != 0) {
                    answers.put(order.toString(), Condition.Order.HELD);
                }
            });
            WatchedPages.Doing doing = watched.begin(line.call());
            its.make(task, line.call(), line.number() - 1, answer -> answered(line, doing, answer));
            orders.forEach((order, returned) -> {
                if (order.first().equals(line.result())) {
                    returned.set(1);
                }
            });
        }
    }

    private void answered(Line line, WatchedPages.Doing doing, String answer) {
        String wrong = watched.end(doing, answer);
        check(wrong == null, wrong);
        if (line.result() != null) {
            answers.put(line.result(), answer.replace(' ', ','));
        }
    }

    /// A process that has ended makes no more calls.
    @Override
    protected void finish(Task task) {
        if (!exits) {
            run(task, calls, text.after());
        }
        answers.forEach(this::outcome);
    }

    @Override
    protected void judge() {
        String broken = text.broken(answers);
        check(broken == null, broken);
    }
}
