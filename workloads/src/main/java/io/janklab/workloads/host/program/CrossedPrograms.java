package io.janklab.workloads.host.program;

import io.janklab.program.AdviceWords;
import io.janklab.program.Call;
import io.janklab.program.Confinement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every call with every kind of argument on every kind of mapping: a program for each, which makes the mapping at page 8, of 8 pages, and
/// then the call. What a call refuses, and with which error, depends on little more.
public final class CrossedPrograms {
    /// By what it is: the calls that make it.
    private static final Map<String, List<String>> MAPPINGS = new LinkedHashMap<>();
    /// As `address length`.
    private static final List<String> RANGES = List.of("@8 8p", "@9 2p", "@8+100 2p", "@9 1p+100", "@9 0p", "@7 4p", "@14 4p", "@20 2p",
            "@9 -1", "@9 -4096");
    private static final List<String> PROTECTIONS = List.of("0x0", "r", "w", "r|w", "x", "r|x", "r|w|x", "0x8", "0x10", "0x1000000",
            "0x2000000", "0x3000001");
    private static final List<String> OTHERS = new ArrayList<>();

    static {
        mapping("nothing");
        mapping("anonymous, untouched", "mmap @8 8p r|w private|anonymous|fixed");
        mapping("anonymous, written", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p");
        mapping("anonymous, read", "mmap @8 8p r|w private|anonymous|fixed", "read @8 8p");
        mapping("anonymous, read-only", "mmap @8 8p r private|anonymous|fixed", "read @8 2p");
        mapping("anonymous, write-only", "mmap @8 8p w private|anonymous|fixed");
        mapping("anonymous, executable", "mmap @8 8p r|x private|anonymous|fixed");
        mapping("anonymous, inaccessible", "mmap @8 8p 0x0 private|anonymous|fixed");
        mapping("anonymous, written, then read-only", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "mprotect @8 8p r");
        mapping("not reserved", "mmap @8 8p r|w private|anonymous|fixed|noreserve");
        mapping("droppable", "mmap @8 8p r|w droppable|anonymous|fixed", "write @8 8p");
        mapping("growing down", "mmap @8 8p r|w private|anonymous|fixed|growsdown", "write @8 1p");
        mapping("locked", "mmap @8 8p r|w private|anonymous|fixed", "mlock @8 8p");
        mapping("wiped on fork", "mmap @8 8p r|w private|anonymous|fixed", "madvise @8 8p wipeonfork");
        mapping("not forked", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "madvise @8 8p dontfork");
        mapping("mergeable", "mmap @8 8p r|w private|anonymous|fixed", "madvise @8 8p mergeable");
        mapping("guarded", "mmap @8 8p r|w private|anonymous|fixed", "madvise @9 2p guard-install");
        mapping("freed", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "madvise @8 8p free");
        mapping("shared with a child", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "fork_keep");
        mapping("with a hole", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "munmap @10 2p");
        mapping("two mappings", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "mprotect @10 6p r");
        mapping("missing pages registered", "mmap @8 8p r|w private|anonymous|fixed", "uffd_register @8 8p missing");
        mapping("write-protection registered", "mmap @8 8p r|w private|anonymous|fixed", "write @8 8p", "uffd_register @8 8p wp",
                "uffd_writeprotect @9 2p 1");
        mapping("poisoned", "mmap @8 8p r|w private|anonymous|fixed", "uffd_register @8 8p missing", "uffd_poison @9 2p 0");
        mapping("a file, private", "mmap_file @8 8p r|w private|fixed 0p", "read @8 2p");
        mapping("a file, private, written", "mmap_file @8 8p r|w private|fixed 0p", "write @8 8p");
        mapping("a file, private, read-only", "mmap_file @8 8p r private|fixed 0p", "read @8 2p");
        mapping("a file, private, executable", "mmap_file @8 8p r|x private|fixed 0p");
        mapping("a file, private, beyond its end", "mmap_file @8 8p r|w private|fixed 28p");
        mapping("a file, private, guarded", "mmap_file @8 8p r|w private|fixed 0p", "madvise @9 2p guard-install");
        mapping("a file, shared", "mmap_file @8 8p r|w shared|fixed 0p", "write @8 2p");
        mapping("a file, shared, read-only", "mmap_file @8 8p r shared|fixed 0p", "read @8 2p");
        mapping("locked on fault", "mmap @8 8p r|w private|anonymous|fixed", "write @8 3p", "mlock2 @8 8p onfault");
        mapping("a file, shared, locked", "mmap_file @8 8p r|w shared|fixed 0p", "mlock @8 8p");
        mapping("a file, shared, beyond its end", "mmap_file @8 8p r|w shared|fixed 28p");
        mapping("shared memory", "mmap @8 8p r|w shared|anonymous|fixed");
        mapping("shared memory, written", "mmap @8 8p r|w shared|anonymous|fixed", "write @8 8p");
        mapping("shared memory, read-only", "mmap @8 8p r shared|anonymous|fixed");
        mapping("shared memory, locked", "mmap @8 8p r|w shared|anonymous|fixed", "mlock @8 8p");
        mapping("shared memory, missing pages registered", "mmap @8 8p r|w shared|anonymous|fixed", "write @8 4p",
                "uffd_register @8 8p missing");
        mapping("shared memory, pages not mapped registered", "mmap @8 8p r|w shared|anonymous|fixed", "write @8 4p",
                "madvise @8 8p dontneed", "uffd_register @8 8p minor");

        for (String range : RANGES) {
            OTHERS.add("munmap " + range);
            OTHERS.add("mlock " + range);
            Stream.of("0x0", "onfault", "0x2").forEach(flags -> OTHERS.add("mlock2 " + range + " " + flags));
            OTHERS.add("munlock " + range);
            OTHERS.add("mincore " + range);
            OTHERS.add("mseal " + range + " 1");
            OTHERS.add("set_anon_name " + range + " heap");
            OTHERS.add("uffd_unregister " + range);
            Stream.of("missing", "wp", "missing|wp", "minor", "missing|minor", "0x0", "0x8")
                    .forEach(modes -> OTHERS.add("uffd_register " + range + " " + modes));
            Stream.of("0", "1", "2").forEach(mode -> OTHERS.add("uffd_poison " + range + " " + mode));
            Stream.of("0", "1", "2", "4").forEach(mode -> OTHERS.add("uffd_continue " + range + " " + mode));
            Stream.of("0", "1", "2", "4").forEach(mode -> OTHERS.add("uffd_zeropage " + range + " " + mode));
            Stream.of("0", "1", "2", "3", "4").forEach(mode -> OTHERS.add("uffd_writeprotect " + range + " " + mode));
            PROTECTIONS.forEach(protection -> OTHERS.add("mprotect " + range + " " + protection));
        }
        Stream.of("0x0", "onfault", "0x8").forEach(flags -> OTHERS.add("mlockall " + flags));
        OTHERS.add("munlockall");
        for (String at : List.of("@8", "@9", "@8+100", "@20")) {
            for (String lengths : List.of("8p 8p", "4p 2p", "4p 8p", "0p 2p", "2p 0p", "8p 20p", "1p+5 1p+9")) {
                for (String flags : List.of("0x0", "maymove", "fixed", "maymove|fixed", "maymove|dontunmap", "dontunmap",
                        "maymove|fixed|dontunmap", "0x8")) {
                    Stream.of("@32", "@9", "@30+7").forEach(to -> OTHERS.add("mremap " + at + " " + lengths + " " + flags + " " + to));
                }
            }
        }
        for (String range : List.of("@9 @40 1p", "@9 @8 2p", "@40 @9 1p", "@9 @9 1p", "@8 @9 4p", "@9+8 @8 1p", "@9 @8+8 1p", "@9 @8 0p",
                "@14 @8 4p")) {
            Stream.of("0", "1", "2", "4").forEach(mode -> OTHERS.add("uffd_copy " + range + " " + mode));
            Stream.of("0", "1", "2", "4").forEach(mode -> OTHERS.add("uffd_move " + range + " " + mode));
        }
        List<String> advice = new ArrayList<>(AdviceWords.all());
        advice.addAll(List.of("5", "6", "7", "26", "27", "99", "104", "1000"));
        for (String each : advice) {
            RANGES.forEach(range -> OTHERS.add("madvise " + range + " " + each));
            Stream.of("@9 1p @12 1p", "@9 1p @12+7 1p", "@9 0p @12 1p", "@9 1p @20 1p", "@20 1p @9 1p", "@8+9 1p @9 1p")
                    .forEach(ranges -> OTHERS.add("process_madvise " + ranges + " " + each));
        }
    }

    private CrossedPrograms() {}

    private static void mapping(String what, String... calls) {
        MAPPINGS.put(what, List.of(calls));
    }

    /// Memory of hugetlb: the same in whole pages of 2 MiB, at page 0, two of them. mremap takes nothing less than all: of what it moves in
    /// part Linux loses the reservation.
    private static List<List<String>> huge() {
        List<String> advice = List.of("normal", "random", "willneed", "dontneed", "free", "remove", "dontfork", "mergeable", "hugepage",
                "nohugepage", "dontdump", "dodump", "wipeonfork", "keeponfork", "cold", "pageout", "populate-read", "populate-write",
                "dontneed-locked", "collapse", "guard-install", "guard-remove");
        List<String> calls = new ArrayList<>();
        for (String range : List.of("@0 1024p", "@0 512p", "@512 512p", "@0 1p", "@1 512p", "@0 513p", "@511 2p", "@0 1536p")) {
            advice.forEach(each -> calls.add("madvise " + range + " " + each));
            List.of("munmap", "mlock", "munlock", "mincore").forEach(call -> calls.add(call + " " + range));
            List.of("0x0", "r", "r|w").forEach(rights -> calls.add("mprotect " + range + " " + rights));
        }
        for (String move : List.of("1024p 1024p 0x0 @0", "1024p 1p 0x0 @0", "1024p 512p maymove @0", "1024p 1025p maymove @0",
                "1024p 1024p maymove|fixed @1024", "1024p 1024p maymove|fixed @1025", "1024p 1024p maymove|dontunmap @0")) {
            calls.add("mremap @0 " + move);
        }
        for (String map : List.of("@1 1p r|w private|anonymous|fixed", "@0 512p r|w private|anonymous|fixed",
                "@1 512p r|w private|anonymous|fixed|hugetlb", "@512 1p r private|anonymous|fixed|hugetlb",
                "@0 512p r|w private|anonymous|fixed|hugetlb|growsdown", "@0 512p r|w private|anonymous|fixed|hugetlb|locked",
                "@0 512p r|w shared|anonymous|fixed|hugetlb|populate", "@0 512p r|w droppable|anonymous|fixed|hugetlb")) {
            calls.add("mmap " + map);
        }
        List<List<String>> programs = new ArrayList<>();
        for (String kind : List.of("private|anonymous|fixed|hugetlb", "shared|anonymous|fixed|hugetlb",
                "private|anonymous|fixed|hugetlb|noreserve", "shared|anonymous|fixed|hugetlb|noreserve")) {
            for (String call : calls) {
                programs.add(List.of("mmap @0 1024p r|w " + kind, "write @0 8p", call, "read @0 8p", "read @512 8p", "write @512 8p"));
            }
        }
        return programs;
    }

    /// All of them but those that call something to be avoided.
    public static List<SyscallProgram> all(KnownDifferences avoided) {
        List<Call> calls = OTHERS.stream().map(Call::parse).distinct()
                .filter(call -> Confinement.permits(call) && Confinement.sparesTheRest(call) && Confinement.canBeUndone(call)).toList();
        List<SyscallProgram> programs = new ArrayList<>();
        for (List<String> program : huge()) {
            List<Call> parsed = program.stream().map(Call::parse).toList();
            if (parsed.stream().allMatch(call -> Confinement.permits(call) && avoided.reason(call) == null)) {
                programs.add(new SyscallProgram(parsed));
            }
        }
        for (List<String> mapping : MAPPINGS.values()) {
            List<Call> before = mapping.stream().map(Call::parse).toList();
            for (Call call : calls) {
                List<Call> program = new ArrayList<>(before);
                program.add(call);
                // What it has done to the pages shows in what they are like to use.
                program.add(Call.parse("read @8 8p"));
                program.add(Call.parse("write @8 8p"));
                if (program.stream().allMatch(each -> avoided.reason(each) == null)) {
                    programs.add(new SyscallProgram(program));
                }
            }
        }
        return programs;
    }
}
