package io.janklab.workloads.host.probe;

import io.janklab.program.AdviceWords;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.sys.HostProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Calls that the host refuses in their plainest use while the simulated kernel does not: for want of a configuration option, or because a
/// filter of system calls (`seccomp(2)`, a container's) forbids them. That is a property of the host, and no disagreement between kernels.
final class RefusedCalls {
    private static final String MAP = "mmap @0 2p r|w private|anonymous|fixed";
    private static final List<String> NEVER_MADE = List.of("hwpoison", "soft-offline");
    /// By call and argument, in the words of [io.janklab.workloads.host.program.KnownDifferences]: the use of it, after a mapping of two
    /// pages.
    private static final Map<String, String> PLAIN_USE = new LinkedHashMap<>();

    static {
        PLAIN_USE.put("mmap noreplace", "mmap @8 1p r|w private|anonymous|noreplace");
        PLAIN_USE.put("mmap noreserve", "mmap @8 1p r|w private|anonymous|fixed|noreserve");
        PLAIN_USE.put("mmap populate", "mmap @8 1p r|w private|anonymous|fixed|populate");
        PLAIN_USE.put("mmap locked", "mmap @8 1p r|w private|anonymous|fixed|locked");
        PLAIN_USE.put("mmap growsdown", "mmap @8 1p r|w private|anonymous|fixed|growsdown");
        PLAIN_USE.put("mmap x", "mmap @8 1p r|x private|anonymous|fixed");
        PLAIN_USE.put("mprotect", "mprotect @0 1p r");
        PLAIN_USE.put("mprotect x", "mprotect @0 1p r|x");
        PLAIN_USE.put("mremap", "mremap @0 2p 1p 0x0 @0");
        PLAIN_USE.put("mremap fixed", "mremap @0 1p 1p maymove|fixed @8");
        PLAIN_USE.put("mremap dontunmap", "mremap @0 1p 1p maymove|fixed|dontunmap @8");
        PLAIN_USE.put("mlock", "mlock @0 1p");
        PLAIN_USE.put("mlock2", "mlock2 @0 1p onfault");
        PLAIN_USE.put("munlock", "munlock @0 1p");
        PLAIN_USE.put("mincore", "mincore @0 1p");
        PLAIN_USE.put("process_madvise", "process_madvise @0 1p @1 1p cold");
        for (String advice : AdviceWords.all()) {
            if (!NEVER_MADE.contains(advice)) {
                PLAIN_USE.put("madvise " + advice, "madvise @0 1p " + advice);
            }
        }
    }

    private RefusedCalls() {}

    /// One property for each call that is refused. Leaves the host's region empty.
    static List<HostProperty> find(ComparedSpace host, ComparedSpace simulated) {
        List<HostProperty> refused = new ArrayList<>();
        KnownDifferences known = KnownDifferences.none();
        for (Map.Entry<String, String> plain : PLAIN_USE.entrySet()) {
            SyscallProgram program = SyscallProgram.parse("probe", List.of(MAP, plain.getValue()));
            String answer = lastAnswer(host, program);
            // Where a call is refused altogether, its flags are not worth a word.
            if (isRefusal(answer) && known.reason(program.calls().getLast()) == null && !isRefusal(lastAnswer(simulated, program))) {
                String call = plain.getKey();
                refused.add(HostProperty.leftOut(call, "refused", "not used", call + ": this host refuses " + call + " (" + answer + ")."));
                known = known.and(refused.stream().map(HostProperty::leftOut).toList());
            }
        }
        host.clear();
        return refused;
    }

    private static String lastAnswer(ComparedSpace space, SyscallProgram program) {
        String answer = "";
        space.clear();
        for (int step = 0; step < program.size(); step++) {
            answer = space.call(program.calls().get(step), step);
        }
        return answer;
    }

    /// Whether it is an errno.
    static boolean isRefusal(String answer) {
        return answer.startsWith("E");
    }
}
