package io.janklab.workloads.input;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks into a compiled class of the user's own for what no policy may do: end the program, write where results are printed, or decide by
/// what differs from run to run, or change the machine. What it cannot see, such as a static list that is changed, `--verify` may show.
final class OwnCode {
    private static final String INITIALIZER = "<clinit>";
    private static final String CONSTRUCTOR = "<init>";
    private static final Map<String, Set<String>> ENDS = Map.of(
            "java/lang/System", Set.of("exit"),
            "java/lang/Runtime", Set.of("exit", "halt"));
    private static final Map<String, Set<String>> DIFFERS = Map.of(
            "java/lang/System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode"),
            "java/lang/Math", Set.of("random"),
            "java/util/concurrent/ThreadLocalRandom", Set.of("current"),
            "java/util/UUID", Set.of("randomUUID"),
            "java/time/Instant", Set.of("now"),
            "java/time/Clock", Set.of("systemUTC", "systemDefaultZone"));
    /// Methods of the kernel's that change something and return a value.
    private static final Set<String> CHANGES = Set.of("wake", "blockUntil", "blockUninterruptible");
    private static final Set<String> THREADS = Set.of("start", "startVirtualThread", "sleep");

    private final ClassModel code;
    private String method = "";
    private int line;

    private OwnCode(ClassModel code) {
        this.code = code;
    }

    /// What is found first.
    ///
    /// @param source the name of its file, without folder
    /// @param line   in it; 0 if unknown
    record Found(String source, int line, String sentence) {}

    /// @param octets of its class file
    static Optional<Found> search(byte[] octets) {
        return new OwnCode(ClassFile.of().parse(octets)).search();
    }

    private Optional<Found> search() {
        for (MethodModel each : code.methods()) {
            method = each.methodName().stringValue();
            line = 0;
            for (var element : each.code().map(Iterable.class::cast).orElse(Set.of())) {
                Optional<String> wrong = switch (element) {
                    case LineNumber number -> {
                        line = number.line();
                        yield Optional.empty();
                    }
                    case InvokeInstruction call -> called(call.owner().asInternalName(), call.name().stringValue(),
                            call.type().stringValue());
                    case InvokeDynamicInstruction made ->
                            made.bootstrapArgs().stream().flatMap(given -> ofHandle(given).stream()).findFirst();
                    case FieldInstruction field -> touched(field);
                    default -> Optional.empty();
                };
                if (wrong.isPresent()) {
                    return Optional.of(new Found(source(), line, inWords() + " " + wrong.get()));
                }
            }
        }
        return Optional.empty();
    }

    private String source() {
        return code.findAttribute(Attributes.sourceFile()).map(SourceFileAttribute::sourceFile).map(Object::toString).orElse("?");
    }

    private String inWords() {
        return switch (method) {
            case CONSTRUCTOR -> "the constructor";
            case INITIALIZER -> "the static initializer";
            default -> method.startsWith("lambda$") ? "a lambda" : method;
        };
    }

    /// `System::exit` as an argument.
    private static Optional<String> ofHandle(Object given) {
        return given instanceof DirectMethodHandleDesc handle
                ? called(internalName(handle.owner().descriptorString()), handle.methodName(), handle.lookupDescriptor())
                : Optional.empty();
    }

    private static String internalName(String descriptor) {
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private static Optional<String> called(String owner, String name, String descriptor) {
        String simple = owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
        if (ENDS.getOrDefault(owner, Set.of()).contains(name)) {
            return Optional.of("calls " + simple + ", which would end janklab: a policy throws an exception instead.");
        }
        boolean unseeded = owner.equals("java/util/Random") && name.equals(CONSTRUCTOR) && descriptor.equals("()V");
        if (unseeded || owner.equals("java/security/SecureRandom") || DIFFERS.getOrDefault(owner, Set.of()).contains(name)) {
            return Optional.of("asks " + (name.equals(CONSTRUCTOR) ? "a Random without a seed" : simple)
                    + ", which differs from run to run: the same seed must have the same result.");
        }
        if (owner.equals("java/lang/reflect/Method") && name.equals("invoke")) {
            return Optional.of("calls " + simple + ": a policy makes plain calls, so that it can be seen what it does.");
        }
        if (owner.equals("java/lang/Thread") && THREADS.contains(name)) {
            return Optional.of("calls " + simple + ": a policy decides in the simulation's own thread, without threads or time of the "
                    + "host's.");
        }
        if (owner.startsWith("io/janklab/kernel/") && !name.equals(CONSTRUCTOR) && (descriptor.endsWith(")V") || CHANGES.contains(name))) {
            return Optional.of("calls " + simple + ", which changes the machine: a policy decides at once and changes nothing.");
        }
        return Optional.empty();
    }

    private Optional<String> touched(FieldInstruction field) {
        String owner = field.owner().asInternalName();
        String name = field.name().stringValue();
        if (owner.equals("java/lang/System") && name.equals("out")) {
            return Optional.of("writes to System.out, which is for janklab's results: System.err is for yours.");
        }
        if (field.opcode() == Opcode.PUTSTATIC && !method.equals(INITIALIZER)) {
            return Optional.of("changes the static field " + name + ", which runs under way at once share: make it a field of each "
                    + "policy.");
        }
        return Optional.empty();
    }
}
